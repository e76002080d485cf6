import Execution
import Measurement
import Networks
import Statistics
import Tables
import Testing
import Workloads
import XNNPACK

/// Whole networks through XNNPACK, against their definition.
@Suite(.serialized) struct `A network on the processor` {
  private func check(_ network: LoweredNetwork, threads: Int = 1) throws {
    var random = SplitMix64(state: 9)
    let processor = try ProcessorNetwork(network, library: Library(), threads: threads)
    // The second image must not see anything of the first.
    for _ in 0..<2 {
      let image = (0..<network.shape(of: network.input).count).map { _ in
        Float.random(in: 0...1, using: &random)
      }
      let result = try processor.run(image)
      let expected = Evaluation.result(of: network, image)
      #expect(result.count == expected.count)
      for (found, value) in zip(result, expected) {
        #expect(abs(Double(found) - value) <= 1e-5 * max(1, abs(value)))
      }
    }
  }

  @Test(arguments: [1, 2]) func `gives what its layers give`(threads: Int) throws {
    var it = HandMade()
    let head = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 8, activation: .relu)), it.input)
    let wide = try it.append(
      .convolution(Convolution(kernel: 1, inputs: 8, outputs: 13, activation: .prelu)), head)
    let deep = try it.append(
      .convolution(
        Convolution(
          kernel: 3, inputs: 13, outputs: 13, groups: 13,
          activation: .clip(minimum: -0.5, maximum: 0.5))), wide)
    let body = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 13, outputs: 8, residual: .afterActivation)),
      deep, second: head)
    let tail = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 27, activation: .prelu, shuffle: 3)),
      body)
    try check(it.network(output: tail), threads: threads)
  }

  @Test func `shuffles pixels of maps that another layer reads too`() throws {
    var it = HandMade()
    let wide = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 12)), it.input)
    let shuffled = try it.append(.pixelShuffle(factor: 2, channels: 3), wide)
    let other = try it.append(
      .convolution(
        Convolution(
          kernel: 3, inputs: 12, outputs: 12, activation: .relu, residual: .beforeActivation,
          shuffle: 2)), wide, second: wide)
    let sum = try it.append(.add(channels: 3), shuffled, second: other)
    try check(it.network(output: sum))
  }

  @Test func `pays attention to channels`() throws {
    var it = HandMade()
    let wide = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 6, stride: 2)), it.input)
    let means = try it.append(.globalAveragePool(channels: 6), wide)
    let scale = try it.append(
      .convolution(Convolution(kernel: 1, inputs: 6, outputs: 6, activation: .relu)), means)
    let scaled = try it.append(.channelScale(channels: 6), wide, second: scale)
    try check(it.network(output: scaled))
  }

  @Test func `has zeros for weights that are pruned`() throws {
    var it = HandMade()
    let wide = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 8)), it.input)
    let pruned = try it.append(
      .convolution(
        Convolution(kernel: 3, inputs: 8, outputs: 8).pruned(.pattern(.default), rate: 1)), wide)
    try check(it.network(output: pruned))
  }

  @Test(arguments: [
    "wdsr-b:blocks=1,channels=8", "wdsr-a:blocks=1,channels=8", "edsr:blocks=1,channels=8",
    "rcan:groups=1,blocks=1,channels=16", "espcn:activation=relu", "abpn", "fsrcnn", "ecbsr",
    "sesr", "quicksrnet",
  ])
  func `gives what networks of the zoo give`(text: String) throws {
    let size = (text.contains(":") ? "," : ":") + "input=6x5"
    let graph = try NetworkDescription(parsing: text + size).graph()
    try check(LoweredNetwork(graph))
  }

  @Test
  func `reads parts of buffers that were written as such, and a buffer that is written again`()
    throws
  {
    var it = HandMade()
    let both = it.buffer(12)
    let first = LoweredNetwork.View(buffer: both.buffer, channels: 4)
    let second = LoweredNetwork.View(buffer: both.buffer, firstChannel: 4, channels: 8)
    try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 4)), it.input, to: first)
    try it.append(
      .convolution(Convolution(kernel: 1, inputs: 3, outputs: 8)), it.input, to: second)
    let middle = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 4, residual: .afterActivation)),
      second, second: first)
    try it.append(
      .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4)), middle, to: first)
    let end = try it.append(.add(channels: 4), first, second: middle)
    try check(it.network(output: end))
  }

  /// A network that joins, and one that cuts.
  private func views() throws -> [(LoweredNetwork, String)] {
    func parts(_ it: inout HandMade) -> [LoweredNetwork.View] {
      let both = it.buffer(8)
      return [0, 4].map {
        LoweredNetwork.View(buffer: both.buffer, firstChannel: $0, channels: 4)
      } + [both]
    }
    var joins = HandMade()
    let joined = parts(&joins)
    for part in joined[..<2] {
      try joins.append(
        .convolution(Convolution(kernel: 3, inputs: 3, outputs: 4)), joins.input, to: part)
    }
    let end = try joins.append(
      .convolution(Convolution(kernel: 1, inputs: 8, outputs: 3)), joined[2], name: "joining")
    var cuts = HandMade()
    let cut = parts(&cuts)
    try cuts.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 8)), cuts.input, to: cut[2])
    let sum = try cuts.append(.add(channels: 4), cut[0], second: cut[1], name: "cutting")
    return [(joins.network(output: end), "joining"), (cuts.network(output: sum), "cutting")]
  }

  @Test func `joins and cuts maps where XNNPACK can, and else names the layer`() throws {
    for (network, layer) in try views() {
      do {
        try check(network)
      } catch let failure as Failure {
        #expect(failure.kind == .unsupported)
        #expect(
          failure.reason.contains("layer \(layer): this version of XNNPACK has no xnn_define"))
      }
    }
  }

  @Test func `runs frame after frame, and counts its memory`() throws {
    var it = HandMade()
    let end = try it.append(
      .convolution(Convolution(kernel: 3, inputs: 3, outputs: 3)), it.input)
    let processor = try ProcessorNetwork(it.network(output: end), library: Library(), threads: 1)
    let image = it.numbers(105)
    let once = try processor.run(image)
    let time = try processor.run(length: 3, watchdogNanoseconds: 1e9)
    #expect(time.nanoseconds > 0)
    #expect(try processor.result() == once)
    #expect(processor.memoryBytes > (81 + 3) * 4 + 2 * 105 * 4)
    #expect(processor.operators == ["convolution_2d"])
  }

  @Test func `says what is wrong with its image, its buffers and its numbers`() throws {
    let library = try Library()
    var it = HandMade()
    let empty = it.buffer(3)
    let end = try it.append(.add(channels: 3), it.input, second: empty, name: "sum")
    let gap = #expect(throws: Failure.self) {
      try ProcessorNetwork(it.network(output: end), library: library, threads: 1)
    }
    #expect(gap?.reason.contains("layer sum: a graph lacks channels 0..<3 of buffer 1") == true)

    var good = HandMade()
    let output = try good.append(
      .convolution(Convolution(kernel: 1, inputs: 3, outputs: 3)), good.input, name: "conv")
    let network = good.network(output: output)
    let processor = try ProcessorNetwork(network, library: library, threads: 1)
    let image = #expect(throws: Failure.self) { try processor.run([0, 1]) }
    #expect(image?.reason == "an image of 2 numbers for 105")

    let step = network.steps[0]
    let bare = LoweredNetwork.Step(
      workload: step.workload, views: step.views,
      parameters: [.bias: Parameters(repeating: 0, count: 3)], nodes: step.nodes)
    let numbers = #expect(throws: Failure.self) {
      try ProcessorNetwork(
        LoweredNetwork(
          name: "bare", steps: [bare], buffers: network.buffers, input: network.input,
          output: network.output, inputAffine: network.inputAffine),
        library: library, threads: 1)
    }
    #expect(numbers?.reason == "bare, layer conv: a graph lacks 9 weights")
  }
}
