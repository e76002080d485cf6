/// One fused operator at concrete shapes: the key of a table row.
///
/// A workload that exists is valid: its channels, map and factors are positive and fit together.
public struct Workload: Hashable, Sendable {
  /// What is computed.
  public private(set) var operation: Operation
  /// Height of the input map in pixels.
  public let height: Int
  /// Width of the input map in pixels.
  public let width: Int
  /// The type activations and weights are stored and computed in.
  public let elementType: ElementType

  /// Largest value any size may have.
  static let largestSize = 1 << 20
  /// Most multiply-accumulates, and most elements of one operand: far above what a device can do,
  /// and low enough for every sum of costs to fit in 64 bits.
  static let largestCost = 0x1p50

  /// Makes a workload, or says in one sentence why these shapes cannot be one.
  public init(
    _ operation: Operation, height: Int, width: Int, elementType: ElementType = .float32
  ) throws(InvalidWorkload) {
    self.operation = operation.canonical
    self.height = height
    self.width = width
    self.elementType = elementType
    try Self.require(size: height, .height, "the map's height")
    try Self.require(size: width, .width, "the map's width")
    let area = Double(height) * Double(width)
    switch operation {
    case .convolution(let it):
      try Self.validate(it)
      let macs = Double(it.inputsPerGroup * it.kernel * it.kernel) * Double(it.outputs) * area
      let elements = Double(max(it.inputs, it.outputs) + it.passing) * area
      try Self.require(cost: max(macs / Double(it.stride * it.stride), elements))
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .multiply(let channels), .copy(let channels):
      try Self.require(size: channels, .channels, "the number of channels")
      try Self.require(cost: Double(channels) * area)
    case .pixelShuffle(let factor, let channels):
      try Self.require(size: channels, .channels, "the number of channels")
      try Self.require(
        shuffleFactors.contains(factor), .factor,
        "a pixel-shuffle factor is 2, 3 or 4, not \(factor)")
      try Self.require(cost: Double(channels * factor * factor) * area)
    case .resize(_, let factor, let channels):
      try Self.require(size: channels, .channels, "the number of channels")
      try Self.require(
        resizeFactors.contains(factor), .factor, "a resize has a factor of 2 to 8, not \(factor)")
      try Self.require(cost: Double(channels * factor * factor) * area)
    case .concat(let first, let second):
      try Self.require(size: first, .first, "the first number of channels")
      try Self.require(size: second, .second, "the second number of channels")
      try Self.require(cost: Double(first + second) * area)
    }
  }

  /// Whether it is a convolution of which not all weights are kept.
  public var isPruned: Bool {
    if case .convolution(let it) = operation { it.sparsity != nil } else { false }
  }

  /// The same workload with no weight pruned.
  public var dense: Workload {
    guard case .convolution(var it) = operation else { return self }
    it.sparsity = nil
    var result = self
    result.operation = .convolution(it)
    return result
  }

  /// Throws why a convolution cannot be one.
  static func validate(_ it: Convolution) throws(InvalidWorkload) {
    try require(size: it.inputs, .inputs, "the number of input channels")
    try require(size: it.outputs, .outputs, "the number of output channels")
    try require(
      it.kernel > 0 && it.kernel % 2 == 1 && it.kernel <= 31, .kernel,
      "a kernel is odd and at most 31, not \(it.kernel)")
    try require(
      it.stride == 1 || it.stride == 2, .stride, "a stride is 1 or 2, not \(it.stride)")
    try require(
      it.groups == 1 || it.isDepthwise || it.hasWholeTexelsInGroups, .groups,
      "groups are 1, equal to input and output channels (depthwise), or leave multiples of 4 channels "
        + "in each, unlike \(it.groups) for \(it.inputs) -> \(it.outputs)")
    if it.shuffle != 1 {
      try require(
        shuffleFactors.contains(it.shuffle), .shuffle,
        "a pixel-shuffle store has a factor of 2, 3 or 4, not \(it.shuffle)")
      try require(
        !it.isDepthwise, .shuffle, "a depthwise convolution has no pixel-shuffle store")
      try require(
        it.outputs % (it.shuffle * it.shuffle) == 0, .shuffle,
        "\(it.outputs) output channels do not divide by the \(it.shuffle * it.shuffle) of a "
          + "pixel-shuffle store of \(it.shuffle)")
      try require(
        it.groups == 1 || it.outputs / it.groups % (4 * it.shuffle * it.shuffle) == 0, .shuffle,
        "a pixel-shuffle store of \(it.shuffle) needs a multiple of \(4 * it.shuffle * it.shuffle) "
          + "output channels in each group, not \(it.outputs / it.groups)")
    }
    if it.passing != 0 { try validatePassing(it) }
    if case .clip(let minimum, let maximum) = it.activation {
      try require(
        minimum <= 0 && maximum >= 0 && minimum < maximum && minimum.isFinite && maximum.isFinite,
        .activation, "a clip interval includes zero and is finite, unlike \(it.activation)")
    }
    try it.sparsity?.validate(of: it)
  }

  private static func validatePassing(_ it: Convolution) throws(InvalidWorkload) {
    try require(size: it.passing, .passing, "the number of passing channels")
    try require(
      it.stride == 1 && it.groups == 1 && it.residual == .none && it.shuffle == 1, .passing,
      "channels pass a convolution of stride 1 without groups, residual and pixel-shuffle store only"
    )
    try require(
      it.inputs % 4 == 0 && it.passing % 4 == 0, .passing,
      "channels pass in multiples of 4, behind a multiple of 4 input channels, not \(it.passing) "
        + "behind \(it.inputs)")
  }

  private static func require(
    size: Int, _ part: InvalidWorkload.Part, _ what: @autoclosure () -> String
  ) throws(InvalidWorkload) {
    try require(size > 0, part, "\(what()) is at least 1, not \(size)")
    try require(size <= largestSize, part, "\(what()) is at most \(largestSize), not \(size)")
  }

  private static func require(cost: Double) throws(InvalidWorkload) {
    try require(
      cost <= largestCost, .all,
      "the sizes together are too large: no operand has more than 2^50 elements, and no workload "
        + "more than 2^50 multiply-accumulates")
  }

  static func require(
    _ condition: Bool, _ part: InvalidWorkload.Part, _ sentence: @autoclosure () -> String
  ) throws(InvalidWorkload) {
    if !condition { throw InvalidWorkload(part: part, description: sentence()) }
  }
}

extension Operation {
  /// One spelling for one meaning: without an activation, both kinds of residual are the same; a
  /// sparsity that keeps every weight is none.
  fileprivate var canonical: Operation {
    guard case .convolution(var it) = self else { return self }
    if it.residual != .none, it.activation == .none { it.residual = .afterActivation }
    if let sparsity = it.sparsity, sparsity.kept == sparsity.total { it.sparsity = nil }
    return .convolution(it)
  }
}

extension Convolution {
  fileprivate var hasWholeTexelsInGroups: Bool {
    groups > 1 && groups < inputs && inputs % (4 * groups) == 0 && outputs % (4 * groups) == 0
  }
}

private let shuffleFactors = 2...4
private let resizeFactors = 2...8

/// Why shapes do not make a workload, in one sentence.
public struct InvalidWorkload: Error, Hashable, CustomStringConvertible {
  /// What the sentence is about, so that a reader of files can point at it.
  public enum Part: Hashable, Sendable {
    case height, width
    case channels, inputs, outputs, first, second
    case kernel, stride, groups, activation, shuffle, passing, factor, sparsity
    /// No single number: all of them together.
    case all
  }

  public let part: Part
  public let description: String

  public init(part: Part, description: String) {
    self.part = part
    self.description = description
  }
}
