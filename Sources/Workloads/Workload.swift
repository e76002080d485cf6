/// One fused operator at concrete shapes: the key of a table row.
///
/// A workload that exists is valid: its channels, map and factors are positive and fit together.
public struct Workload: Hashable, Sendable {
  /// What is computed.
  public let operation: Operation
  /// Height of the input map in pixels.
  public let height: Int
  /// Width of the input map in pixels.
  public let width: Int
  /// The type activations and weights are stored and computed in.
  public let elementType: ElementType

  /// Largest value any size may have: keeps every product of three sizes within 64 bits.
  static let largestSize = 1 << 20

  /// Makes a workload, or says in one sentence why these shapes cannot be one.
  public init(
    _ operation: Operation, height: Int, width: Int, elementType: ElementType = .float32
  ) throws(InvalidWorkload) {
    self.operation = operation.canonical
    self.height = height
    self.width = width
    self.elementType = elementType
    try Self.require(size: height, "the map's height")
    try Self.require(size: width, "the map's width")
    switch operation {
    case .convolution(let convolution): try Self.validate(convolution)
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels):
      try Self.require(size: channels, "the number of channels")
    case .pixelShuffle(let factor, let channels):
      try Self.require(size: channels, "the number of channels")
      try Self.require(shuffleFactors.contains(factor), "a pixel-shuffle factor is 2, 3 or 4, not \(factor)")
    case .concat(let first, let second):
      try Self.require(size: first, "the first number of channels")
      try Self.require(size: second, "the second number of channels")
    }
  }

  private static func validate(_ it: Convolution) throws(InvalidWorkload) {
    try require(size: it.inputs, "the number of input channels")
    try require(size: it.outputs, "the number of output channels")
    try require(
      it.kernel > 0 && it.kernel % 2 == 1 && it.kernel <= 31,
      "a kernel is odd and at most 31, not \(it.kernel)")
    try require(it.stride == 1 || it.stride == 2, "a stride is 1 or 2, not \(it.stride)")
    try require(
      it.groups == 1 || (it.groups == it.inputs && it.groups == it.outputs),
      "groups are 1, or equal to input and output channels (depthwise), "
        + "not \(it.groups) for \(it.inputs) -> \(it.outputs)")
    if it.shuffle != 1 {
      try require(
        shuffleFactors.contains(it.shuffle),
        "a pixel-shuffle store has a factor of 2, 3 or 4, not \(it.shuffle)")
      try require(!it.isDepthwise, "a depthwise convolution has no pixel-shuffle store")
      try require(
        it.outputs % (it.shuffle * it.shuffle) == 0,
        "\(it.outputs) output channels do not divide by the \(it.shuffle * it.shuffle) of a "
          + "pixel-shuffle store of \(it.shuffle)")
    }
    if case .clip(let minimum, let maximum) = it.activation {
      try require(
        minimum <= 0 && maximum >= 0 && minimum < maximum && minimum.isFinite && maximum.isFinite,
        "a clip interval includes zero, unlike \(it.activation)")
    }
  }

  private static func require(size: Int, _ what: String) throws(InvalidWorkload) {
    try require(size > 0, "\(what) is at least 1, not \(size)")
    try require(size <= largestSize, "\(what) is at most \(largestSize), not \(size)")
  }

  private static func require(_ condition: Bool, _ sentence: String) throws(InvalidWorkload) {
    if !condition { throw InvalidWorkload(description: sentence) }
  }
}

extension Operation {
  /// One spelling for one meaning: without an activation, both kinds of residual are the same.
  fileprivate var canonical: Operation {
    guard case .convolution(var it) = self, it.residual != .none, it.activation == .none else {
      return self
    }
    it.residual = .afterActivation
    return .convolution(it)
  }
}

private let shuffleFactors = 2...4

/// Why shapes do not make a workload, in one sentence.
public struct InvalidWorkload: Error, Hashable, CustomStringConvertible {
  public let description: String
}
