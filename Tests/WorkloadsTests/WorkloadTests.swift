import Testing
import Workloads

@Suite("A workload")
struct WorkloadTests {
  @Test(
    "has an output of the input's size over the stride, rounded up",
    arguments: [
      (1, 17, 33, 17, 33), (2, 17, 33, 9, 17), (2, 16, 32, 8, 16), (2, 1, 1, 1, 1),
      (1, 1, 1, 1, 1), (2, 2, 3, 1, 2),
    ])
  func samePadding(_ stride: Int, _ height: Int, _ width: Int, _ outHeight: Int, _ outWidth: Int)
    throws
  {
    for kernel in [1, 3, 5, 7] {
      let workload = try Workload(
        .convolution(Convolution(kernel: kernel, inputs: 3, outputs: 8, stride: stride)),
        height: height, width: width)
      #expect(
        workload.outputShape == MapShape(channels: 8, height: outHeight, width: outWidth))
    }
  }

  @Test("says the shapes of what it reads and writes")
  func shapes() throws {
    func shapes(_ operation: Operation) throws -> [String] {
      try Workload(operation, height: 5, width: 7).activations.map {
        "\($0.operand) \($0.shape.channels)x\($0.shape.height)x\($0.shape.width)"
      }
    }
    #expect(try shapes(.add(channels: 3)) == ["input 3x5x7", "second 3x5x7", "output 3x5x7"])
    #expect(
      try shapes(.pixelShuffle(factor: 3, channels: 2)) == ["input 18x5x7", "output 2x15x21"])
    #expect(
      try shapes(.concat(first: 3, second: 4)) == ["input 3x5x7", "second 4x5x7", "output 7x5x7"])
    #expect(
      try shapes(.channelScale(channels: 3)) == ["input 3x5x7", "scale 3x1x1", "output 3x5x7"])
    #expect(try shapes(.globalAveragePool(channels: 3)) == ["input 3x5x7", "output 3x1x1"])
    #expect(
      try shapes(
        .convolution(
          Convolution(
            kernel: 3, inputs: 2, outputs: 12, stride: 2, residual: .afterActivation, shuffle: 2)))
        == ["input 2x5x7", "residual 12x3x4", "output 3x6x8"])
    #expect(
      try shapes(.convolution(Convolution(kernel: 3, inputs: 16, outputs: 24, passing: 48)))
        == ["input 64x5x7", "output 72x5x7"])
    #expect(
      try shapes(.multiply(channels: 3)) == ["input 3x5x7", "second 3x5x7", "output 3x5x7"])
    #expect(
      try shapes(.resize(.nearest, factor: 3, channels: 2)) == ["input 2x5x7", "output 2x15x21"])
  }

  @Test("says how many parameters it reads")
  func parameters() throws {
    func parameters(_ convolution: Convolution) throws -> [String] {
      try Workload(.convolution(convolution), height: 5, width: 7).parameters.map {
        "\($0.operand) \($0.count)"
      }
    }
    #expect(
      try parameters(Convolution(kernel: 3, inputs: 2, outputs: 5)) == ["weights 90", "bias 5"])
    #expect(
      try parameters(Convolution(kernel: 5, inputs: 6, outputs: 6, groups: 6, activation: .prelu))
        == ["weights 150", "bias 6", "slopes 6"])
    #expect(try Workload(.add(channels: 3), height: 5, width: 7).parameters.isEmpty)
  }

  @Test("counts one multiply-accumulate for each weight and output pixel")
  func macs() throws {
    func macs(_ operation: Operation) throws -> Int {
      try Workload(operation, height: 180, width: 320).macs
    }
    #expect(
      try macs(.convolution(Convolution(kernel: 3, inputs: 32, outputs: 32))) == 530_841_600)
    #expect(
      try macs(.convolution(Convolution(kernel: 3, inputs: 32, outputs: 32, groups: 32)))
        == 16_588_800)
    #expect(
      try macs(.convolution(Convolution(kernel: 3, inputs: 32, outputs: 32, groups: 4)))
        == 530_841_600 / 4)
    #expect(
      try macs(.convolution(Convolution(kernel: 1, inputs: 192, outputs: 25))) == 276_480_000)
    #expect(
      try macs(.convolution(Convolution(kernel: 3, inputs: 16, outputs: 32, stride: 2)))
        == 66_355_200)
    #expect(
      try macs(
        .convolution(
          Convolution(
            kernel: 5, inputs: 3, outputs: 48, residual: .afterActivation, shuffle: 4)))
        == 207_360_000)
    #expect(try macs(.add(channels: 32)) == 0)
    #expect(try macs(.globalAveragePool(channels: 32)) == 0)
  }

  @Test("counts every operand once, channels padded to four")
  func bytes() throws {
    func bytes(_ operation: Operation) throws -> Int {
      try Workload(operation, height: 2, width: 3).bytes
    }
    // (8 + 4) * 6 elements of maps, 5 * 3 * 9 weights, 3 biases.
    #expect(try bytes(.convolution(Convolution(kernel: 3, inputs: 5, outputs: 3))) == 840)
    // (4 + 4 + 4) * 6 elements.
    #expect(try bytes(.add(channels: 1)) == 288)
    // Where channels are not padded, 3 * 6 elements.
    #expect(try Workload(.add(channels: 1), height: 2, width: 3).bytes(channelBlock: 1) == 72)
    // 12 * 6 elements in, 4 * 24 out.
    #expect(try bytes(.pixelShuffle(factor: 2, channels: 3)) == 672)
    // (4 + 4 + 8) * 6 elements.
    #expect(try bytes(.concat(first: 3, second: 3)) == 384)
    // 2 * 8 * 6 elements and 8 factors.
    #expect(try bytes(.channelScale(channels: 5)) == 416)
    // 8 * 6 elements and 8 means.
    #expect(try bytes(.globalAveragePool(channels: 5)) == 224)
  }

  @Test(
    "with an invalid shape is refused with a sentence about the part that is wrong",
    arguments: [
      (
        Operation.add(channels: 0), 1, 1, InvalidWorkload.Part.channels,
        "the number of channels is at least 1, not 0"
      ),
      (.add(channels: 1), 0, 1, .height, "the map's height is at least 1, not 0"),
      (.add(channels: 1), 1, -3, .width, "the map's width is at least 1, not -3"),
      (
        .add(channels: 1), 1, .max, .width,
        "the map's width is at most 1048576, not 9223372036854775807"
      ),
      (
        .channelScale(channels: .min), 1, 1, .channels,
        "the number of channels is at least 1, not -9223372036854775808"
      ),
      (
        .globalAveragePool(channels: 1 << 21), 1, 1, .channels,
        "the number of channels is at most 1048576, not 2097152"
      ),
      (
        .concat(first: 0, second: 1), 1, 1, .first,
        "the first number of channels is at least 1, not 0"
      ),
      (
        .concat(first: 1, second: 0), 1, 1, .second,
        "the second number of channels is at least 1, not 0"
      ),
      (
        .pixelShuffle(factor: 1, channels: 3), 1, 1, .factor,
        "a pixel-shuffle factor is 2, 3 or 4, not 1"
      ),
      (
        .pixelShuffle(factor: 2, channels: 0), 1, 1, .channels,
        "the number of channels is at least 1, not 0"
      ),
      (
        .convolution(Convolution(kernel: 3, inputs: 0, outputs: 1)), 1, 1, .inputs,
        "the number of input channels is at least 1, not 0"
      ),
      (
        .convolution(Convolution(kernel: 3, inputs: 1, outputs: 0)), 1, 1, .outputs,
        "the number of output channels is at least 1, not 0"
      ),
      (
        .convolution(Convolution(kernel: 2, inputs: 1, outputs: 1)), 1, 1, .kernel,
        "a kernel is odd and at most 31, not 2"
      ),
      (
        .convolution(Convolution(kernel: -1, inputs: 1, outputs: 1)), 1, 1, .kernel,
        "a kernel is odd and at most 31, not -1"
      ),
      (
        .convolution(Convolution(kernel: 33, inputs: 1, outputs: 1)), 1, 1, .kernel,
        "a kernel is odd and at most 31, not 33"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 1, outputs: 1, stride: 0)), 1, 1, .stride,
        "a stride is 1 or 2, not 0"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, groups: 0)), 1, 1, .groups,
        "groups are 1, equal to input and output channels (depthwise), or leave multiples of 4 channels "
          + "in each, unlike 0 for 4 -> 4"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, groups: 2)), 1, 1, .groups,
        "groups are 1, equal to input and output channels (depthwise), or leave multiples of 4 channels "
          + "in each, unlike 2 for 4 -> 4"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 8, groups: 4)), 1, 1, .groups,
        "groups are 1, equal to input and output channels (depthwise), or leave multiples of 4 channels "
          + "in each, unlike 4 for 4 -> 8"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 16, outputs: 16, groups: .max)), 1, 1, .groups,
        "groups are 1, equal to input and output channels (depthwise), or leave multiples of 4 channels "
          + "in each, unlike 9223372036854775807 for 16 -> 16"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 8, outputs: 24, groups: 2, shuffle: 2)), 1, 1,
        .shuffle,
        "a pixel-shuffle store of 2 needs a multiple of 16 output channels in each group, not 12"
      ),
      (
        .convolution(
          Convolution(kernel: 3, inputs: 8, outputs: 8, residual: .afterActivation, passing: 4)), 1,
        1, .passing,
        "channels pass a convolution of stride 1 without groups, residual and pixel-shuffle store only"
      ),
      (
        .convolution(Convolution(kernel: 3, inputs: 6, outputs: 8, passing: 4)), 1, 1, .passing,
        "channels pass in multiples of 4, behind a multiple of 4 input channels, not 4 behind 6"
      ),
      (
        .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8, passing: -4)), 1, 1, .passing,
        "the number of passing channels is at least 1, not -4"
      ),
      (
        .resize(.bilinear, factor: 9, channels: 3), 1, 1, .factor,
        "a resize has a factor of 2 to 8, not 9"
      ),
      (
        .multiply(channels: 0), 1, 1, .channels, "the number of channels is at least 1, not 0"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, shuffle: 5)), 1, 1, .shuffle,
        "a pixel-shuffle store has a factor of 2, 3 or 4, not 5"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, groups: 4, shuffle: 2)), 1, 1,
        .shuffle, "a depthwise convolution has no pixel-shuffle store"
      ),
      (
        .convolution(Convolution(kernel: 1, inputs: 4, outputs: 12, shuffle: 3)), 1, 1, .shuffle,
        "12 output channels do not divide by the 9 of a pixel-shuffle store of 3"
      ),
      (
        .convolution(
          Convolution(kernel: 1, inputs: 4, outputs: 4, activation: .clip(minimum: 1, maximum: 2))),
        1, 1, .activation, "a clip interval includes zero and is finite, unlike clip[1,2]"
      ),
      (
        .convolution(
          Convolution(
            kernel: 1, inputs: 4, outputs: 4, activation: .clip(minimum: 0, maximum: .infinity))),
        1, 1, .activation, "a clip interval includes zero and is finite, unlike clip[0,inf]"
      ),
      (
        .convolution(
          Convolution(
            kernel: 1, inputs: 4, outputs: 4, activation: .clip(minimum: 0, maximum: .nan))), 1, 1,
        .activation, "a clip interval includes zero and is finite, unlike clip[0,nan]"
      ),
    ])
  func invalid(
    _ operation: Operation, _ height: Int, _ width: Int, _ part: InvalidWorkload.Part,
    _ sentence: String
  ) {
    do throws(InvalidWorkload) {
      _ = try Workload(operation, height: height, width: width)
      Issue.record("\(operation) was accepted")
    } catch {
      #expect(error.part == part)
      #expect(error.description == sentence)
    }
  }

  @Test("of the largest sizes either has a cost that can be counted or is refused")
  func gigantic() throws {
    let large = 1 << 20
    let operations: [Operation] = [
      .convolution(Convolution(kernel: 31, inputs: large, outputs: large)),
      .convolution(
        Convolution(kernel: 1, inputs: 1, outputs: large, residual: .afterActivation, shuffle: 4)),
      .convolution(Convolution(kernel: 31, inputs: large, outputs: large, groups: large)),
      .add(channels: large), .pixelShuffle(factor: 4, channels: large),
      .concat(first: large, second: large), .channelScale(channels: large),
      .globalAveragePool(channels: large), .multiply(channels: large), .copy(channels: large),
      .resize(.bilinear, factor: 8, channels: large),
      .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4, passing: large)),
    ]
    for operation in operations {
      var sizes: Set<Int> = []
      for side in [1, 32, 1024, 4096, 65_536, large] {
        if let workload = try? Workload(operation, height: side, width: side) {
          sizes.insert(side)
          #expect(workload.macs >= 0)
          #expect(workload.bytes > 0)
        }
      }
      #expect(!sizes.contains(large), "\(operation)")
    }
    #expect(throws: Never.self) { try Workload(.add(channels: 64), height: 8192, width: 8192) }
  }

  @Test("without an activation adds a residual in one way only")
  func canonical() throws {
    func residual(_ residual: Residual) throws -> Workload {
      try Workload(
        .convolution(Convolution(kernel: 1, inputs: 1, outputs: 1, residual: residual)),
        height: 1, width: 1)
    }
    #expect(try residual(.beforeActivation) == residual(.afterActivation))
    #expect(try residual(.none) != residual(.afterActivation))
  }
}
