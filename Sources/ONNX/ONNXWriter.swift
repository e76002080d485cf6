internal import Networks
internal import SwiftProtobuf
internal import Workloads

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Writes a graph's layers as nodes of an ONNX model.
struct ONNXWriter {
  private static let opset: Int64 = 13
  /// The version of the format that came with opset 13.
  private static let format: Int64 = 7

  private(set) var model = Onnx_ModelProto()
  private let graph: Graph
  /// Names of feature maps.
  private var names: [String]
  private var taken: Set<String> = ["input", "output"]
  /// Names of learned numbers that several layers share.
  private var learned: [ObjectIdentifier: String] = [:]
  /// The name of the layer that is being written; its nodes and constants are named after it.
  private var layer = ""

  init(_ graph: Graph) {
    self.graph = graph
    names = graph.shapes.map { _ in "" }
    names[graph.input.index] = "input"
    names[graph.output.index] = "output"
    model.irVersion = Self.format
    model.producerName = "srprof"
    model.opsetImport = [.with { $0.version = Self.opset }]
    model.graph.name = graph.name
    model.graph.input = [Self.value("input", graph[graph.input])]
    model.graph.output = [Self.value("output", graph[graph.output])]
    if graph.output == graph.input {
      names[graph.input.index] = "input"
      add("Identity", ["input"], "output")
    }
  }

  /// Writes a layer.
  mutating func write(_ node: Graph.Node) throws(InvalidGraph) {
    layer = unique(node.name)
    if names[node.output.index].isEmpty { names[node.output.index] = unique(layer + "/result") }
    let inputs = node.inputs.map { names[$0.index] }
    let input = inputs[0]
    let output = names[node.output.index]
    let shape = graph[node.inputs[0]]
    switch node.layer {
    case .convolution(let it):
      do throws(InvalidWorkload) {
        if it.pruning != nil { _ = try it.convolution() }
      } catch {
        throw InvalidGraph(node: node.name, description: "\(error)")
      }
      write(it, input, output)
    case .transposedConvolution(let it): write(it, input, output)
    case .activation(let it): write(it, input, output)
    case .affine(let scale, let shift):
      let scaled = unique(layer + "/scaled")
      let factors = constant("scale", [scale.count, 1, 1], scale.values)
      add("Mul", [input, factors], scaled, name: unique(layer + "/scale"))
      add("Add", [scaled, constant("shift", [shift.count, 1, 1], shift.values)], output)
    case .add: add("Add", inputs, output)
    case .multiply: add("Mul", inputs, output)
    case .concat: add("Concat", inputs, output, [.integer("axis", 1)])
    case .slice(let first, let count):
      add(
        "Slice",
        [
          input, constant("start", list: [first]), constant("end", list: [first + count]),
          constant("axis", list: [1]),
        ], output)
    case .select(let channels):
      add(
        "Gather", [input, constant("channels", list: channels)], output, [.integer("axis", 1)])
    case .pixelShuffle(let factor):
      add(
        "DepthToSpace", [input], output, [.integer("blocksize", factor), .text("mode", "CRD")])
    case .pixelUnshuffle(let factor): writeUnshuffle(factor, shape, input, output)
    case .globalAveragePool: add("GlobalAveragePool", [input], output)
    case .resize(let interpolation, let factor):
      let factors = constant("factors", [4], [1, 1, Float(factor), Float(factor)])
      let isNearest = interpolation == .nearest
      add(
        "Resize", [input, "", factors], output,
        [
          .text("mode", isNearest ? "nearest" : "linear"),
          .text("coordinate_transformation_mode", isNearest ? "asymmetric" : "half_pixel"),
        ] + (isNearest ? [.text("nearest_mode", "floor")] : []))
    }
  }

  private mutating func write(_ it: ConvolutionLayer, _ input: String, _ output: String) {
    let dims = [it.outputs, it.inputs / it.groups, it.kernel, it.kernel]
    let bias = it.bias.map { parameters("bias", [it.outputs], $0) }
    add(
      "Conv",
      [input, weights(of: it, dims)] + (bias.map { [$0] } ?? []), output,
      [
        .integers("kernel_shape", [it.kernel, it.kernel]),
        .integers("strides", [it.stride, it.stride]), .integer("group", it.groups),
        .integers("pads", [Int](repeating: it.kernel / 2, count: 4)),
      ])
  }

  /// The result is `stride` times the input: rows and columns behind it are cut off by padding, those
  /// that are missing are added by output padding.
  private mutating func weights(of it: ConvolutionLayer, _ dims: [Int]) -> String {
    guard it.pruning != nil else { return parameters("weights", dims, it.weights) }
    // What each layer keeps is its own.
    return constant("weights", dims, it.keptWeights.values)
  }

  private mutating func write(
    _ it: TransposedConvolutionLayer, _ input: String, _ output: String
  ) {
    let missing = it.stride - (it.kernel - it.padding)
    let bias = it.bias.map { parameters("bias", [it.outputs], $0) }
    let weights = parameters(
      "weights", [it.inputs, it.outputs, it.kernel, it.kernel], it.weights)
    add(
      "ConvTranspose", [input, weights] + (bias.map { [$0] } ?? []), output,
      [
        .integers("kernel_shape", [it.kernel, it.kernel]),
        .integers("strides", [it.stride, it.stride]),
        .integers("pads", [it.padding, it.padding, max(-missing, 0), max(-missing, 0)]),
        .integers("output_padding", [max(missing, 0), max(missing, 0)]),
      ])
  }

  private mutating func write(_ it: Nonlinearity, _ input: String, _ output: String) {
    switch it {
    case .relu: add("Relu", [input], output)
    case .leakyRelu(let slope): add("LeakyRelu", [input], output, [.number("alpha", slope)])
    case .prelu(let slopes):
      add("PRelu", [input, parameters("slopes", [slopes.count, 1, 1], slopes)], output)
    case .clip(let minimum, let maximum):
      let limits = [constant("minimum", [], [minimum]), constant("maximum", [], [maximum])]
      add("Clip", [input] + limits, output)
    case .sigmoid: add("Sigmoid", [input], output)
    case .tanh: add("Tanh", [input], output)
    }
  }

  /// ONNX's SpaceToDepth puts the pixels of a block before the channels; PyTorch's order, which is
  /// ours, takes a transposition.
  private mutating func writeUnshuffle(
    _ factor: Int, _ shape: MapShape, _ input: String, _ output: String
  ) {
    let (rows, columns) = (shape.height / factor, shape.width / factor)
    let apart = unique(layer + "/apart")
    let moved = unique(layer + "/moved")
    let split = constant("split", list: [1, shape.channels, rows, factor, columns, factor])
    add("Reshape", [input, split], apart, name: unique(layer + "/split"))
    add(
      "Transpose", [apart], moved, [.integers("perm", [0, 1, 3, 5, 2, 4])],
      name: unique(layer + "/move"))
    let dims = [1, shape.channels * factor * factor, rows, columns]
    add("Reshape", [moved, constant("shape", list: dims)], output)
  }
}

extension ONNXWriter {
  private mutating func add(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [Onnx_AttributeProto] = [],
    name: String? = nil
  ) {
    let name = name ?? layer
    model.graph.node.append(
      .with {
        $0.name = name
        $0.opType = type
        $0.input = inputs
        $0.output = [output]
        $0.attribute = attributes
      })
  }

  /// What a layer learns: written once for all layers that share it.
  private mutating func parameters(
    _ word: String, _ dims: [Int], _ parameters: Parameters
  ) -> String {
    if let known = learned[parameters.identity] { return known }
    let name = constant(word, dims, parameters.values)
    learned[parameters.identity] = name
    return name
  }

  private mutating func constant(_ word: String, _ dims: [Int], _ values: [Float]) -> String {
    add(word, dims, .float, Data(values.flatMap { bytes(of: $0.bitPattern.littleEndian) }))
  }

  private mutating func constant(_ word: String, list: [Int]) -> String {
    add(word, [list.count], .int64, Data(list.flatMap { bytes(of: Int64($0).littleEndian) }))
  }

  private mutating func add(
    _ word: String, _ dims: [Int], _ type: Onnx_TensorProto.DataType, _ data: Data
  ) -> String {
    let name = unique("\(layer)/\(word)")
    model.graph.initializer.append(
      .with {
        $0.name = name
        $0.dims = dims.map { Int64($0) }
        $0.dataType = Int32(type.rawValue)
        $0.rawData = data
      })
    return name
  }

  /// The name, with a number if it is taken.
  private mutating func unique(_ name: String) -> String {
    var result = name
    var number = 2
    while !taken.insert(result).inserted {
      result = "\(name)_\(number)"
      number += 1
    }
    return result
  }

  private static func value(_ name: String, _ shape: MapShape) -> Onnx_ValueInfoProto {
    .with {
      $0.name = name
      $0.type.tensorType.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
      $0.type.tensorType.shape.dim = [1, shape.channels, shape.height, shape.width].map { size in
        .with { $0.dimValue = Int64(size) }
      }
    }
  }
}

extension Onnx_AttributeProto {
  fileprivate static func integer(_ name: String, _ value: Int) -> Self {
    .with {
      $0.name = name
      $0.type = .int
      $0.i = Int64(value)
    }
  }

  fileprivate static func integers(_ name: String, _ values: [Int]) -> Self {
    .with {
      $0.name = name
      $0.type = .ints
      $0.ints = values.map { Int64($0) }
    }
  }

  fileprivate static func number(_ name: String, _ value: Float) -> Self {
    .with {
      $0.name = name
      $0.type = .float
      $0.f = value
    }
  }

  fileprivate static func text(_ name: String, _ value: String) -> Self {
    .with {
      $0.name = name
      $0.type = .string
      $0.s = Data(value.utf8)
    }
  }
}

private func bytes<Number: FixedWidthInteger>(of number: Number) -> [UInt8] {
  withUnsafeBytes(of: number) { Array($0) }
}
