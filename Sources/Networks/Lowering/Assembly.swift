internal import Workloads

/// Fused layers, one after the other, as workloads between buffers.
struct Assembly {
  private(set) var steps: [LoweredNetwork.Step] = []
  var placement: Placement
  let input: LoweredNetwork.View
  private let shapes: [MapShape]

  init(_ layers: [FusedLayer], shapes: [MapShape], input: Int) {
    self.shapes = shapes
    placement = Placement(layers, shapes: shapes, input: input)
    self.input = placement.view(of: input)
  }

  /// Adds the workloads of a layer: one, none for a view, or several copies for a concat.
  mutating func append(_ layer: FusedLayer) throws(InvalidGraph) {
    let map = shapes[layer.inputs[0]]
    var others: [Operand: Int] = [:]
    var parameters: [Operand: Parameters] = [:]
    let operation: Operation
    switch layer.kind {
    case .slice: return
    case .concat: return try appendConcat(layer)
    case .convolution(let it):
      do throws(InvalidWorkload) { operation = .convolution(try it.convolution()) } catch {
        throw InvalidGraph(node: layer.names.first ?? "", description: error.description)
      }
      parameters = it.parameters
      if let residual = it.residual { others[.residual] = residual.value }
    case .add:
      operation = .add(channels: map.channels)
      others[.second] = layer.inputs[1]
    case .multiply:
      operation = .multiply(channels: map.channels)
      others[.second] = layer.inputs[1]
    case .channelScale:
      operation = .channelScale(channels: map.channels)
      others[.scale] = layer.inputs[1]
    case .globalAveragePool: operation = .globalAveragePool(channels: map.channels)
    case .pixelShuffle(let factor):
      operation = .pixelShuffle(factor: factor, channels: shapes[layer.output].channels)
    case .resize(let mode, let factor):
      operation = .resize(mode, factor: factor, channels: map.channels)
    }
    var views: [Operand: LoweredNetwork.View] = [
      .input: placement.view(of: layer.inputs[0]), .output: placement.view(of: layer.output),
    ]
    for (operand, value) in others { views[operand] = placement.view(of: value) }
    try append(operation, map, views, parameters, layer.names)
  }

  /// Copies what does not lie in its place. Where inputs do not begin with whole texels, they are joined
  /// two by two.
  private mutating func appendConcat(_ layer: FusedLayer) throws(InvalidGraph) {
    let map = shapes[layer.output]
    if layer.isAligned(shapes) {
      let whole = placement.view(of: layer.output)
      var channel = 0
      for value in layer.inputs {
        let channels = shapes[value].channels
        if !placement.lies(value, in: layer.output, at: channel) {
          let target = LoweredNetwork.View(
            buffer: whole.buffer, firstChannel: whole.firstChannel + channel, channels: channels)
          try append(
            .copy(channels: channels), map,
            [.input: placement.view(of: value), .output: target], [:], layer.names)
        }
        channel += channels
      }
      return
    }
    var joined = placement.view(of: layer.inputs[0])
    for (place, value) in layer.inputs.enumerated().dropFirst() {
      let channels = shapes[value].channels
      let target =
        place == layer.inputs.count - 1
        ? placement.view(of: layer.output)
        : placement.addBuffer(map.with(channels: joined.channels + channels))
      try append(
        .concat(first: joined.channels, second: channels), map,
        [.input: joined, .second: placement.view(of: value), .output: target], [:], layer.names)
      joined = target
    }
  }

  private mutating func append(
    _ operation: Operation, _ map: MapShape, _ views: [Operand: LoweredNetwork.View],
    _ parameters: [Operand: Parameters], _ names: [String]
  ) throws(InvalidGraph) {
    do throws(InvalidWorkload) {
      let workload = try Workload(operation, height: map.height, width: map.width)
      steps.append(
        LoweredNetwork.Step(
          workload: workload, views: views, parameters: parameters, nodes: names))
    } catch {
      throw InvalidGraph(node: names.first ?? "", description: error.description)
    }
  }
}
