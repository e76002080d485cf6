internal import Tables
internal import Workloads

/// What a table says of layers as they were executed, and of the device.
struct MeasuredRows: Sendable {
  /// Undisturbed latency of a layer, and half the width of its 95 % interval as a share of it.
  struct Sample: Sendable {
    let workload: Workload
    /// The dense workload, if a pruned one was executed as such.
    let executed: Workload
    let nanoseconds: Double
    let relativeHalfWidth: Double
    /// Whether no larger layer can be faster, and no smaller one slower: the row was measured well, as what it is,
    /// and not as another layer, nor in a race.
    let isBound: Bool
  }

  private let table: LatencyTable
  private let monotonicity: Monotonicity

  init(_ table: LatencyTable, _ monotonicity: Monotonicity) {
    self.table = table
    self.monotonicity = monotonicity
  }

  /// As measured among the device's ceilings, if it was.
  var emptyDispatchNanoseconds: Double? { table.ceilings.emptyDispatchNanoseconds }
  /// Channels that are stored side by side and padded together.
  var channelBlock: Int { table.backend.channelBlock }

  /// Whether this device executes pruned layers as if they were dense where that is faster, with zeros.
  var runsPrunedDense: Bool {
    let pruned = table.rows.lazy.filter { $0.workload.isPruned && $0.measurement != nil }
    return pruned.isEmpty || pruned.contains { $0.wasTimedDense(by: table.backend) }
  }

  /// Those of all measured rows. A pruned layer whose best schedule multiplies by zeros was executed as a dense
  /// one: it says what that takes, and by its race what a schedule takes that leaves pruned weights out.
  var samples: [Sample] {
    table.rows.flatMap { row -> [Sample] in
      guard let measurement = row.measurement,
        let nanoseconds = monotonicity.smoothedNanoseconds(of: row)
      else { return [] }
      let workload = row.workload
      let halfWidth = measurement.latency.relativeHalfWidth
      let asItIs = Sample(
        workload: workload, executed: workload, nanoseconds: nanoseconds,
        relativeHalfWidth: halfWidth, isBound: halfWidth <= LatencyPredictor.badlyMeasured)
      let schedule = measurement.schedule.name
      guard workload.isPruned, !table.backend.skipsPruned(by: schedule) else { return [asItIs] }
      let dense = Sample(
        workload: workload, executed: workload.dense, nanoseconds: nanoseconds,
        relativeHalfWidth: halfWidth, isBound: false)
      guard let ratio = row.skippingOverBest(schedule, by: table.backend) else { return [dense] }
      let skipping = Sample(
        workload: workload, executed: workload, nanoseconds: ratio * nanoseconds,
        relativeHalfWidth: (halfWidth * halfWidth + Self.raceHalfWidth * Self.raceHalfWidth)
          .squareRoot(), isBound: false)
      return [dense, skipping]
    }
  }

  /// To how much races are known, about: they end as soon as they are decided.
  private static let raceHalfWidth = 0.1
}

extension Row {
  /// Whether a schedule that multiplies by zeros was measured, or raced.
  fileprivate func wasTimedDense(by backend: BackendTraits) -> Bool {
    race.contains { $0.validNanoseconds != nil && !backend.skipsPruned(by: $0.schedule) }
      || measurement.map { !backend.skipsPruned(by: $0.schedule.name) } ?? false
  }

  /// What the fastest schedule that leaves pruned weights out took in the race, over what `best` did, which was
  /// faster after all.
  fileprivate func skippingOverBest(_ best: String, by backend: BackendTraits) -> Double? {
    let skipping = race.filter { backend.skipsPruned(by: $0.schedule) }
    guard let fastest = skipping.compactMap(\.validNanoseconds).min(),
      let winner = race.first(where: { $0.schedule == best })?.validNanoseconds, winner > 0
    else { return nil }
    return max(1, fastest / winner)
  }
}
