public import Workloads

/// What a node computes.
public enum Layer: Sendable {
  /// A convolution with bias.
  case convolution(ConvolutionLayer)
  /// The transpose of a strided convolution, also called deconvolution.
  case transposedConvolution(TransposedConvolutionLayer)
  /// A function of each number.
  case activation(Nonlinearity)
  /// `scale[c] * x + shift[c]`: mean shifts, batch norm, multiplication by constants. One number for
  /// each channel.
  case affine(scale: Parameters, shift: Parameters)
  /// The sum of two maps of one shape.
  case add
  /// The product of two maps; the second has the shape of the first, or is `[c, 1, 1]`.
  case multiply
  /// Maps of one size behind each other along the channels.
  case concat
  /// Some channels that lie together.
  case slice(first: Int, count: Int)
  /// Output channel `c` is input channel `channels[c]`: repetitions, permutations, channel shuffles.
  case select([Int])
  /// `[c * factor^2, h, w] -> [c, h * factor, w * factor]`, with the order of PyTorch's
  /// `pixel_shuffle` (ONNX: CRD).
  case pixelShuffle(factor: Int)
  /// The inverse of ``pixelShuffle(factor:)``, also called desubpixel or space to depth.
  case pixelUnshuffle(factor: Int)
  /// `[c, h, w] -> [c, 1, 1]`, the mean of each plane.
  case globalAveragePool
  /// `[c, h, w] -> [c, h * factor, w * factor]`.
  case resize(Interpolation, factor: Int)
}

/// A function of each number of a map.
public enum Nonlinearity: Sendable {
  case relu
  /// `x` where positive, else `slope * x`.
  case leakyRelu(slope: Float)
  /// `x` where positive, else `slope[c] * x`; one slope for each channel, or one for all.
  case prelu(slopes: Parameters)
  case clip(minimum: Float, maximum: Float)
  case sigmoid
  case tanh
}

/// A two-dimensional convolution with bias and same padding: `kernel / 2` zeros on each side, so the
/// output is `[outputs, ceil(h / stride), ceil(w / stride)]`.
public struct ConvolutionLayer: Sendable {
  /// Side of the square kernel; odd.
  public var kernel: Int
  public var inputs: Int
  public var outputs: Int
  public var stride: Int
  /// Divides inputs and outputs.
  public var groups: Int
  /// `[outputs, inputs / groups, kernel, kernel]`. Those that are pruned count as zero, whatever they are.
  public var weights: Parameters
  /// One for each output; `nil` for none.
  public var bias: Parameters?
  /// How the weights are pruned; `nil` for a dense convolution.
  public var pruning: Pruning?

  public init(
    kernel: Int, inputs: Int, outputs: Int, stride: Int = 1, groups: Int = 1, weights: Parameters,
    bias: Parameters?, pruning: Pruning? = nil
  ) {
    self.kernel = kernel
    self.inputs = inputs
    self.outputs = outputs
    self.stride = stride
    self.groups = groups
    self.weights = weights
    self.bias = bias
    self.pruning = pruning
  }

  /// Weights of the dense convolution.
  public var weightCount: Int { outputs * (inputs / max(groups, 1)) * kernel * kernel }
}

/// The transpose of a convolution of stride `stride`: `[inputs, h, w] -> [outputs, h * stride,
/// w * stride]`. Each input pixel `(y, x)` adds its products to the outputs from
/// `(y * stride - padding, x * stride - padding)` on.
public struct TransposedConvolutionLayer: Sendable {
  /// Side of the square kernel.
  public var kernel: Int
  public var inputs: Int
  public var outputs: Int
  public var stride: Int
  /// Rows and columns cut off before the first.
  public var padding: Int
  /// `[inputs, outputs, kernel, kernel]`, as in PyTorch and ONNX.
  public var weights: Parameters
  /// One for each output; `nil` for none.
  public var bias: Parameters?

  public init(
    kernel: Int, inputs: Int, outputs: Int, stride: Int, padding: Int, weights: Parameters,
    bias: Parameters?
  ) {
    self.kernel = kernel
    self.inputs = inputs
    self.outputs = outputs
    self.stride = stride
    self.padding = padding
    self.weights = weights
    self.bias = bias
  }
}
