public import Prediction
internal import Statistics
internal import Tables
internal import Workloads

/// The parts of the errors of predicted networks, by rows that were measured again in the rounds of the frames.
public struct ErrorParts: Sendable {
  /// How much longer rows of the table take now than they did then, as a share: the median over the rows.
  public let drift: Double
  /// Sums of the rows measured now, with what calibration adds, against the frames.
  public let additivity: PredictionErrors
  /// Rows of the table against the same rows measured now, drift taken out.
  public let rows: PredictionErrors
  /// Rows that the table lacks, as predicted, against what was measured now, drift taken out.
  public let interpolation: PredictionErrors
  /// Networks that are no part of ``additivity``, since one of their rows could not be measured.
  public let incomplete: Int

  init(_ results: [NetworkTrials.Result], _ paired: PairedRows) {
    var now: [Workload: Double] = [:]
    var rows: [Workload: RowPrediction] = [:]
    for part in results.flatMap(\.prediction.parts) where rows[part.workload] == nil {
      rows[part.workload] = part.row
      now[part.workload] = paired.nanoseconds(of: part.workload)
    }
    let pairs = rows.compactMap { workload, row in
      now[workload].map {
        (predicted: row.nanoseconds, measured: $0, isMeasured: row.basis.isMeasured)
      }
    }
    let factor =
      median(pairs.filter(\.isMeasured).map { $0.measured / $0.predicted })
      ?? median(pairs.map { $0.measured / $0.predicted }) ?? 1
    drift = factor - 1
    func errors(_ isMeasured: Bool) -> PredictionErrors {
      PredictionErrors(
        pairs.filter { $0.isMeasured == isMeasured }.map { ($0.predicted * factor, $0.measured) })
    }
    self.rows = errors(true)
    interpolation = errors(false)
    let sums = results.map { result in
      (Self.sum(of: result.prediction, now, factor), result.frame.undisturbedNanoseconds)
    }
    additivity = PredictionErrors(sums.compactMap { sum, frame in sum.map { ($0, frame) } })
    incomplete = sums.count { $0.0 == nil }
  }

  /// Nanoseconds of a network by rows measured now; `nil` if one of them was not.
  ///
  /// - Parameter factor: How many times as long as for the table, where the calibration was made, things take now.
  private static func sum(
    of prediction: NetworkPrediction, _ now: [Workload: Double], _ factor: Double
  ) -> Double? {
    let additivity = prediction.additivity
    var sum = factor * (additivity?.perSubmissionNanoseconds ?? 0)
    for part in prediction.parts {
      guard let row = now[part.workload] else { return nil }
      let added = factor * (additivity?.added(toRow: row / factor) ?? 0)
      sum += Double(part.count) * (row + added)
    }
    return sum
  }
}
