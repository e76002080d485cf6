internal import Statistics
public import Tables
internal import Workloads

/// How well rows of a table are predicted from others: a half is hidden, and predicted from the other half.
/// Needs no device.
public struct HiddenRows: Sendable {
  /// A row that was hidden.
  public struct Row: Hashable, Sendable {
    public let name: String
    public let measuredNanoseconds: Double
    public let prediction: RowPrediction
    /// Predicted over measured, less one.
    public var error: Double { prediction.nanoseconds / measuredNanoseconds - 1 }
  }

  public let rows: [Row]

  /// Hides half of the measured rows, drawn by `seed`.
  ///
  /// - Throws: ``PredictionError/nothingToHide`` for a table with fewer than two measured rows.
  public init(_ table: LatencyTable, seed: UInt64) throws(PredictionError) {
    var random = SplitMix64(state: seed)
    let measured = table.rows.filter { $0.measurement != nil }.shuffled(using: &random)
    guard measured.count > 1 else { throw .nothingToHide }
    var known = table
    known.rows = Array(measured[(measured.count / 2)...])
    let predictor = try LatencyPredictor(table: known)
    var rows: [Row] = []
    for row in measured[..<(measured.count / 2)] {
      guard let latency = row.measurement?.latency else { continue }
      rows.append(
        Row(
          name: row.workload.name, measuredNanoseconds: latency.undisturbedNanoseconds,
          prediction: try predictor.latency(of: row.workload)))
    }
    self.rows = rows
  }

  /// Share of the hidden rows that lie in the interval of their prediction.
  public var covered: Double {
    let inside = rows.count {
      $0.prediction.lowNanoseconds <= $0.measuredNanoseconds
        && $0.measuredNanoseconds <= $0.prediction.highNanoseconds
    }
    return Double(inside) / Double(rows.count)
  }
}
