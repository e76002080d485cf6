internal import Workloads

extension Rewriting {
  /// Replaces layers that no workload computes by some that do.
  mutating func expand() throws(InvalidGraph) {
    try untilStable { rewriting, value, node throws(InvalidGraph) in
      switch node.layer {
      case .transposedConvolution(let it):
        let planes = try rewriting.add(
          .convolution(it.subpixelConvolution), node.inputs, names: node.names)
        if it.stride == 1 {
          rewriting.replace(value, by: planes)
          return true
        }
        return try rewriting.put(
          .pixelShuffle(factor: it.stride), [planes], [], inPlaceOf: value)
      case .pixelUnshuffle(let factor):
        return try rewriting.expandUnshuffle(factor, value, node)
      case .convolution(let it) where it.hasRaggedGroups:
        return try rewriting.put(
          .convolution(it.ungrouped), node.inputs, node.names, inPlaceOf: value)
      case .concat where node.inputs.count == 1, .resize(_, factor: 1):
        rewriting.replace(value, by: node.inputs[0])
        return true
      default: return false
      }
    }
  }

  /// A pixel unshuffle by 2 is a convolution of stride 2 that selects; one by 4 is two of them.
  private mutating func expandUnshuffle(
    _ factor: Int, _ value: Int, _ node: Node
  ) throws(InvalidGraph) -> Bool {
    let channels = shapes[node.inputs[0]].channels
    switch factor {
    case 2:
      return try put(
        .convolution(.unshuffling(channels: channels)), node.inputs, node.names, inPlaceOf: value)
    case 4:
      let half = try add(.pixelUnshuffle(factor: 2), node.inputs, names: node.names)
      let quarter = try add(.pixelUnshuffle(factor: 2), [half], names: [])
      let order = (0..<channels * 16).map { channel in
        let (c, place) = channel.quotientAndRemainder(dividingBy: 16)
        let (y, x) = place.quotientAndRemainder(dividingBy: 4)
        return (c * 4 + y % 2 * 2 + x % 2) * 4 + y / 2 * 2 + x / 2
      }
      return try put(.select(order), [quarter], [], inPlaceOf: value)
    default:
      throw InvalidGraph(
        node: node.names.first ?? "",
        description: "pixel unshuffle by \(factor) has no workload; 2 and 4 have")
    }
  }
}

extension ConvolutionLayer {
  /// Whether groups, of more than one channel, are not of whole texels.
  fileprivate var hasRaggedGroups: Bool {
    guard groups > 1, !(groups == inputs && groups == outputs) else { return false }
    return inputs / groups % 4 != 0 || outputs / groups % 4 != 0
  }

  /// The same with one group, and zeros between the channels of different ones.
  fileprivate var ungrouped: ConvolutionLayer {
    var result = self
    result.groups = 1
    let (perGroup, outputsPerGroup) = (inputs / groups, outputs / groups)
    let (inputs, outputs, taps) = (inputs, outputs, kernel * kernel)
    result.weights = keptWeights.map(count: outputs * inputs * taps) { weights in
      var dense = [Float](repeating: 0, count: outputs * inputs * taps)
      for output in 0..<outputs {
        let first = (output * inputs + output / outputsPerGroup * perGroup) * taps
        for place in 0..<perGroup * taps {
          dense[first + place] = weights[output * perGroup * taps + place]
        }
      }
      return dense
    }
    result.pruning = nil
    return result
  }

  /// The convolution of stride 2 that is a pixel unshuffle by 2: output `4 c + 2 dy + dx` is input `c` at
  /// `(2 y + dy, 2 x + dx)`, which a 3x3 kernel sees at its places 1 and 2.
  fileprivate static func unshuffling(channels: Int) -> ConvolutionLayer {
    let count = channels * 4 * channels * 9
    return ConvolutionLayer(
      kernel: 3, inputs: channels, outputs: channels * 4, stride: 2,
      weights: Parameters(count: count) {
        var weights = [Float](repeating: 0, count: count)
        for output in 0..<channels * 4 {
          let (y, x) = (output % 4 / 2, output % 2)
          weights[((output * channels + output / 4) * 3 + y + 1) * 3 + x + 1] = 1
        }
        return weights
      }, bias: nil)
  }

  /// The 1x1 convolution whose output `c` is input `channels[c]`.
  static func selecting(_ channels: [Int], of inputs: Int) -> ConvolutionLayer {
    ConvolutionLayer(
      kernel: 1, inputs: inputs, outputs: channels.count,
      weights: Parameters(count: channels.count * inputs) {
        channels.flatMap { channel in (0..<inputs).map { $0 == channel ? 1 : 0 } }
      }, bias: nil)
  }
}

extension TransposedConvolutionLayer {
  /// The convolution whose result, pixel-shuffled by the stride, is the same: each of the stride^2 places
  /// of an output pixel sees its own part of the kernel (Shi et al., "Is the deconvolution layer the same
  /// as a convolutional layer?", 2016).
  ///
  /// Output row `q * stride + r` gets input row `q - d` times kernel row `d * stride + r + padding`; the
  /// convolution reads row `q - d` at its place `reach + d` from the end.
  var subpixelConvolution: ConvolutionLayer {
    let reach = max((stride - 1 + padding) / stride, (kernel - 1 - padding) / stride)
    let side = 2 * reach + 1
    let (inputs, outputs, stride, kernel, padding) = (inputs, outputs, stride, kernel, padding)
    let places = stride * stride
    let count = outputs * places * inputs * side * side
    let folded = weights.map(count: count) { weights in
      var result = [Float](repeating: 0, count: count)
      for output in 0..<outputs * places {
        let (channel, place) = output.quotientAndRemainder(dividingBy: places)
        for input in 0..<inputs {
          for y in 0..<side {
            let ky = (reach - y) * stride + place / stride + padding
            guard 0..<kernel ~= ky else { continue }
            for x in 0..<side {
              let kx = (reach - x) * stride + place % stride + padding
              guard 0..<kernel ~= kx else { continue }
              result[((output * inputs + input) * side + y) * side + x] =
                weights[((input * outputs + channel) * kernel + ky) * kernel + kx]
            }
          }
        }
      }
      return result
    }
    return ConvolutionLayer(
      kernel: side, inputs: inputs, outputs: outputs * places, weights: folded,
      bias: bias?.map(count: outputs * places) { bias in
        bias.flatMap { Array(repeating: $0, count: places) }
      })
  }
}
