/// `scale[c] * x + shift[c]` for each channel, as numbers.
struct ChannelAffine {
  var scale: [Float]
  var shift: [Float]

  /// Changes nothing.
  init(channels: Int) {
    scale = Array(repeating: 1, count: channels)
    shift = Array(repeating: 0, count: channels)
  }

  init(scale: [Float], shift: [Float]) {
    self.scale = scale
    self.shift = shift
  }

  init(_ scale: Parameters, _ shift: Parameters) {
    self.init(scale: scale.values, shift: shift.values)
  }

  var layer: Layer { .affine(scale: Parameters(scale), shift: Parameters(shift)) }
  var isShiftOnly: Bool { scale.allSatisfy { $0 == 1 } }
  var isScaleOnly: Bool { shift.allSatisfy { $0 == 0 } }
  var withoutShift: ChannelAffine {
    ChannelAffine(scale: scale, shift: shift.map { _ in 0 })
  }

  /// This one after `first`.
  func after(_ first: ChannelAffine) -> ChannelAffine {
    ChannelAffine(
      scale: zip(scale, first.scale).map { $0 * $1 },
      shift: zip(zip(scale, first.shift), shift).map { $0.0 * $0.1 + $1 })
  }

  /// Each channel `count` times, as they lie before a pixel shuffle.
  func repeated(_ count: Int) -> ChannelAffine {
    func repeated(_ numbers: [Float]) -> [Float] {
      numbers.flatMap { Array(repeating: $0, count: count) }
    }
    return ChannelAffine(scale: repeated(scale), shift: repeated(shift))
  }
}

extension ConvolutionLayer {
  /// This convolution with `affine` of its result.
  func followed(by affine: ChannelAffine) -> ConvolutionLayer {
    var result = self
    let perOutput = weightCount / outputs
    result.weights = weights.map { weights in
      weights.enumerated().map { $1 * affine.scale[$0 / perOutput] }
    }
    result.bias = (bias ?? Parameters(repeating: 0, count: outputs)).map { bias in
      bias.enumerated().map { $1 * affine.scale[$0] + affine.shift[$0] }
    }
    return result
  }

  /// This convolution of `affine` of its input. Exact without a shift, or for a kernel of 1: zeros of the
  /// padding are not shifted.
  func preceded(by affine: ChannelAffine) -> ConvolutionLayer {
    var result = self
    let taps = kernel * kernel
    let (perGroup, perOutput) = (inputs / groups, inputs / groups * taps)
    let outputsPerGroup = outputs / groups
    @Sendable func input(of weight: Int) -> Int {
      weight / perOutput / outputsPerGroup * perGroup + weight % perOutput / taps
    }
    let kept = keptWeights
    result.weights = weights.map { weights in
      weights.enumerated().map { $1 * affine.scale[input(of: $0)] }
    }
    if !affine.isScaleOnly {
      result.bias = (bias ?? Parameters(repeating: 0, count: outputs)).map { bias in
        kept.values.enumerated().reduce(into: bias) { bias, weight in
          bias[weight.offset / perOutput] += weight.element * affine.shift[input(of: weight.offset)]
        }
      }
    }
    return result
  }
}
