/// The settings of a search: none of them may change while it goes on.
public struct SearchSettings: Hashable, Sendable {
  public var space: SearchSpace
  /// Of the table that predicts latencies; a calibration is part of it.
  public var table: String
  public var limit: LatencyLimit
  public var seed: UInt64
  public var strategy: Strategy
  /// Training steps of an evaluation; `nil` is what the evaluator suggests.
  public var fidelity: Int?
  /// Training steps of the supernet whose weights candidates inherit; `nil` is none.
  public var supernetSteps: Int?
  /// Notes that the caller wants to find again, such as the path of the table: kept, and free to change.
  public var notes: [String: String]

  public init(
    space: SearchSpace, table: String, limit: LatencyLimit, seed: UInt64 = 1,
    strategy: Strategy = Strategy(), fidelity: Int? = nil, supernetSteps: Int? = nil,
    notes: [String: String] = [:]
  ) {
    self.space = space
    self.table = table
    self.limit = limit
    self.seed = seed
    self.strategy = strategy
    self.fidelity = fidelity
    self.supernetSteps = supernetSteps
    self.notes = notes
  }

  /// The settings that may not change, by name, as they are stored.
  var fixed: [(name: String, value: String)] {
    [
      ("space", space.json), ("table", table), ("target", "\(limit.nanoseconds)"),
      ("confidence", limit.confidence.map { "\($0)" } ?? "none"), ("seed", "\(seed)"),
      ("strategy", strategy.description), ("fidelity", fidelity.map { "\($0)" } ?? "suggested"),
      ("supernet", supernetSteps.map { "\($0)" } ?? "none"),
    ]
  }
}
