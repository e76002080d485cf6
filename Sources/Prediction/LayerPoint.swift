internal import Glibc
internal import Workloads

/// A workload as the predictor sees it: what kind of layer it is, how large, and what it costs.
struct LayerPoint: Sendable {
  /// Layers whose latencies say something about each other: one operator, kernel, stride and type.
  struct Group: Hashable, Sendable {
    var operation: String
    var kernel = 0
    var stride = 1
    /// 1 for a depthwise convolution, whose groups are its channels.
    var groups = 1
    var depthwise = false
    /// Whether the map is one pixel, as in channel attention: most of its latency is a constant.
    var isPoint = false
    var elementType: ElementType
  }

  /// What is fused behind the operator.
  struct Epilogue: Hashable, Sendable {
    var activation = Activation.none
    var residual = Residual.none
    /// Channels that pass by a convolution, as in SplitSR.
    var passing = 0
    /// How many times wider the result is than the input.
    var magnification = 1
  }

  let group: Group
  let epilogue: Epilogue
  /// Pruning scheme; `nil` for a dense layer.
  let scheme: Sparsity.Scheme?
  /// Input channels, output channels, pixels, and the share of the weights that are kept.
  let sizes: SIMD4<Double>
  /// Natural logarithms of ``sizes``, channels padded to blocks of four as they are stored.
  let coordinates: SIMD4<Double>
  /// Costs that can only rise with ``sizes``; see ``CostLaw``.
  let terms: NonnegativeLeastSquares.Terms

  /// The ``terms`` of a layer that does nothing: the constant alone.
  static let termsOfNothing = NonnegativeLeastSquares.Terms(1, 0)

  init(_ workload: Workload) {
    let activations = workload.activations
    let input = activations[0].shape
    let output = workload.outputShape
    var group = Group(operation: workload.operatorName, elementType: workload.elementType)
    var epilogue = Epilogue(magnification: max(1, output.width / workload.width))
    var scheme: Sparsity.Scheme?
    var inputs = input.channels
    var outputs = output.channels
    var kept = 1.0
    var paddedMacs = 0.0
    let pixels = Double(workload.height) * Double(workload.width)
    group.isPoint = pixels == 1
    if case .convolution(let it) = workload.operation {
      group.kernel = it.kernel
      group.stride = it.stride
      group.groups = it.isDepthwise ? 1 : it.groups
      group.depthwise = it.isDepthwise
      epilogue.activation = it.activation
      epilogue.residual = it.residual
      epilogue.passing = it.passing
      scheme = it.sparsity?.scheme
      inputs = it.inputs
      outputs = it.outputs
      kept = max(Double(it.keptWeights), 1) / Double(it.weights)
      // A pixel-shuffle store pads the channels of each pixel that it writes.
      let subpixels = it.shuffle * it.shuffle
      paddedMacs =
        Double(it.kernel * it.kernel) * Self.padded(it.inputsPerGroup)
        * Double(subpixels) * Self.padded(it.outputs / subpixels) * pixels
        / Double(it.stride * it.stride)
    } else if case .concat(_, let second) = workload.operation {
      outputs = second
    } else if case .resize(let interpolation, _, _) = workload.operation {
      group.operation += " \(interpolation.rawValue)"
    }
    self.group = group
    self.epilogue = epilogue
    self.scheme = scheme
    sizes = SIMD4(Double(inputs), Double(outputs), pixels, kept)
    coordinates = SIMD4(
      log(Self.padded(inputs)), log(Self.padded(outputs)), log(pixels), log(kept))

    func stored(_ shape: MapShape) -> Double {
      Self.padded(shape.channels) * Double(shape.height) * Double(shape.width)
    }
    let written = stored(output)
    let added = activations.dropFirst().dropLast().reduce(0) { $0 + stored($1.shape) }
    terms = NonnegativeLeastSquares.Terms(
      1, Double(workload.macs), paddedMacs * kept, paddedMacs, stored(input), added, written,
      epilogue.magnification > 1 ? written : 0, epilogue.activation == .none ? 0 : written)
  }

  private static func padded(_ channels: Int) -> Double { Double((channels + 3) / 4 * 4) }

  /// How alike the deviations of two layers of one group from the law of their costs are: the
  /// logarithm of their correlation, a squared exponential in the logarithms of the sizes times a
  /// factor for each thing that differs. Products of such factors are correlations.
  func logarithmicCorrelation(with other: LayerPoint) -> Double {
    var logarithm = Self.logarithmicCorrelation(coordinates, other.coordinates)
    if scheme != other.scheme { logarithm += Self.otherScheme }
    if epilogue.activation != other.epilogue.activation { logarithm += Self.otherActivation }
    if epilogue.residual != other.epilogue.residual { logarithm += Self.otherResidual }
    if (epilogue.magnification > 1) != (other.epilogue.magnification > 1) {
      logarithm += Self.otherStore
    }
    if (epilogue.passing > 0) != (other.epilogue.passing > 0) { logarithm += Self.otherStore }
    return logarithm
  }

  /// The part of the sizes: the most that the whole can be.
  static func logarithmicCorrelation(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Double {
    let distance = (a - b) / reach
    return -(distance * distance).sum() / 2
  }

  private static let otherScheme = log(0.3)
  private static let otherActivation = log(0.7)
  private static let otherResidual = log(0.8)
  private static let otherStore = log(0.4)

  /// Distances in ``coordinates`` over which a deviation is remembered: less over channels, which
  /// choose another schedule, than over the map, which repeats it.
  private static let reach = SIMD4(0.6, 0.6, 8, 0.7)

  /// Whether this layer, of sizes that are no smaller than the other's, is not faster: they differ by
  /// sizes alone, or this one is dense where the other is pruned.
  func isFamily(ofSmaller other: LayerPoint) -> Bool {
    (scheme == other.scheme || scheme == nil) && epilogue == other.epilogue
  }
}
