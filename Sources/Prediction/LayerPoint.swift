internal import Glibc
internal import Workloads

/// A workload as the predictor sees it: what kind of layer it is, how large, and what it costs.
struct LayerPoint: Sendable {
  /// Layers whose latencies say something about each other: one operator, kernel, stride and type, pruned or
  /// not.
  struct Group: Hashable, Sendable {
    var operation: String
    var kernel = 0
    var stride = 1
    /// 1 for a depthwise convolution, whose groups are its channels.
    var groups = 1
    var depthwise = false
    /// Whether the map is one pixel, as in channel attention: most of its latency is a constant.
    var isPoint = false
    var isPruned = false
    var elementType: ElementType
  }

  /// What is fused behind the operator.
  struct Epilogue: Hashable, Sendable {
    var activation = Activation.none
    var residual = Residual.none
    /// Channels that pass by a convolution, as in SplitSR.
    var passing = 0
    /// Rows and columns that are made of one pixel.
    var magnification = 1
  }

  let group: Group
  let epilogue: Epilogue
  /// Pruning scheme; `nil` for a dense layer.
  let scheme: Sparsity.Scheme?
  /// Input channels, output channels, pixels, and the share of the weights that are kept.
  let sizes: SIMD4<Double>
  /// Natural logarithms of ``sizes``, channels padded as they are stored.
  let coordinates: SIMD4<Double>
  /// Costs that can only rise with ``sizes``.
  let costs: LayerCosts

  /// - Parameter channelBlock: Channels that are stored side by side and padded together.
  init(_ workload: Workload, channelBlock: Int) {
    let input = workload.activations[0].shape
    let output = workload.outputShape
    var epilogue = Epilogue(magnification: workload.magnification)
    var scheme: Sparsity.Scheme?
    var inputs = input.channels
    var outputs = output.channels
    var kept = 1.0
    var subpixels = 1.0
    if case .convolution(let it) = workload.operation {
      epilogue.activation = it.activation
      epilogue.residual = it.residual
      epilogue.passing = it.passing
      scheme = it.sparsity?.scheme
      inputs = it.inputs
      outputs = it.outputs
      kept = it.keptShare
      subpixels = Double(it.shuffle * it.shuffle)
    } else if case .concat(_, let second) = workload.operation {
      outputs = second
    }
    group = Group(workload)
    self.epilogue = epilogue
    self.scheme = scheme
    let pixels = Double(workload.height) * Double(workload.width)
    sizes = SIMD4(Double(inputs), Double(outputs), pixels, kept)
    let block = Double(channelBlock)
    coordinates = SIMD4(
      log(Double(inputs).rounded(upTo: block)),
      log(subpixels * (Double(outputs) / subpixels).rounded(upTo: block)),
      log(pixels), log(kept))
    costs = LayerCosts(workload, channelBlock: channelBlock)
  }

  /// How alike the deviations of two layers of one group from the law of their costs are: the
  /// logarithm of their correlation, a squared exponential in the logarithms of the sizes and of what
  /// padding adds, times a factor for each thing that differs. Products of such factors are correlations.
  ///
  /// - Parameter reach: Distances in ``coordinates`` over which a deviation is remembered; see ``reaches``.
  func logarithmicCorrelation(with other: LayerPoint, reach: SIMD4<Double>) -> Double {
    let padding = costs.padding - other.costs.padding
    var logarithm =
      Self.logarithmicCorrelation(coordinates, other.coordinates, reach: reach)
      - padding * padding / 2
    if scheme != other.scheme { logarithm += Self.otherScheme }
    let activations = (epilogue.activation, other.epilogue.activation)
    if activations.0 != activations.1 {
      logarithm +=
        activations.0.isAtMostClamp && activations.1.isAtMostClamp
        ? Self.otherClamp : Self.otherFunction
    }
    if epilogue.residual != other.epilogue.residual { logarithm += Self.otherResidual }
    if (epilogue.magnification > 1) != (other.epilogue.magnification > 1) {
      logarithm += Self.otherStore
    }
    if (epilogue.passing > 0) != (other.epilogue.passing > 0) { logarithm += Self.otherStore }
    return logarithm
  }

  /// The part of ``coordinates``: the most that the whole can be.
  static func logarithmicCorrelation(
    _ a: SIMD4<Double>, _ b: SIMD4<Double>, reach: SIMD4<Double>
  ) -> Double {
    let distance = (a - b) / reach
    return -(distance * distance).sum() / 2
  }

  private static let otherScheme = log(0.3)
  private static let otherClamp = log(0.9)
  private static let otherFunction = log(0.5)
  private static let otherResidual = log(0.8)
  private static let otherStore = log(0.4)

  /// What tables are tried with: over channels deviations are forgotten soon, since they choose another
  /// schedule; a larger map repeats what a smaller one does, or, where caches decide, is a case of its own.
  static let reaches = [SIMD4(0.6, 0.6, 8, 0.7), SIMD4(0.6, 0.6, 1, 0.7), SIMD4(0.4, 0.4, 8, 0.7)]

  /// Whether two layers of a group differ by sizes alone, so that none is faster than a smaller one.
  func isFamily(of other: LayerPoint) -> Bool {
    scheme == other.scheme && epilogue == other.epilogue
  }

  /// Whether two layers are one.
  func isSame(as other: LayerPoint) -> Bool {
    group == other.group && isFamily(of: other) && sizes == other.sizes
  }
}

extension LayerPoint.Group {
  init(_ workload: Workload) {
    self.init(operation: workload.operatorName, elementType: workload.elementType)
    isPoint = workload.height == 1 && workload.width == 1
    isPruned = workload.isPruned
    if case .convolution(let it) = workload.operation {
      kernel = it.kernel
      stride = it.stride
      groups = it.isDepthwise ? 1 : it.groups
      depthwise = it.isDepthwise
    } else if case .resize(let interpolation, _, _) = workload.operation {
      operation += " \(interpolation.rawValue)"
    }
  }
}
