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
  }

  private(set) var samples: [Sample] = []
  /// Whether this device executes pruned layers as if they were dense where that is faster, with zeros.
  let runsPrunedDense: Bool
  /// As measured among the device's ceilings, if it was.
  let emptyDispatchNanoseconds: Double?
  /// Channels that are stored side by side and padded together.
  let channelBlock: Int

  /// No samples as yet; what the table says of the device.
  init(_ table: LatencyTable) {
    emptyDispatchNanoseconds = table.ceilings.emptyDispatchNanoseconds
    channelBlock = table.method.channelBlock
    samples.reserveCapacity(table.rows.count)
    let pruned = table.rows.lazy.filter { $0.workload.isPruned && $0.measurement != nil }
    runsPrunedDense = pruned.isEmpty || pruned.contains { $0.wasTimedDense }
  }

  /// Adds a row. A pruned layer whose best schedule multiplies by zeros was executed as a dense one: it says what
  /// that takes, and by its race what a schedule takes that leaves pruned weights out.
  mutating func append(_ row: Row, _ measurement: Measurement, nanoseconds: Double) {
    let halfWidth = measurement.latency.relativeHalfWidth
    let isDense = row.workload.isPruned && !measurement.schedule.skipsPruned
    samples.append(
      Sample(
        workload: row.workload, executed: isDense ? row.workload.dense : row.workload,
        nanoseconds: nanoseconds, relativeHalfWidth: halfWidth))
    if isDense, let ratio = row.skippingOverBest(measurement.schedule.name) {
      samples.append(
        Sample(
          workload: row.workload, executed: row.workload, nanoseconds: ratio * nanoseconds,
          relativeHalfWidth: (halfWidth * halfWidth + Self.raceHalfWidth * Self.raceHalfWidth)
            .squareRoot()))
    }
  }

  /// To how much races are known, about: they end as soon as they are decided.
  private static let raceHalfWidth = 0.1
}

extension Row {
  /// Whether a schedule that multiplies by zeros was measured, or raced.
  fileprivate var wasTimedDense: Bool {
    race.contains {
      $0.nanoseconds != nil && $0.failure == nil
        && !Measurement.Schedule(name: $0.schedule).skipsPruned
    }
      || measurement.map { !$0.schedule.skipsPruned } ?? false
  }

  /// What the fastest schedule that leaves pruned weights out took in the race, over what `best` did, which was
  /// faster after all.
  fileprivate func skippingOverBest(_ best: String) -> Double? {
    let timed = race.filter { $0.failure == nil }
    let skipping = timed.filter { Measurement.Schedule(name: $0.schedule).skipsPruned }
    guard let fastest = skipping.compactMap(\.nanoseconds).min(),
      let winner = timed.first(where: { $0.schedule == best })?.nanoseconds, winner > 0
    else { return nil }
    return max(1, fastest / winner)
  }
}
