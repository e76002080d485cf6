internal import Glibc
internal import Workloads

extension Workload {
  /// How unlike two workloads are for a tuner; `nil` for different operators.
  ///
  /// A doubling of channels is one step, one of the kernel's side two, and one of the map's pixels a quarter, since
  /// schedules hardly care; half the weights kept is one, another scheme of pruning half a step, another
  /// activation a quarter. Each other word of the name that only one of them has is one, such as a stride, a
  /// residual or another element type.
  func distance(to other: Workload) -> Double? {
    guard kind == other.kind else { return nil }
    let sizes = zip(logarithms, other.logarithms).reduce(0) { $0 + abs($1.0 - $1.1) }
    let scheme = scheme == other.scheme ? 0 : 0.5
    let activation = activation == other.activation ? 0 : 0.25
    return sizes + scheme + activation + Double(traits.symmetricDifference(other.traits).count)
  }

  /// Whether two workloads are one layer on maps of which neither has more than four times the pixels of the other,
  /// with any activation.
  func isTwin(of other: Workload) -> Bool {
    guard kind == other.kind, logarithms.dropLast() == other.logarithms.dropLast(),
      traits == other.traits, sparsity == other.sparsity
    else { return false }
    let pixels = Double(height * width) / Double(other.height * other.width)
    return (0.25...4).contains(pixels)
  }

  private var sparsity: Sparsity? {
    if case .convolution(let it) = operation { it.sparsity } else { nil }
  }

  private var kind: String {
    switch operation {
    case .convolution(let it): it.isDepthwise ? "depthwise" : "convolution"
    case .resize(let mode, _, _): mode.rawValue
    default: operatorName
    }
  }

  /// Sizes as points of a space in which distances are added.
  private var logarithms: [Double] {
    let map = log2(Double(height * width)) / 4
    switch operation {
    case .convolution(let it):
      return [
        2 * log2(Double(it.kernel)), log2(Double(it.inputs)), log2(Double(it.outputs)),
        log2(it.keptShare), map,
      ]
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .multiply(let channels), .copy(let channels):
      return [log2(Double(channels)), map]
    case .pixelShuffle(let factor, let channels), .resize(_, let factor, let channels):
      return [log2(Double(factor)), log2(Double(channels)), map]
    case .concat(let first, let second):
      return [log2(Double(first)), log2(Double(second)), map]
    }
  }

  /// The word of how weights were pruned; `nil` for a dense workload.
  private var scheme: String? {
    guard case .convolution(let it) = operation else { return nil }
    return it.sparsity?.scheme.word
  }

  private var activation: String? {
    guard case .convolution(let it) = operation else { return nil }
    return "\(it.activation)"
  }

  /// Words of the name that say neither sizes nor pruning nor activation: those behind operator, channels and map.
  private var traits: Set<String> {
    var words = Set(words.dropFirst(3))
    guard case .convolution(let it) = operation else { return words }
    words.subtract(it.sparsity?.words ?? [])
    words.remove("\(it.activation)")
    return words
  }
}
