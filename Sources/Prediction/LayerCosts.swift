internal import Glibc
internal import Statistics
internal import Workloads

/// What a layer asks of a device, in numbers that only rise with its sizes: the terms of a ``CostLaw``.
struct LayerCosts: Sendable {
  typealias Terms = NonnegativeLeastSquares.Terms

  /// The terms of a layer that does nothing: the constant alone.
  static let ofNothing = Terms(1, 0)

  /// Bytes of maps, and of pointers into them, that the layer goes over: what its chance to find them in a cache
  /// depends on.
  let workingSet: Double
  /// Natural logarithm of how many times more multiply-accumulates there are with channels padded as they are
  /// stored; 0 for other layers than convolutions.
  let padding: Double
  /// All terms but the last two, of what no cache holds.
  private let always: Terms
  /// Elements of all maps.
  private let elements: Double
  /// Input pixels that are looked up: those of the kernel, for each result pixel.
  private let taps: Double

  /// - Parameter channelBlock: Channels that are stored side by side and padded together.
  init(_ workload: Workload, channelBlock: Int) {
    let block = Double(channelBlock)
    func stored(_ shape: MapShape) -> Double {
      Double(shape.channels).rounded(upTo: block) * Double(shape.height) * Double(shape.width)
    }
    let activations = workload.activations
    let output = workload.outputShape
    let input = stored(activations[0].shape)
    let added = activations.dropFirst().dropLast().reduce(0) { $0 + stored($1.shape) }
    let written = stored(output)
    let magnification = Double(workload.magnification)
    let pixels = Double(workload.height) * Double(workload.width)
    let macs = Double(workload.macs)
    var (padded, tiled, kept, taps) = (0.0, 0.0, 1.0, 0.0)
    var activation = Activation.none
    if case .convolution(let it) = workload.operation {
      activation = it.activation
      kept = it.keptShare
      let resultPixels = pixels / Double(it.stride * it.stride)
      // A pixel-shuffle store pads the channels of each pixel that it writes.
      let subpixels = Double(it.shuffle * it.shuffle)
      padded =
        Double(it.kernel * it.kernel) * Double(it.inputsPerGroup).rounded(upTo: block) * subpixels
        * (Double(it.outputs) / subpixels).rounded(upTo: block) * resultPixels
      tiled = macs / Double(it.outputs) * Double(it.outputs).rounded(upTo: Self.tile)
      if it.kernel > 1 {
        // A depthwise kernel that moves on by a pixel looks up one more column.
        taps = Double(it.kernel * (it.isDepthwise ? 1 : it.kernel)) * resultPixels
      }
    }
    padding = macs > 0 ? log(padded * kept / macs) : 0
    elements = input + added + written
    self.taps = taps
    // Where channels are interleaved, kernels look pixels up by tables of pointers (Dukhan, The Indirect
    // Convolution Algorithm, 2019).
    workingSet =
      elements * Double(workload.elementType.byteCount) + (channelBlock == 1 ? 8 * taps : 0)
    always = Terms(
      1, macs, padded * kept, padded, tiled, taps, input, added, written,
      // The pixels made of one go into as many rows of the result as it has, side by side.
      magnification > 1 ? written : 0,
      magnification > 1 ? Double(output.height * output.width) / magnification : 0,
      activation != .none && activation.isAtMostClamp ? written : 0,
      activation.isAtMostClamp ? 0 : written)
  }

  /// The terms on a device of which the cache holds `cacheBytes` of what a layer goes over.
  func terms(cacheBytes: Double) -> Terms {
    var terms = always
    let missed = missedShare(cacheBytes: cacheBytes)
    terms[Self.missedElements] = missed * elements
    terms[Self.missedTaps] = missed * taps
    return terms
  }

  /// Share of the working set that no cache holds until it is read again. Operands that are gone over in turn
  /// are found all or not at all, so that it rises from 0 to 1 within half an octave.
  private func missedShare(cacheBytes: Double) -> Double {
    min(1, max(0, 0.5 + 2 * log2(workingSet / cacheBytes)))
  }

  private static let missedElements = Terms.scalarCount - 2
  private static let missedTaps = Terms.scalarCount - 1

  /// Output channels that a kernel of a processor computes at once, a vector of 16 floats or two of 8; those of
  /// the last tile that a layer lacks are computed too.
  private static let tile = 16.0
}

extension NonnegativeLeastSquares.Terms {
  /// The first numbers; the others are 0.
  fileprivate init(_ first: Double...) {
    self = .zero
    for (index, number) in first.enumerated() { self[index] = number }
  }
}

extension Activation {
  /// Whether it clamps what is stored or leaves it as it is, which costs next to nothing, unlike a function of it.
  var isAtMostClamp: Bool {
    switch self {
    case .none, .relu, .clip: true
    case .prelu, .sigmoid, .tanh: false
    }
  }
}

extension Workload {
  /// Rows, and columns, of the result that are made of one pixel.
  var magnification: Int {
    switch operation {
    case .convolution(let it): it.shuffle
    case .pixelShuffle(let factor, _), .resize(_, let factor, _): factor
    default: 1
    }
  }
}

extension Double {
  /// The next whole multiple of `step`.
  func rounded(upTo step: Double) -> Double { (self / step).rounded(.up) * step }
}
