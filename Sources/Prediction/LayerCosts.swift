internal import Glibc
internal import Statistics
internal import Workloads

/// What a layer asks of a device, in numbers that only rise with its sizes: the terms of a ``CostLaw``.
struct LayerCosts: Sendable {
  typealias Terms = NonnegativeLeastSquares.Terms

  /// The costs of a layer, each a number that its latency rises with in proportion.
  enum Term: Int, CaseIterable {
    /// 1: a dispatch as such.
    case dispatch
    /// Multiply-accumulates as the workload counts them.
    case macs
    /// Those with channels padded as they are stored.
    case paddedMacs
    /// The same as if nothing were pruned.
    case paddedDenseMacs
    /// Multiply-accumulates with output channels padded to a tile of the processor's kernels.
    case tiledMacs
    /// Input pixels that are looked up: those of the kernel, for each result pixel.
    case taps
    /// Vectors of input channels that are fetched, once for all outputs: those of each tap of which some weight is
    /// kept.
    case fetches
    /// Elements of the input, of what is added to the result, and of the output.
    case inputElements, addedElements, outputElements
    /// Elements of an output that has several pixels for each of the input.
    case magnifiedElements
    /// Rows of such an output that an input pixel is written into, for each input pixel.
    case magnifiedRows
    /// Elements of the output that are clamped.
    case clampedElements
    /// Elements of the output that another function is applied to.
    case functionElements
    /// Elements of all maps, as far as no cache holds them until they are read again.
    case missedElements
    /// Pixels that are looked up, as far as no cache holds the pointers to them.
    case missedTaps

    /// Whether memory bounds it, and not arithmetic.
    var isOfMemory: Bool {
      switch self {
      case .dispatch, .macs, .paddedMacs, .paddedDenseMacs, .tiledMacs, .taps, .fetches,
        .clampedElements, .functionElements:
        false
      case .inputElements, .addedElements, .outputElements, .magnifiedElements, .magnifiedRows,
        .missedElements, .missedTaps:
        true
      }
    }
  }

  /// The terms of a layer that does nothing: the constant alone.
  static let ofNothing = Terms([.dispatch: 1])

  /// Bytes of maps, and of pointers into them, that the layer goes over: what its chance to find them in a cache
  /// depends on.
  let workingSet: Double
  /// Natural logarithm of how many times more multiply-accumulates there are with channels padded as they are
  /// stored; 0 for other layers than convolutions.
  let padding: Double
  /// All terms but those of what no cache holds.
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
    var (padded, tiled, kept, taps, fetches) = (0.0, 0.0, 1.0, 0.0, 0.0)
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
      fetches =
        Double(it.kernel * it.kernel) * (Double(it.inputs) / Self.vector).rounded(.up)
        * resultPixels * it.fetchedShare(vector: Self.vector)
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
    var terms: [Term: Double] = [
      .dispatch: 1, .macs: macs, .paddedMacs: padded * kept, .paddedDenseMacs: padded,
      .tiledMacs: tiled, .taps: taps, .fetches: fetches, .inputElements: input,
      .addedElements: added,
      .outputElements: written,
    ]
    if magnification > 1 {
      terms[.magnifiedElements] = written
      terms[.magnifiedRows] = Double(output.height * output.width) / magnification
    }
    if activation != .none {
      terms[activation.isAtMostClamp ? .clampedElements : .functionElements] = written
    }
    always = Terms(terms)
  }

  /// The terms on a device of which the cache holds `cacheBytes` of what a layer goes over.
  func terms(cacheBytes: Double) -> Terms {
    var terms = always
    let missed = missedShare(cacheBytes: cacheBytes)
    terms[.missedElements] = missed * elements
    terms[.missedTaps] = missed * taps
    return terms
  }

  /// Share of the working set that no cache holds until it is read again. Operands that are gone over in turn
  /// are found all or not at all, so that it rises from 0 to 1 within half an octave.
  private func missedShare(cacheBytes: Double) -> Double {
    min(1, max(0, 0.5 + 2 * log2(workingSet / cacheBytes)))
  }

  /// Output channels that a kernel of a processor computes at once, a vector of 16 floats or two of 8; those of
  /// the last tile that a layer lacks are computed too.
  private static let tile = 16.0
  /// Channels that kernels fetch at once.
  private static let vector = 4.0
}

extension Convolution {
  /// Share of the vectors of input channels, at each position of the kernel, of which any output needs one: as
  /// expected of masks that are drawn.
  fileprivate func fetchedShare(vector: Double) -> Double {
    guard let sparsity else { return 1 }
    let outputs = Double(outputs) / Double(groups)
    let choices =
      switch sparsity.scheme {
      case .pattern, .unstructured: outputs * vector
      case .blockPunched(let filters, let channels):
        (outputs / Double(filters)).rounded(.up) * (vector / Double(channels)).rounded(.up)
      }
    return 1 - pow(1 - keptShare, choices)
  }
}

extension NonnegativeLeastSquares.Terms {
  /// Those that are named; the others are 0.
  fileprivate init(_ named: [LayerCosts.Term: Double]) {
    self = .zero
    for (term, number) in named { self[term] = number }
  }

  subscript(term: LayerCosts.Term) -> Double {
    get { self[term.rawValue] }
    set { self[term.rawValue] = newValue }
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
