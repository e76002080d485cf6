internal import Workloads

/// Rows of several tables for one workload.
struct Overlap {
  /// A row that is neither within the interval of the one that was kept, nor has it within its own.
  struct Disagreement {
    /// How much longer the slower of both takes, as a share.
    let excess: Double
    let sentence: String
  }

  private struct Candidate {
    let row: Row
    let name: String
    let measurement: Measurement

    var latency: Latency { measurement.latency }
  }

  private let first: Row
  private var candidates: [Candidate] = []

  init(_ row: Row, of name: String) {
    first = row
    add(row, of: name)
  }

  /// Adds another table's row of the same workload. Failed rows do not matter beside measured ones.
  mutating func add(_ row: Row, of name: String) {
    guard let measurement = row.measurement else { return }
    let candidate = Candidate(row: row, name: name, measurement: measurement)
    // Rows that differ in nothing but samples are one row, merged before in one of the tables.
    if let known = candidates.firstIndex(where: { $0.measurement.isSame(as: measurement) }) {
      if candidates[known].latency.samples < measurement.latency.samples {
        candidates[known] = candidate
      }
    } else {
      candidates.append(candidate)
    }
  }

  /// The one with the narrowest interval among those that no other schedule is faster than for sure; `nil` if all
  /// failed.
  private var best: Candidate? {
    candidates.filter { one in
      !candidates.contains {
        $0.measurement.schedule.name != one.measurement.schedule.name
          && $0.latency.highNanoseconds < one.latency.lowNanoseconds
      }
    }.min {
      ($0.latency.relativeHalfWidth, $0.latency.undisturbedNanoseconds)
        < ($1.latency.relativeHalfWidth, $1.latency.undisturbedNanoseconds)
    }
  }

  /// The row that is kept, its efficiency by the ceilings of a table.
  func row(in table: LatencyTable) -> Row {
    guard let best else { return first }
    var (row, measurement) = (best.row, best.measurement)
    let samples = candidates.filter {
      $0.measurement.schedule.name == measurement.schedule.name
    }.reduce(0) { $0 + $1.latency.samples }
    measurement.latency.samples = min(samples, Bounds.count.upperBound)
    measurement.efficiency = Measurement.Efficiency(
      workload: row.workload, nanoseconds: measurement.latency.undisturbedNanoseconds,
      ceilings: table.ceilings, ringSize: table.method.ringSize,
      channelBlock: table.backend.channelBlock)
    row.result = .measured(measurement)
    return row
  }

  /// Rows by the kept one's schedule that contradict it.
  var disagreements: [Disagreement] {
    guard let best else { return [] }
    return candidates.compactMap { other in
      let (faster, slower) =
        best.latency.undisturbedNanoseconds < other.latency.undisturbedNanoseconds
        ? (best, other) : (other, best)
      guard other.measurement.schedule.name == best.measurement.schedule.name,
        faster.latency.highNanoseconds < slower.latency.lowNanoseconds
      else { return nil }
      let excess =
        slower.latency.undisturbedNanoseconds / faster.latency.undisturbedNanoseconds - 1
      return Disagreement(
        excess: excess,
        sentence: "'\(first.workload)' takes \(MergedTable.percent(excess)) longer in "
          + "\(slower.name) than in \(faster.name), beyond both intervals; the row of "
          + "\(best.name) is kept, whose interval is narrower.")
    }
  }
}

extension Measurement {
  /// Whether figures and schedule are the same, whatever was merged.
  fileprivate func isSame(as other: Measurement) -> Bool {
    var latency = other.latency
    latency.samples = self.latency.samples
    return latency == self.latency && other.schedule.name == schedule.name
  }
}
