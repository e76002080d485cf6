import Networks
import Workloads

/// Numbers in -1..<1, the same for the same seed.
func random(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 23) - 1
  }
}

extension Graph {
  /// Small graphs that have every layer between them.
  static func ofEveryLayer() throws -> [Graph] {
    [
      try convolutions(), try transposedConvolutions(), try activations(), try channels(),
      try rearrangements(), Graph(name: "empty", input: MapShape(channels: 3, height: 2, width: 2)),
    ]
  }

  private mutating func appendConvolution(
    _ value: Value, to outputs: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1,
    pruning: Pruning? = nil
  ) throws -> Value {
    let inputs = self[value].channels
    let count = outputs * inputs / groups * kernel * kernel
    return try append(
      .convolution(
        ConvolutionLayer(
          kernel: kernel, inputs: inputs, outputs: outputs, stride: stride, groups: groups,
          weights: Parameters(random(count, seed: UInt64(nodes.count + 1))),
          bias: kernel == 1 ? nil : Parameters(random(outputs, seed: 3)), pruning: pruning)), value)
  }

  private static func convolutions() throws -> Graph {
    var graph = Graph(name: "convolutions", input: MapShape(channels: 3, height: 9, width: 7))
    var value = try graph.appendConvolution(graph.input, to: 8, kernel: 5)
    value = try graph.appendConvolution(value, to: 8, groups: 8)
    value = try graph.appendConvolution(value, to: 12, groups: 4)
    value = try graph.appendConvolution(value, to: 16, kernel: 1)
    value = try graph.appendConvolution(
      value, to: 16, pruning: Pruning(.pattern(.default), rate: 2))
    value = try graph.appendConvolution(value, to: 16, pruning: Pruning(.blockPunched, rate: 3))
    value = try graph.appendConvolution(
      value, to: 5, kernel: 5, pruning: Pruning(.unstructured, rate: 4))
    _ = try graph.appendConvolution(value, to: 6, stride: 2)
    return graph
  }

  private static func transposedConvolutions() throws -> Graph {
    var graph = Graph(name: "transposed", input: MapShape(channels: 3, height: 4, width: 3))
    for (kernel, stride, padding) in [(9, 3, 4), (2, 2, 0), (3, 1, 1), (1, 2, 0), (4, 2, 3)] {
      let inputs = graph[graph.output].channels
      try graph.append(
        .transposedConvolution(
          TransposedConvolutionLayer(
            kernel: kernel, inputs: inputs, outputs: 4, stride: stride, padding: padding,
            weights: Parameters(random(inputs * 4 * kernel * kernel, seed: 5)),
            bias: stride == 1 ? nil : Parameters(random(4, seed: 6)))), graph.output)
    }
    return graph
  }

  private static func activations() throws -> Graph {
    var graph = Graph(name: "activations", input: MapShape(channels: 4, height: 3, width: 5))
    let layers: [Layer] = [
      .affine(scale: Parameters(random(4, seed: 1)), shift: Parameters(random(4, seed: 2))),
      .activation(.leakyRelu(slope: 0.3)), .activation(.prelu(slopes: Parameters([0.5]))),
      .activation(.tanh), .activation(.prelu(slopes: Parameters(random(4, seed: 4)))),
      .activation(.clip(minimum: -0.3, maximum: 0.4)), .activation(.sigmoid),
      .affine(scale: Parameters([1, 2, -3, 4]), shift: Parameters([-1, 0, 1, 1])),
      .activation(.relu),
    ]
    for layer in layers { try graph.append(layer, graph.output) }
    return graph
  }

  private static func channels() throws -> Graph {
    var graph = Graph(name: "channels", input: MapShape(channels: 6, height: 3, width: 5))
    let part = try graph.append(.slice(first: 2, count: 3), graph.input)
    let mixed = try graph.append(.select([5, 0, 0]), graph.input)
    let sum = try graph.append(.add, part, mixed)
    let product = try graph.append(.multiply, sum, part)
    let gate = try graph.append(.globalAveragePool, product)
    let gated = try graph.append(.multiply, product, gate, name: "gate")
    // Names that are taken.
    try graph.append(.concat, gated, graph.input, part, name: "input")
    let output = try graph.append(.select([3, 1, 4, 1, 5]), graph.output, name: "gate")
    try graph.append(.activation(.relu), output, name: "unused")
    graph.output = output
    return graph
  }

  private static func rearrangements() throws -> Graph {
    var graph = Graph(name: "rearrangements", input: MapShape(channels: 3, height: 6, width: 4))
    let apart = try graph.append(.pixelUnshuffle(factor: 2), graph.input)
    try graph.append(.pixelShuffle(factor: 2), graph.append(.activation(.relu), apart))
    try graph.append(.resize(.bilinear, factor: 3), graph.output)
    try graph.append(.resize(.nearest, factor: 2), graph.output)
    return graph
  }
}
