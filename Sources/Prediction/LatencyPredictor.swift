public import Tables
public import Workloads

/// Latency of any workload, from the rows of a table.
///
/// A workload that the table has gets its row: the undisturbed figure, smoothed where a row that keeps
/// fewer weights is slower within the noise (``Monotonicity``). A row whose interval is wide gets the mean of that and
/// of what other rows say of it, weighted by their precision. Any other gets what a law of costs says,
/// which is fitted on its kind of layer (see ``CostLaw``), times what measured rows of like layers deviate
/// from that law (see ``Neighbourhood``). Such a prediction is kept between the slowest row of its family
/// (layers that differ by channels, map and kept ratio alone) that is no larger in any size, and the fastest
/// that is no smaller: no layer is predicted to be faster than a measured one that does less. A pruned layer
/// gets the faster of what it takes with pruned weights left out and what the dense one takes, if the device
/// executes it either way.
public struct LatencyPredictor: Sendable {
  /// What whole networks take beyond the sum of their rows; `nil` if the table was not calibrated.
  public let additivity: Additivity?
  private var exact: [Workload: RowPrediction] = [:]
  /// The farther end of an interval, as a share, from which on other rows are asked too: they are hardly ever known to
  /// less.
  static let badlyMeasured = 0.1
  private var failures: [Workload: Failure] = [:]
  private let interpolation: Interpolation.Prepared

  /// Prepares a table of 5,000 rows in some ten milliseconds.
  public init(table: LatencyTable) throws(PredictionError) {
    additivity = table.additivity
    let monotonicity = table.monotonicity
    exact.reserveCapacity(table.rows.count)
    for row in table.rows {
      switch row.result {
      // A row that was too noisy runs, and is predicted like one that is not there.
      case .failed(let failure) where failure.kind == .tooNoisy: break
      case .failed(let failure): failures[row.workload] = failure
      case .measured(let measurement):
        let latency = measurement.latency
        let nanoseconds =
          monotonicity.smoothedNanoseconds(of: row) ?? latency.undisturbedNanoseconds
        exact[row.workload] = RowPrediction(
          nanoseconds: nanoseconds, lowNanoseconds: min(latency.lowNanoseconds, nanoseconds),
          highNanoseconds: max(latency.highNanoseconds, nanoseconds), basis: .exact)
      }
    }
    guard !exact.isEmpty else { throw .noRows }
    interpolation = Interpolation.Prepared(MeasuredRows(table, monotonicity))
  }

  /// Predicts one workload, in a microsecond if the table has it and in some ten if not, or if it was measured badly;
  /// the first of those takes as long as fitting laws to the table, some tens of milliseconds.
  ///
  /// - Throws: ``PredictionError/failedRow(_:_:)`` if the table says that it does not run.
  public func latency(of workload: Workload) throws(PredictionError) -> RowPrediction {
    if let row = exact[workload] {
      let farthest = max(
        row.highNanoseconds - row.nanoseconds, row.nanoseconds - row.lowNanoseconds)
      return farthest > Self.badlyMeasured * row.nanoseconds
        ? interpolation.combined(row, of: workload) : row
    }
    if let failure = failures[workload] { throw .failedRow(workload, failure) }
    return interpolation.latency(of: workload)
  }

  /// Share of a layer's latency that goes by the speed of memory, by the law of its kind of layer; the rest goes by
  /// that of arithmetic.
  public func memoryShare(of workload: Workload) -> Double {
    interpolation.memoryShare(of: workload)
  }
}
