internal import Workloads

extension [FusedLayer] {
  /// Makes one workload of each SplitSR block: a convolution of the first channels of a map, and the concat
  /// of the other channels and its result.
  mutating func fuseSplitBlocks(shapes: [MapShape]) {
    var uses: [Int: Int] = [:]
    var places: [Int: Int] = [:]
    for (place, layer) in enumerated() {
      places[layer.output] = place
      for value in layer.inputs { uses[value, default: 0] += 1 }
      if case .convolution(let it) = layer.kind, let residual = it.residual {
        uses[residual.value, default: 0] += 1
      }
    }
    func once(_ value: Int) -> FusedLayer? {
      uses[value] == 1 ? places[value].map { self[$0] } : nil
    }
    var replaced: Set<Int> = []
    for place in indices {
      let concat = self[place]
      guard case .concat = concat.kind, concat.inputs.count == 2,
        let passing = once(concat.inputs[0]), case .slice(let first) = passing.kind,
        let active = once(concat.inputs[1]), case .convolution(var it) = active.kind,
        let source = once(active.inputs[0]), case .slice(first: 0) = source.kind,
        source.inputs == passing.inputs, first == it.layer.inputs,
        first + shapes[passing.output].channels == shapes[source.inputs[0]].channels,
        it.canPass(shapes[passing.output].channels)
      else { continue }
      it.passing = shapes[passing.output].channels
      self[place] = FusedLayer(
        kind: .convolution(it), inputs: source.inputs, output: concat.output,
        names: source.names + passing.names + active.names + concat.names)
      for value in [passing.output, active.output, source.output] {
        if let place = places[value] { replaced.insert(place) }
      }
    }
    self = enumerated().filter { !replaced.contains($0.offset) }.map(\.element)
  }
}

extension FusedConvolution {
  /// Whether a workload can copy other channels beside it.
  fileprivate func canPass(_ channels: Int) -> Bool {
    layer.stride == 1 && layer.groups == 1 && layer.pruning == nil && layer.inputs % 4 == 0
      && channels % 4 == 0 && residual == nil && shuffle == 1
  }
}
