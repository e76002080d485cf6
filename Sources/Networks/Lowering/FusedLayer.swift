internal import Workloads

/// What one workload computes, before it is known where its operands lie.
struct FusedLayer {
  enum Kind {
    case convolution(FusedConvolution)
    case add, multiply, channelScale, globalAveragePool
    case concat
    case slice(first: Int)
    case pixelShuffle(factor: Int)
    case resize(Interpolation, factor: Int)
  }

  var kind: Kind
  /// Values that are read, in the order of the layer; a convolution's input alone.
  var inputs: [Int]
  var output: Int
  var names: [String]
}

/// A convolution with what is fused into it.
struct FusedConvolution {
  var layer: ConvolutionLayer
  var activation: Nonlinearity?
  /// The value that is added, and on which side of the activation.
  var residual: (value: Int, side: Residual)?
  var shuffle = 1
  /// Channels behind the input's that are copied in front of the output's: a SplitSR block.
  var passing = 0

  init(_ layer: ConvolutionLayer) {
    self.layer = layer
  }

  /// The convolution of one factor for each channel: an affine, or with an activation what stands alone.
  init(_ affine: ChannelAffine) {
    let channels = affine.scale.count
    layer = ConvolutionLayer(
      kernel: 1, inputs: channels, outputs: channels, groups: channels,
      weights: Parameters(affine.scale), bias: Parameters(affine.shift))
  }

  /// Takes an activation in; false if there is no place for it.
  mutating func take(_ new: Nonlinearity) -> Bool {
    guard activation == nil else { return false }
    if residual != nil { residual?.side = .beforeActivation }
    activation = shuffle == 1 ? new : new.beforeShuffle(shuffle)
    return true
  }
}

extension Nonlinearity {
  /// The same function of the channels before a pixel shuffle.
  fileprivate func beforeShuffle(_ factor: Int) -> Nonlinearity {
    guard case .prelu(let slopes) = self, slopes.count > 1 else { return self }
    let places = factor * factor
    return .prelu(
      slopes: slopes.map(count: slopes.count * places) { slopes in
        slopes.flatMap { Array(repeating: $0, count: places) }
      })
  }
}
