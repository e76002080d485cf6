public import Tables
public import Workloads
public import XNNPACK

/// A workload as operators of XNNPACK, one after the other, on maps in `[height, width, channels]`.
public struct HostOperators {
  /// One operator.
  enum Stage: Hashable {
    case convolution(Convolution, clamped: Bool)
    case prelu, sigmoid
    case addResidual(clamped: Bool)
    case depthToSpace(Int)
    case add, concatenate, globalAveragePooling, resizeBilinear
    /// The input times another operand.
    case multiply(Operand)

    /// The operator's name in XNNPACK.
    var name: String {
      switch self {
      case .convolution(let it, _):
        it.isDepthwise ? "depthwise_convolution_2d" : "convolution_2d"
      case .prelu: "prelu"
      case .sigmoid: "sigmoid"
      case .addResidual, .add: "add2"
      case .depthToSpace: "depth_to_space"
      case .multiply: "multiply2"
      case .concatenate: "concatenate2"
      case .globalAveragePooling: "global_average_pooling_2d"
      case .resizeBilinear: "static_resize_bilinear_2d"
      }
    }
  }

  let workload: Workload
  let stages: [Stage]
  /// What clamping stages clamp to.
  private var range = Subgraph.Range()
  /// The order of channels before pixels are shuffled.
  private var order = ChannelOrder(factor: 1)

  /// - Throws: Why XNNPACK has no operators for it.
  public init(_ workload: Workload) throws(Failure) {
    self.workload = workload
    switch workload.operation {
    case .convolution(let it):
      range = Subgraph.Range(it.activation)
      order = ChannelOrder(factor: it.shuffle)
      try Self.require(it)
      let activation: [Stage] =
        switch it.activation {
        case .prelu: [.prelu]
        case .sigmoid: [.sigmoid]
        default: []
        }
      let first = Stage.convolution(it, clamped: it.residual != .beforeActivation)
      let middle: [Stage] =
        switch it.residual {
        case .none: activation
        case .afterActivation: activation + [.addResidual(clamped: false)]
        case .beforeActivation: [.addResidual(clamped: true)] + activation
        }
      stages = [first] + middle + (it.shuffle > 1 ? [.depthToSpace(it.shuffle)] : [])
    case .add: stages = [.add]
    case .pixelShuffle(let factor, _):
      order = ChannelOrder(factor: factor)
      stages = [.depthToSpace(factor)]
    case .concat: stages = [.concatenate]
    case .channelScale: stages = [.multiply(.scale)]
    case .multiply: stages = [.multiply(.second)]
    case .globalAveragePool: stages = [.globalAveragePooling]
    case .resize(.bilinear, let factor, _):
      guard factor.nonzeroBitCount == 1 else {
        throw Failure(
          .unsupported,
          "XNNPACK rounds the places it interpolates at; they are exact for a factor of 2, 4 or 8, "
            + "not \(factor)")
      }
      stages = [.resizeBilinear]
    case .resize(.nearest, _, _), .copy:
      throw Failure(.unsupported, "XNNPACK's graphs have no '\(workload.words[0])'")
    }
  }

  private static func require(_ it: Convolution) throws(Failure) {
    if it.activation == .tanh {
      throw Failure(.unsupported, "XNNPACK's graphs have no 'tanh'")
    }
    if it.passing != 0 {
      throw Failure(.unsupported, "XNNPACK's convolutions let no channels pass")
    }
    if it.groups != 1, it.shuffle != 1 {
      throw Failure(
        .unsupported,
        "XNNPACK's depth to space takes channels in another order, across the convolution's groups")
    }
  }

  /// The order that an activation's channels must have.
  public func order(of operand: Operand) -> ChannelOrder {
    switch (operand, workload.operation) {
    case (.residual, _), (.input, .pixelShuffle): order
    default: ChannelOrder(factor: 1)
    }
  }

  /// Adds the operators to a graph.
  ///
  /// - Parameters:
  ///   - operands: Every activation that is read, its channels in the order of ``order(of:)``.
  ///   - parameter: Learned numbers by place in an operand.
  public func define(
    in graph: Subgraph, _ operands: [Operand: Subgraph.Value], output: Subgraph.Value,
    parameter: (Operand, Int) -> Float
  ) throws(XNNPACKError) {
    guard var value = operands[.input] else { throw XNNPACKError(missing: "an input") }
    // Everything before the pixels are shuffled has the shape of the convolution's result.
    let (shape, factor) = (workload.outputShape, order.factor)
    let before = MapShape(
      channels: shape.channels * factor * factor, height: shape.height / factor,
      width: shape.width / factor)
    for (index, stage) in stages.enumerated() {
      let isLast = index == stages.count - 1
      let result = isLast ? output : try graph.intermediate(before.channelsLast)
      try define(stage, graph, operands, value, result, parameter)
      value = result
    }
  }

  private func define(
    _ stage: Stage, _ graph: Subgraph, _ operands: [Operand: Subgraph.Value],
    _ input: Subgraph.Value, _ output: Subgraph.Value, _ parameter: (Operand, Int) -> Float
  ) throws(XNNPACKError) {
    func operand(_ operand: Operand) throws(XNNPACKError) -> Subgraph.Value {
      guard let value = operands[operand] else { throw XNNPACKError(missing: operand.rawValue) }
      return value
    }
    switch stage {
    case .convolution(let it, let clamped):
      try define(it, clamped ? range : Subgraph.Range(), graph, input, output, parameter)
    case .prelu:
      let channels = workload.outputShape.channels * order.factor * order.factor
      try graph.prelu(input, slopes: perChannel(.slopes, channels, graph, parameter), output)
    case .addResidual(let clamped):
      try graph.add(
        input, operand(.residual), output, range: clamped ? range : Subgraph.Range())
    case .add: try graph.add(input, operand(.second), output)
    case .concatenate: try graph.concatenate(input, operand(.second), output)
    case .multiply(let other): try graph.multiply(input, operand(other), output)
    case .sigmoid: try graph.sigmoid(input, output)
    case .resizeBilinear:
      let shape = workload.outputShape
      try graph.resizeBilinear(input, output, height: shape.height, width: shape.width)
    case .globalAveragePooling: try graph.globalAveragePooling(input, output)
    case .depthToSpace(let factor): try graph.depthToSpace(input, output, factor: factor)
    }
  }

  private func define(
    _ it: Convolution, _ range: Subgraph.Range, _ graph: Subgraph, _ input: Subgraph.Value,
    _ output: Subgraph.Value, _ parameter: (Operand, Int) -> Float
  ) throws(XNNPACKError) {
    let k = it.kernel
    let window = Subgraph.Window(kernel: k, stride: it.stride, padding: k / 2)
    let bias = try perChannel(.bias, it.outputs, graph, parameter)
    if it.isDepthwise {
      let filter = Tensor(count: k * k * it.inputs) { index in
        parameter(.weights, index % it.inputs * k * k + index / it.inputs)
      }
      try graph.depthwise(
        input, filter: graph.constant([1, k, k, it.inputs], filter), bias: bias, output, window,
        channels: it.inputs, range: range)
    } else {
      let inputs = it.inputsPerGroup
      let filter = Tensor(count: it.outputs * k * k * inputs) { index in
        let (place, inner) = index.quotientAndRemainder(dividingBy: k * k * inputs)
        let (tap, from) = inner.quotientAndRemainder(dividingBy: inputs)
        let channel = order.channel(at: place, of: it.outputs)
        return parameter(.weights, (channel * inputs + from) * k * k + tap)
      }
      try graph.convolution(
        input, filter: graph.constant([it.outputs, k, k, inputs], filter), bias: bias, output,
        window, groups: it.groups, inputs: inputs, outputs: it.outputs / it.groups, range: range)
    }
  }

  private func perChannel(
    _ operand: Operand, _ count: Int, _ graph: Subgraph, _ parameter: (Operand, Int) -> Float
  ) throws(XNNPACKError) -> Subgraph.Value {
    let tensor = Tensor(count: count) { parameter(operand, order.channel(at: $0, of: count)) }
    return try graph.constant([count], tensor)
  }
}

/// The order of channels that are about to become pixels. XNNPACK's depth to space takes them in another
/// order than pixel shuffle: what is learned is permuted for it once.
public struct ChannelOrder: Hashable, Sendable {
  /// Factor of the pixel shuffle; 1 for channels in their own order.
  public let factor: Int

  /// The channel of pixel shuffle that depth to space has at a place.
  public func channel(at place: Int, of count: Int) -> Int {
    let area = factor * factor
    guard area > 1 else { return place }
    let (block, channel) = place.quotientAndRemainder(dividingBy: count / area)
    return channel * area + block
  }
}

extension MapShape {
  /// Sizes of the map as XNNPACK has it: one image, its channels last.
  public var channelsLast: [Int] { [1, height, width, channels] }
}
