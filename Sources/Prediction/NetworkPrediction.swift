public import Networks
public import Tables
public import Workloads

/// How long a network takes: the sum of its rows, and what a table's calibration adds.
public struct NetworkPrediction: Hashable, Sendable {
  /// A workload of the network, how often it runs, and how long once takes.
  public struct Part: Hashable, Sendable {
    public let workload: Workload
    public let count: Int
    public let row: RowPrediction

    /// Time of all runs.
    public var nanoseconds: Double { Double(count) * row.nanoseconds }
  }

  /// In the order of their first run.
  public let parts: [Part]
  /// Constants of the table's calibration; `nil` without one: the latency is then the sum of the rows.
  public let additivity: Additivity?

  /// Workloads that run, one dispatch each.
  public var dispatches: Int { parts.reduce(0) { $0 + $1.count } }
  /// Sum of the rows.
  public var rowNanoseconds: Double { parts.reduce(0) { $0 + $1.nanoseconds } }
  /// What the calibration adds.
  public var addedNanoseconds: Double {
    guard let additivity else { return 0 }
    return parts.reduce(0) {
      $0 + Double($1.count) * additivity.added(toRow: $1.row.nanoseconds)
    }
      + additivity.perSubmissionNanoseconds
  }
  /// Undisturbed latency of the network.
  public var nanoseconds: Double { rowNanoseconds + addedNanoseconds }

  /// Ends of the 95 % interval. Errors of different measured rows are taken to be independent, those of one row
  /// that runs many times to be one error, as those of like rows that are not measured; what additivity leaves
  /// open is independent of all.
  public var lowNanoseconds: Double {
    max(0, nanoseconds - halfWidth { $0.nanoseconds - $0.lowNanoseconds })
  }
  public var highNanoseconds: Double {
    nanoseconds + halfWidth { $0.highNanoseconds - $0.nanoseconds }
  }

  private func halfWidth(_ ofRow: (RowPrediction) -> Double) -> Double {
    var squares = 0.0
    // The error of a group's law is one for all of its rows that are not measured, or badly.
    var shared: [LayerPoint.Group: Double] = [:]
    for part in parts {
      let width = Double(part.count) * ofRow(part.row)
      if part.row.basis == .exact {
        squares += width * width
      } else {
        // Pruned layers may be predicted as dense ones, by their law.
        shared[LayerPoint.Group(part.workload.dense), default: 0] += width
      }
    }
    // In one order, whatever that of the dictionary.
    for width in shared.values.sorted() { squares += width * width }
    let open = 1.96 * (additivity?.relativeSpread ?? 0) * nanoseconds
    return (squares + open * open).squareRoot()
  }

  /// Share of the rows' sum that rests on rows had so.
  public func share(_ basis: RowPrediction.Basis) -> Double {
    let part = parts.reduce(0) { $0 + ($1.row.basis == basis ? $1.nanoseconds : 0) }
    return part > 0 ? part / rowNanoseconds : 0
  }

  /// Share of the rows' sum that rests on rows of the table.
  public var measuredShare: Double { share(.exact) + share(.combined) }

  init(parts: [Part], additivity: Additivity?) {
    self.parts = parts
    self.additivity = additivity
  }

  /// Predicts workloads, each with how often it runs.
  ///
  /// - Parameter exactOnly: Whether every row has to be in the table.
  /// - Throws: ``PredictionError/failedRow(_:_:)`` if one of them cannot run, or
  ///   ``PredictionError/notExact(_:)`` with the rows that the table lacks.
  public init(
    _ counts: [(workload: Workload, count: Int)], predictor: LatencyPredictor,
    exactOnly: Bool = false
  ) throws(PredictionError) {
    var parts: [Part] = []
    for (workload, count) in counts {
      let row = try predictor.latency(of: workload)
      parts.append(Part(workload: workload, count: count, row: row))
    }
    let lacking = parts.filter { !$0.row.basis.isMeasured }.map(\.workload)
    if exactOnly, !lacking.isEmpty { throw .notExact(lacking) }
    self.parts = parts
    additivity = predictor.additivity
  }

  /// Predicts a network.
  public init(
    _ network: LoweredNetwork, predictor: LatencyPredictor, exactOnly: Bool = false
  ) throws(PredictionError) {
    try self.init(network.counts, predictor: predictor, exactOnly: exactOnly)
  }
}
