internal import Workloads

extension Rewriting {
  /// The workloads of the graph in the order they run, every layer in exactly one of them.
  ///
  /// A convolution takes in what follows it as long as nothing else reads what lies between: one
  /// activation, one addition of a value that is there by then, one pixel shuffle.
  func fused() throws(InvalidGraph) -> [FusedLayer] {
    let order = order
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    var taken: Set<Int> = []
    var layers: [FusedLayer] = []
    for value in order where !taken.contains(value) {
      guard let node = nodes[value] else { continue }
      var layer = FusedLayer(
        kind: .concat, inputs: node.inputs, output: value, names: node.names)
      switch node.layer {
      case .convolution(let it): layer.kind = .convolution(FusedConvolution(it))
      case .affine(let scale, let shift):
        layer.kind = .convolution(FusedConvolution(ChannelAffine(scale, shift)))
      case .activation(let function):
        let channels = shapes[value].channels
        var identity = FusedConvolution(ChannelAffine(channels: channels))
        identity.activation = function
        layer.kind = .convolution(identity)
      case .add: layer.kind = .add
      case .multiply:
        layer.kind = shapes[node.inputs[1]] == shapes[value] ? .multiply : .channelScale
      case .concat: layer.kind = .concat
      case .slice(let first, _): layer.kind = .slice(first: first)
      case .pixelShuffle(let factor): layer.kind = .pixelShuffle(factor: factor)
      case .globalAveragePool: layer.kind = .globalAveragePool
      case .resize(let mode, let factor): layer.kind = .resize(mode, factor: factor)
      case .transposedConvolution, .select, .pixelUnshuffle:
        throw InvalidGraph(
          node: node.names.first ?? "", description: "\(node.layer.word) was not expanded")
      }
      takeIn(&layer, &taken) { (place[$0] ?? -1) < (place[value] ?? 0) }
      layers.append(layer)
    }
    return layers
  }

  /// Lets a convolution take in what follows it.
  private func takeIn(
    _ layer: inout FusedLayer, _ taken: inout Set<Int>, isThere: (Int) -> Bool
  ) {
    guard case .convolution(var it) = layer.kind else { return }
    while let (value, node) = next(layer.output) {
      switch node.layer {
      case .activation(let function):
        guard it.take(function) else { return }
      case .add:
        let other = node.inputs[0] == layer.output ? node.inputs[1] : node.inputs[0]
        guard it.residual == nil, it.shuffle == 1, isThere(other) else { return }
        it.residual = (other, .afterActivation)
      case .pixelShuffle(let factor):
        guard it.shuffle == 1, it.layer.groups == 1, it.layer.stride == 1 else { return }
        it.shuffle = factor
      default: return
      }
      taken.insert(value)
      layer.kind = .convolution(it)
      layer.output = value
      layer.names += node.names
    }
  }
}
