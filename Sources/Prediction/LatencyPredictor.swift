internal import Glibc
public import Tables
public import Workloads

/// Latency of any workload, from the rows of a table.
///
/// A workload that the table has gets its row: the undisturbed figure, smoothed where a row that keeps
/// fewer weights is slower (``Monotonicity``). Any other gets what a law of costs says, which is fitted
/// on its kind of layer (see ``CostLaw``), times what measured rows of like layers deviate from that
/// law (see ``Neighbourhood``). Such a prediction is kept between the slowest row of its family (layers
/// that differ by channels, map and kept ratio alone) that is no larger in any size, and the fastest
/// that is no smaller: no layer is predicted to be faster than a measured one that does less.
public struct LatencyPredictor: Sendable {
  /// What whole networks take beyond the sum of their rows; `nil` if the table was not calibrated.
  public let additivity: Additivity?
  private var exact: [Workload: RowPrediction] = [:]
  private var failures: [Workload: Failure] = [:]
  private let laws: CostLaws
  private var neighbourhoods: [LayerPoint.Group: Neighbourhood] = [:]
  private let trust: Trust

  /// Prepares a table of 5,000 rows in some ten milliseconds.
  public init(table: LatencyTable) throws(PredictionError) {
    additivity = table.additivity
    let monotonicity = table.monotonicity
    var rows: [(point: LayerPoint, nanoseconds: Double)] = []
    exact.reserveCapacity(table.rows.count)
    rows.reserveCapacity(table.rows.count)
    for row in table.rows {
      switch row.result {
      case .failed(let failure): failures[row.workload] = failure
      case .measured(let measurement):
        let latency = measurement.latency
        let nanoseconds =
          monotonicity.smoothedNanoseconds(of: row.workload) ?? latency.undisturbedNanoseconds
        exact[row.workload] = RowPrediction(
          nanoseconds: nanoseconds, lowNanoseconds: min(latency.lowNanoseconds, nanoseconds),
          highNanoseconds: max(latency.highNanoseconds, nanoseconds), basis: .exact)
        rows.append((LayerPoint(row.workload), nanoseconds))
      }
    }
    guard !rows.isEmpty else { throw .noRows }
    laws = CostLaws(
      fitting: rows, emptyDispatchNanoseconds: table.ceilings.emptyDispatchNanoseconds)
    for row in rows {
      neighbourhoods[row.point.group, default: Neighbourhood()].append(
        Neighbourhood.Member(
          point: row.point, nanoseconds: row.nanoseconds,
          deviation: log(row.nanoseconds / laws.nanoseconds(of: row.point))))
    }
    trust = Trust(neighbourhoods)
  }

  /// Predicts one workload, in a microsecond if the table has it and in some ten if not.
  ///
  /// - Throws: ``PredictionError/failedRow(_:_:)`` if the table says that it does not run.
  public func latency(of workload: Workload) throws(PredictionError) -> RowPrediction {
    if let row = exact[workload] { return row }
    if let failure = failures[workload] { throw .failedRow(workload, failure) }
    let point = LayerPoint(workload)
    let neighbourhood = neighbourhoods[point.group] ?? Neighbourhood()
    let estimate = neighbourhood.estimates(of: point, noises: [trust.noise])[0]
    let bounds = neighbourhood.bounds(of: point)
    var nanoseconds = laws.nanoseconds(of: point) * exp(estimate.deviation)
    // Rows that contradict each other bound nothing.
    if bounds.low <= bounds.high { nanoseconds = min(max(nanoseconds, bounds.low), bounds.high) }
    let factor = exp(trust.halfWidth(of: estimate, in: point.group))
    return RowPrediction(
      nanoseconds: nanoseconds, lowNanoseconds: nanoseconds / factor,
      highNanoseconds: nanoseconds * factor,
      basis: estimate.explained >= 0.5 ? .interpolated : .modelled)
  }
}
