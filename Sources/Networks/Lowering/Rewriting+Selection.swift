internal import Workloads

extension Rewriting {
  /// Folds selections of channels into the convolutions before or after them; those that are left become
  /// slices or 1x1 convolutions.
  mutating func foldSelections() throws(InvalidGraph) {
    try untilStable { rewriting, value, node throws(InvalidGraph) in
      switch node.layer {
      case .select(let channels): try rewriting.fold(channels, value, node)
      case .slice(let first, let count) where !rewriting.isView(first, count, value):
        try rewriting.put(
          .select(Array(first..<first + count)), node.inputs, node.names, inPlaceOf: value)
      default: false
      }
    }
  }

  /// Whether a slice can be read where it lies: it begins with a texel and ends with one, or only
  /// convolutions read it, which ignore the rest of a texel.
  private func isView(_ first: Int, _ count: Int, _ value: Int) -> Bool {
    guard first % 4 == 0 else { return false }
    if count % 4 == 0 { return true }
    return value != output && users(of: value).allSatisfy { nodes[$0]?.isConvolution == true }
  }

  private mutating func fold(
    _ channels: [Int], _ value: Int, _ node: Node
  ) throws(InvalidGraph) -> Bool {
    let source = node.inputs[0]
    let available = shapes[source].channels
    if channels == Array(0..<available) {
      replace(value, by: source)
      return true
    }
    if let before = nodes[source], isUsedOnce(source), case .convolution(let it) = before.layer,
      it.groups == 1, it.pruning == nil, channels.count <= available
    {
      return try put(
        .convolution(it.selectingOutputs(channels)), before.inputs, before.names + node.names,
        inPlaceOf: value)
    }
    let users = Set(users(of: value))
    let isFoldable =
      value != output && !users.isEmpty
      && users.allSatisfy { user in
        guard case .convolution(let it) = nodes[user]?.layer else { return false }
        return it.groups == 1 && it.pruning == nil && channels.count >= available
      }
    guard isFoldable else {
      let first = channels[0]
      let isRun = channels == Array(first..<first + channels.count)
      if isRun, isView(first, channels.count, value) {
        return try put(
          .slice(first: first, count: channels.count), node.inputs, node.names, inPlaceOf: value)
      }
      return try put(
        .convolution(.selecting(channels, of: available)), node.inputs, node.names,
        inPlaceOf: value)
    }
    for user in users.sorted() {
      guard let reader = nodes[user], case .convolution(let it) = reader.layer else { continue }
      _ = try put(
        .convolution(it.ofSelected(channels, of: available)), node.inputs,
        node.names + reader.names, inPlaceOf: user)
    }
    return true
  }
}

extension ConvolutionLayer {
  /// This convolution with only these outputs, in this order.
  fileprivate func selectingOutputs(_ channels: [Int]) -> ConvolutionLayer {
    var result = self
    let perOutput = weightCount / outputs
    result.outputs = channels.count
    result.weights = weights.map(count: channels.count * perOutput) { weights in
      channels.flatMap { weights[$0 * perOutput..<($0 + 1) * perOutput] }
    }
    result.bias = bias?.map(count: channels.count) { bias in channels.map { bias[$0] } }
    return result
  }

  /// This convolution of what `channels` are selected from.
  fileprivate func ofSelected(_ channels: [Int], of available: Int) -> ConvolutionLayer {
    var result = self
    let (inputs, outputs, taps) = (inputs, outputs, kernel * kernel)
    result.inputs = available
    result.weights = weights.map(count: outputs * available * taps) { weights in
      var sums = [Float](repeating: 0, count: outputs * available * taps)
      for output in 0..<outputs {
        for (input, source) in channels.enumerated() {
          for tap in 0..<taps {
            sums[(output * available + source) * taps + tap] +=
              weights[(output * inputs + input) * taps + tap]
          }
        }
      }
      return sums
    }
    return result
  }
}
