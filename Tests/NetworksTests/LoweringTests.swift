import Networks
import Testing
import Workloads

@Suite struct LoweringTests {
  @Test func aWDSRBlockTakesInActivationsAndTheResidual() throws {
    var graph = Graph(name: "wdsr", input: MapShape(channels: 3, height: 9, width: 16))
    let image = try graph.append(.affine(scale: .ones(3), shift: .some(3)), graph.input)
    let head = try graph.convolve(image, to: 32)
    let wide = try graph.append(.activation(.relu), graph.convolve(head, to: 192, kernel: 1))
    let thin = try graph.convolve(wide, to: 25, kernel: 1)
    let body = try graph.append(.add, graph.convolve(thin, to: 32), head)
    let tail = try graph.convolve(body, to: 48)
    let sum = try graph.append(.add, tail, graph.convolve(image, to: 48, kernel: 5))
    let up = try graph.append(.pixelShuffle(factor: 4), sum)
    try graph.append(.affine(scale: .ones(3), shift: .some(3)), up)
    let lowered = try LoweredNetwork(graph)
    #expect(
      lowered.steps.map(\.workload.name) == [
        "conv3x3 3->32 9x16", "conv1x1 32->192 9x16 relu", "conv1x1 192->25 9x16",
        "conv3x3 25->32 9x16 residual", "conv3x3 32->48 9x16",
        "conv5x5 3->48 9x16 residual shuffle4",
      ])
    // The shift before the network goes to the image, the one behind it into a bias.
    #expect(lowered.inputAffine.map(\.shift) == [0.25, 0.25, 0.25])
    let bias = try #require(lowered.steps.last?.parameters[.bias]?.values)
    #expect(bias == [Float](repeating: 0.25, count: 48))
    #expect(lowered.buffers.count == 7)
    #expect(lowered.outputShape == MapShape(channels: 3, height: 36, width: 64))
  }

  @Test func concatsAreStoredInPlaceAndSlicesReadThere() throws {
    var graph = Graph(name: "concat", input: MapShape(channels: 16, height: 8, width: 8))
    let first = try graph.convolve(graph.input, to: 8)
    let second = try graph.convolve(first, to: 12)
    let both = try graph.append(.concat, first, second)
    let part = try graph.append(.slice(first: 4, count: 12), both)
    try graph.append(.add, graph.convolve(part, to: 20, kernel: 1), both)
    let lowered = try LoweredNetwork(graph)
    #expect(
      lowered.steps.map(\.workload.name) == [
        "conv3x3 16->8 8x8", "conv3x3 8->12 8x8", "conv1x1 12->20 8x8 residual",
      ])
    let whole = try #require(lowered.steps[2].views[.residual])
    #expect(whole.channels == 20)
    #expect(lowered.steps[0].views[.output]?.buffer == whole.buffer)
    #expect(lowered.steps[1].views[.output]?.firstChannel == 8)
    #expect(lowered.steps[2].views[.input]?.firstChannel == 4)
  }

  @Test func aValueOfTwoConcatsIsCopiedToTheSecond() throws {
    var graph = Graph(name: "concats", input: MapShape(channels: 8, height: 8, width: 8))
    let a = try graph.convolve(graph.input, to: 8)
    let b = try graph.convolve(graph.input, to: 8)
    let ab = try graph.append(.concat, a, b)
    let ba = try graph.append(.concat, b, a)
    try graph.append(.add, ab, ba)
    let lowered = try LoweredNetwork(graph)
    #expect(lowered.steps.count == 5)
    #expect(lowered.steps.filter { $0.workload.name == "copy 8 8x8" }.count == 2)
  }

  @Test func aSplitBlockIsOneWorkloadOrItsParts() throws {
    var graph = Graph(name: "split", input: MapShape(channels: 16, height: 8, width: 8))
    let active = try graph.append(.slice(first: 0, count: 4), graph.input)
    let passive = try graph.append(.slice(first: 4, count: 12), graph.input)
    let result = try graph.append(.activation(.relu), graph.convolve(active, to: 4))
    try graph.append(.concat, passive, result)
    #expect(
      try LoweredNetwork(graph).steps.map(\.workload.name) == ["conv3x3 4->4 8x8 relu passing12"])
    #expect(
      try LoweredNetwork(graph, fusingSplitBlocks: false).steps.map(\.workload.name)
        == ["conv3x3 4->4 8x8 relu", "copy 12 8x8"])
  }

  @Test func aTransposedConvolutionIsOneWithAPixelShuffleStore() throws {
    var graph = Graph(name: "up", input: MapShape(channels: 4, height: 5, width: 6))
    let weights = Parameters((0..<4 * 81).map { Float($0) })
    try graph.append(
      .transposedConvolution(
        TransposedConvolutionLayer(
          kernel: 9, inputs: 4, outputs: 1, stride: 3, padding: 3, weights: weights, bias: nil)),
      graph.input)
    let step = try #require(try LoweredNetwork(graph).steps.first)
    #expect(step.workload.name == "conv3x3 4->9 5x6 shuffle3")
    // Every weight has exactly one place.
    let placed = try #require(step.parameters[.weights]?.values)
    #expect(placed.sorted() == weights.values.sorted())
  }

  @Test func selectionsFoldIntoWeights() throws {
    var graph = Graph(name: "shuffle", input: MapShape(channels: 4, height: 4, width: 4))
    let turned = try graph.append(.select([3, 2, 1, 0]), graph.input)
    let weights = Parameters([1, 2, 3, 4])
    try graph.append(
      .convolution(
        ConvolutionLayer(kernel: 1, inputs: 4, outputs: 1, weights: weights, bias: nil)), turned)
    let step = try #require(try LoweredNetwork(graph).steps.first)
    #expect(step.parameters[.weights]?.values == [4, 3, 2, 1])
    // A repetition has nothing to fold into: it is a convolution itself.
    var repeated = Graph(name: "repeat", input: MapShape(channels: 1, height: 4, width: 4))
    try repeated.append(.select([0, 0, 0, 0]), repeated.input)
    #expect(try LoweredNetwork(repeated).steps.map(\.workload.name) == ["conv1x1 1->4 4x4"])
  }

  @Test func groupsOfOddSizesAreDense() throws {
    var graph = Graph(name: "groups", input: MapShape(channels: 6, height: 4, width: 4))
    try graph.append(
      .convolution(
        ConvolutionLayer(
          kernel: 1, inputs: 6, outputs: 4, groups: 2,
          weights: Parameters((1...12).map(Float.init)),
          bias: nil)), graph.input)
    let step = try #require(try LoweredNetwork(graph).steps.first)
    #expect(step.workload.name == "conv1x1 6->4 4x4")
    let weights = try #require(step.parameters[.weights]?.values)
    #expect(Array(weights[0..<6]) == [1, 2, 3, 0, 0, 0])
    #expect(Array(weights[18..<24]) == [0, 0, 0, 10, 11, 12])
  }

  @Test func theReceptiveFieldCountsInPixelsOfTheImage() throws {
    var graph = Graph(name: "field", input: MapShape(channels: 1, height: 8, width: 8))
    let small = try graph.append(.pixelUnshuffle(factor: 2), graph.input)
    let seen = try graph.convolve(small, to: 4)
    try graph.append(.pixelShuffle(factor: 2), seen)
    #expect(graph.receptiveField == ReceptiveField(radius: 3, alignment: 2))
    var strided = Graph(name: "strided", input: MapShape(channels: 1, height: 8, width: 8))
    let half = try strided.append(
      .convolution(
        ConvolutionLayer(
          kernel: 3, inputs: 1, outputs: 4, stride: 2,
          weights: Parameters(repeating: 0.5, count: 36), bias: nil)), strided.input)
    try strided.append(.pixelShuffle(factor: 2), strided.convolve(half, to: 4))
    // A kernel of 3, one row that lies between, and a kernel of 3 twice as large.
    #expect(strided.receptiveField == ReceptiveField(radius: 4, alignment: 2))
    try graph.append(.globalAveragePool, graph.output)
    #expect(graph.receptiveField == nil)
  }

  @Test func aNetworkThatComputesNothingIsRefused() {
    let graph = Graph(name: "nothing", input: MapShape(channels: 1, height: 8, width: 8))
    #expect(throws: InvalidGraph.self) { try LoweredNetwork(graph) }
  }
}

extension Parameters {
  static func ones(_ count: Int) -> Parameters { Parameters(repeating: 1, count: count) }
  static func some(_ count: Int) -> Parameters { Parameters(repeating: 0.25, count: count) }
}

extension Graph {
  /// A convolution whose weights do not matter.
  mutating func convolve(
    _ value: Value, to outputs: Int, kernel: Int = 3
  ) throws(InvalidGraph) -> Value {
    let inputs = self[value].channels
    let count = outputs * inputs * kernel * kernel
    return try append(
      .convolution(
        ConvolutionLayer(
          kernel: kernel, inputs: inputs, outputs: outputs,
          weights: Parameters(repeating: 0.5, count: count), bias: nil)), value)
  }
}
