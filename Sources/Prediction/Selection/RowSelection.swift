public import Tables
public import Workloads

/// Chooses rows of a sweep to measure, batch after batch, and says what is expected of those that are left out.
public struct RowSelection {
  /// A row that was not measured.
  public struct LeftOut: Hashable, Sendable {
    /// The row's workload.
    public let workload: Workload
    /// Its latency by the rows that are measured.
    public let prediction: RowPrediction
  }

  /// Rows that are not measured and can be predicted, in the order of the sweep.
  public private(set) var leftOut: [LeftOut] = []
  /// The mean of the errors expected of those, as a share, each by how much it matters: 0 where none is left out,
  /// `nil` before the first row is measured.
  public private(set) var expectedError: Double?

  private let rows: [Workload]
  private let importance: [Workload: Double]
  private var design: RowDesign
  private var batches = 0

  /// - Parameters:
  ///   - importance: How often each row runs in what the table is for; rows that it lacks do not matter. Empty where
  ///     all matter equally.
  ///   - channelBlock: Channels that the device stores side by side.
  public init(_ rows: [Workload], importance: [Workload: Double] = [:], channelBlock: Int) {
    self.rows = rows
    self.importance = importance
    design = RowDesign(
      rows.map { workload in
        // Before any time is known, work stands for it.
        let work = Double(max(workload.macs, workload.bytes))
        return (workload, importance.isEmpty ? 1 : (importance[workload] ?? 0) * work)
      }, channelBlock: channelBlock)
  }

  /// The next rows to measure: at first one of each kind of layer and an eighth of all, later a few, so that each
  /// choice knows what the rows before have told. Empty once no other row matters.
  ///
  /// - Parameter most: How many at most.
  public mutating func nextBatch(most: Int) -> [Workload] {
    let usual =
      batches == 0
      ? max(rows.count / Self.firstShare, design.groupCount)
      : max(rows.count / Self.laterShare, Self.fewest)
    batches += 1
    return (0..<max(0, min(usual, most))).map { _ in design.next() }.compactMap(\.self)
  }

  private static let firstShare = 8
  private static let laterShare = 20
  private static let fewest = 2

  /// Learns from the rows that are measured, failed ones among them.
  public mutating func learn(from table: LatencyTable) {
    let known = Set(table.rows.map(\.workload))
    for workload in known { design.take(workload) }
    let unknown = rows.filter { !known.contains($0) }
    leftOut = []
    expectedError = unknown.isEmpty ? 0 : nil
    guard let predictor = try? LatencyPredictor(table: table) else { return }
    for workload in unknown {
      guard let prediction = try? predictor.latency(of: workload) else { continue }
      leftOut.append(LeftOut(workload: workload, prediction: prediction))
    }
    let errors = leftOut.map(\.prediction.expectedError)
    let weights = leftOut.map(weight)
    for (row, (error, weight)) in zip(leftOut, zip(errors, weights)) {
      design.expect(error, weight: weight, of: row.workload)
    }
    let whole = weights.reduce(0, +)
    expectedError =
      whole > 0 ? zip(weights, errors).reduce(0) { $0 + $1.0 * $1.1 } / whole : 0
  }

  /// How much an error of a row's prediction matters, as a share of it: by the time that the row takes in what the
  /// table is for.
  private func weight(of row: LeftOut) -> Double {
    importance.isEmpty ? 1 : (importance[row.workload] ?? 0) * row.prediction.nanoseconds
  }
}

extension RowPrediction {
  /// The mean of the absolute errors that the interval promises, as a share: of normal errors, of which it holds 95 %
  /// (the mean of a normal variable's absolute value is 0.798 of its standard deviation).
  fileprivate var expectedError: Double { min(1, 0.798 * relativeHalfWidth / 1.96) }
}
