/// What is computed, apart from the size of the feature map.
///
/// Feature maps are written `[channels, height, width]`; a batch is always one image.
public enum Operation: Hashable, Sendable {
  /// Convolution with bias and fused epilogue.
  case convolution(Convolution)
  /// `[c, h, w] + [c, h, w]`: a residual connection that is not fused.
  case add(channels: Int)
  /// `[channels * factor^2, h, w] -> [channels, h * factor, w * factor]`, also called depth to
  /// space: output `(c, y, x)` is input
  /// `(c * factor^2 + (y % factor) * factor + x % factor, y / factor, x / factor)`.
  case pixelShuffle(factor: Int, channels: Int)
  /// `[first, h, w], [second, h, w] -> [first + second, h, w]`, by copying.
  case concat(first: Int, second: Int)
  /// `[c, h, w] * [c, 1, 1]`: the last step of channel attention.
  case channelScale(channels: Int)
  /// `[c, h, w] -> [c, 1, 1]`, the mean of each plane: the first step of channel attention.
  case globalAveragePool(channels: Int)
  /// `[c, h, w] * [c, h, w]`, element by element: the gate of pixel attention.
  case multiply(channels: Int)
  /// `[c, h, w]` once more, in another place.
  case copy(channels: Int)
  /// `[c, h, w] -> [c, h * factor, w * factor]`.
  case resize(Interpolation, factor: Int, channels: Int)
}

/// A two-dimensional convolution with bias, and what is fused into it.
///
/// Same padding: `kernel / 2` zeros on each side, so the output is `[outputs, ceil(h / stride),
/// ceil(w / stride)]`. The stages run in the order bias, activation and residual (see ``Residual``),
/// pixel-shuffle store.
public struct Convolution: Hashable, Sendable {
  /// Side of the square kernel; odd.
  public var kernel: Int
  /// Distance between neighbouring output pixels in the input; 1 or 2.
  public var stride: Int
  /// Input channels that are convolved.
  public var inputs: Int
  /// Output channels, before a pixel-shuffle store.
  public var outputs: Int
  /// Parts that inputs and outputs fall into, each output reading the inputs of its own part: 1, the
  /// number of channels for a depthwise convolution, or a number that leaves multiples of four channels
  /// in each.
  public var groups: Int
  /// The fused non-linearity.
  public var activation: Activation
  /// The fused addition.
  public var residual: Residual
  /// Pixel-shuffle factor of the store; 1 stores the result as it is.
  public var shuffle: Int
  /// Channels of the input behind those that are convolved, copied to the output in front of the
  /// results, as in SplitSR: `[inputs + passing, h, w] -> [passing + outputs, h, w]`.
  public var passing: Int
  /// Which weights are pruned; `nil` for a dense convolution.
  public var sparsity: Sparsity?

  /// Describes a convolution; ``Workload/init(_:height:width:elementType:)`` says whether it is valid.
  public init(
    kernel: Int, inputs: Int, outputs: Int, stride: Int = 1, groups: Int = 1,
    activation: Activation = .none, residual: Residual = .none, shuffle: Int = 1,
    passing: Int = 0, sparsity: Sparsity? = nil
  ) {
    self.kernel = kernel
    self.stride = stride
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
    self.activation = activation
    self.residual = residual
    self.shuffle = shuffle
    self.passing = passing
    self.sparsity = sparsity
  }

  /// Whether each channel is convolved on its own.
  public var isDepthwise: Bool { groups > 1 && groups == inputs && groups == outputs }
  /// Input channels that one output channel reads.
  public var inputsPerGroup: Int { inputs / max(groups, 1) }
}
