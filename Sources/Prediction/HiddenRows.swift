internal import Statistics
public import Tables
internal import Workloads

/// How well rows of a table are predicted from others: some are hidden, and predicted from the rest.
/// Needs no device.
public struct HiddenRows: Sendable {
  /// A row that was hidden.
  public struct Row: Hashable, Sendable {
    public let name: String
    public let measuredNanoseconds: Double
    /// Half width of the 95 % interval of that, as a share.
    public let relativeHalfWidth: Double
    public let prediction: RowPrediction
    /// Predicted over measured, less one.
    public var error: Double { prediction.nanoseconds / measuredNanoseconds - 1 }
  }

  public let rows: [Row]

  /// Rows that were not hidden.
  public let kept: Int

  /// Hides half of the measured rows, drawn by `seed`.
  ///
  /// - Throws: ``PredictionError/nothingToHide`` for a table with fewer than two measured rows.
  public init(_ table: LatencyTable, seed: UInt64) throws(PredictionError) {
    var random = SplitMix64(state: seed)
    let measured = table.rows.filter { $0.measurement != nil }.shuffled(using: &random)
    try self.init(
      table, hidden: measured[..<(measured.count / 2)], kept: measured[(measured.count / 2)...])
  }

  /// Hides all but a share of the measured rows, which are chosen as a campaign would that measures some rows only.
  ///
  /// - Throws: ``PredictionError/nothingToHide`` if none is left to be hidden, or none to be kept.
  public init(_ table: LatencyTable, keeping share: Double) throws(PredictionError) {
    let measured = table.rows.filter { $0.measurement != nil }
    let most = max(1, Int(share * Double(measured.count)))
    var selection = RowSelection(
      measured.map(\.workload), channelBlock: table.backend.channelBlock)
    var known = table
    known.rows = []
    while known.rows.count < most {
      let batch = Set(selection.nextBatch(most: most - known.rows.count))
      if batch.isEmpty { break }
      known.rows += measured.filter { batch.contains($0.workload) }
      selection.learn(from: known)
    }
    let kept = Set(known.rows.map(\.workload))
    try self.init(
      table, hidden: measured.filter { !kept.contains($0.workload) }[...], kept: known.rows[...])
  }

  private init(
    _ table: LatencyTable, hidden: ArraySlice<Tables.Row>, kept: ArraySlice<Tables.Row>
  ) throws(PredictionError) {
    guard !hidden.isEmpty, !kept.isEmpty else { throw .nothingToHide }
    var known = table
    known.rows = Array(kept)
    let predictor = try LatencyPredictor(table: known)
    var rows: [Row] = []
    for row in hidden {
      guard let latency = row.measurement?.latency else { continue }
      rows.append(
        Row(
          name: row.workload.name, measuredNanoseconds: latency.undisturbedNanoseconds,
          relativeHalfWidth: latency.relativeHalfWidth,
          prediction: try predictor.latency(of: row.workload)))
    }
    self.rows = rows
    self.kept = kept.count
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
