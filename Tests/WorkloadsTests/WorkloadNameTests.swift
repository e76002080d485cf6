import Testing
import Workloads

@Suite("A workload's name")
struct WorkloadNameTests {
  @Test("is its own")
  func unique() {
    #expect(everyKind.count == 3 * (19 + 17 * 2 * 4))
    #expect(Set(everyKind).count == everyKind.count)
    #expect(Set(everyKind.map(\.name)).count == everyKind.count)
  }

  @Test(
    "reads like this",
    arguments: [
      (
        Operation.convolution(Convolution(kernel: 3, inputs: 32, outputs: 128, activation: .relu)),
        "conv3x3 32->128 180x320 relu"
      ),
      (
        .convolution(
          Convolution(
            kernel: 1, inputs: 3, outputs: 12, stride: 2, activation: .clip(minimum: 0, maximum: 1),
            residual: .afterActivation, shuffle: 2)),
        "conv1x1 3->12 180x320 stride2 clip[0,1] residual shuffle2"
      ),
      (
        .convolution(
          Convolution(
            kernel: 3, inputs: 8, outputs: 8, activation: .prelu, residual: .beforeActivation)),
        "conv3x3 8->8 180x320 residual prelu"
      ),
      (
        .convolution(Convolution(kernel: 5, inputs: 8, outputs: 8, groups: 8)),
        "depthwise5x5 8 180x320"
      ),
      (.add(channels: 3), "add 3 180x320"),
      (.pixelShuffle(factor: 2, channels: 3), "pixelshuffle2 12->3 180x320"),
      (.concat(first: 48, second: 16), "concat 48+16 180x320"),
      (.channelScale(channels: 64), "channelscale 64 180x320"),
      (.globalAveragePool(channels: 64), "globalaveragepool 64 180x320"),
      (.multiply(channels: 64), "multiply 64 180x320"),
      (.copy(channels: 64), "copy 64 180x320"),
      (.resize(.nearest, factor: 3, channels: 3), "nearest3 3 180x320"),
      (.resize(.bilinear, factor: 2, channels: 3), "bilinear2 3 180x320"),
      (
        .convolution(Convolution(kernel: 3, inputs: 64, outputs: 64, groups: 4)),
        "conv3x3 64->64 180x320 groups4"
      ),
      (
        .convolution(
          Convolution(kernel: 3, inputs: 16, outputs: 16, activation: .relu, passing: 48)),
        "conv3x3 16->16 180x320 relu passing48"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, activation: .sigmoid)),
        "conv1x1 4->4 180x320 sigmoid"
      ),
    ])
  func words(_ operation: Operation, _ name: String) throws {
    let workload = try Workload(operation, height: 180, width: 320)
    #expect(workload.name == name)
    #expect(workload.words.joined(separator: " ") == name)
    #expect("\(workload)" == name)
  }

  @Test("orders sizes as numbers, and any two workloads in one way")
  func order() throws {
    let channels = try [100, 9, 20].map { try Workload(.add(channels: $0), height: 9, width: 9) }
    #expect(channels.sorted().map(\.name) == ["add 9 9x9", "add 20 9x9", "add 100 9x9"])
    let sorted = everyKind.sorted()
    #expect(everyKind.reversed().sorted() == sorted)
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0 < $1 && !($1 < $0) })
    #expect(sorted.allSatisfy { !($0 < $0) })
  }
}

@Suite("A workload filter")
struct WorkloadFilterTests {
  private static let workload = try? Workload(
    .convolution(Convolution(kernel: 3, inputs: 32, outputs: 128, activation: .relu)),
    height: 180, width: 320)

  @Test(
    "matches when each of its words matches one of the name",
    arguments: [
      ("conv3x3 32->*", true), ("32->* conv3x3", true), ("conv3x3", true), ("CONV3X3 RELU", true),
      ("conv?x? *->128", true), ("*", true), ("**", true), ("180x320", true), ("  relu\t", true),
      ("*2*8", true), ("conv3x3*", true), ("conv5x5", false), ("conv3x3 relu prelu", false),
      ("conv", false), ("32", false), ("32->", false), ("?", false), ("prelu", false),
      ("64->*", false), ("relu?", false), ("*relu*x", false),
    ])
  func matches(_ pattern: String, _ expected: Bool) throws {
    let filter = try #require(WorkloadFilter(pattern))
    #expect(filter.matches(try #require(Self.workload)) == expected)
  }

  @Test("made of nothing does not exist", arguments: ["", "  ", "\n\t"])
  func empty(_ text: String) {
    #expect(WorkloadFilter(text) == nil)
  }

  @Test("full of stars ends soon")
  func stars() throws {
    let pattern = String(repeating: "*a", count: 2_000) + "b"
    let filter = try #require(WorkloadFilter(pattern))
    #expect(filter.matches(try #require(Self.workload)) == false)
  }

  @Test("of a workload's own name finds that workload", arguments: everyKind)
  func ownName(_ workload: Workload) throws {
    #expect(try #require(WorkloadFilter(workload.name)).matches(workload))
  }
}
