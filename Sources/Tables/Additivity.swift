/// What whole networks take beyond the sum of their rows, fitted on networks that were executed.
public struct Additivity: Hashable, Sendable, Codable {
  /// Share of its row that each dispatch saves: inside a network a layer may find its operands warmer than in
  /// the ring it was measured with. `nil` in tables before version 1.4.0.
  public var savedShare: Double?
  /// Time that each dispatch adds to its row; in tables before version 1.4.0 below zero where layers of a network
  /// are faster than their rows.
  public var perDispatchNanoseconds: Double
  /// Time that each submission adds, once for a network.
  public var perSubmissionNanoseconds: Double
  /// Standard deviation of what remains, as a share of a network's latency.
  public var relativeSpread: Double
  /// Networks it was fitted on.
  public var networks: Int

  public init(
    savedShare: Double? = nil, perDispatchNanoseconds: Double, perSubmissionNanoseconds: Double,
    relativeSpread: Double, networks: Int
  ) {
    self.savedShare = savedShare
    self.perDispatchNanoseconds = perDispatchNanoseconds
    self.perSubmissionNanoseconds = perSubmissionNanoseconds
    self.relativeSpread = relativeSpread
    self.networks = networks
  }

  /// Throws what makes these constants impossible.
  func validate() throws(TableError.Problem) {
    for (key, value) in [
      ("perSubmissionNanoseconds", perSubmissionNanoseconds), ("relativeSpread", relativeSpread),
      ("networks", Double(networks)),
    ] where !(0...Bounds.nanoseconds.upperBound ~= value) {
      throw .wrongType(key, "\(value), not at least 0 and less than years")
    }
    if let savedShare, !(0...1 ~= savedShare) {
      throw .wrongType("savedShare", "\(savedShare), not from 0 to 1")
    }
    if !(abs(perDispatchNanoseconds) <= Bounds.nanoseconds.upperBound) {
      throw .wrongType("perDispatchNanoseconds", "\(perDispatchNanoseconds), not less than years")
    }
  }
}
