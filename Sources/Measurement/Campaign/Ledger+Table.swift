internal import Store
import Tables
import Workloads

extension Ledger {
  /// The table of all rows that are done; not ``LatencyTable/complete`` while some are not.
  var table: LatencyTable {
    let rows = rows
    return LatencyTable(
      complete: rows.count == plan.workloads.count, profile: plan.profile,
      sweep: plan.sweep, shard: plan.shard, device: backend.device,
      fingerprint: backend.fingerprint.model, unit: backend.fingerprint.unit,
      compiler: backend.compiler,
      method: Method(
        version: Plan.methodVersion, clock: backend.clock, clockReason: backend.clockReason,
        temperature: plan.temperature,
        ringSize: plan.ringSize, activationLayout: backend.activationLayout,
        quantile: plan.quantile,
        targetHalfWidth: plan.rule.targetHalfWidth, rowSeconds: plan.rule.budgetSeconds,
        seed: plan.seed),
      backend: backend.traits, ceilings: ceilings, speed: speed, telemetry: telemetry,
      warnings: warnings + finalWarnings(rows) + Monotonicity(rows).warnings,
      rows: rows)
  }

  /// All rows that are done, in the plan's order.
  private var rows: [Row] {
    plan.workloads.compactMap { workload in results[workload].map { row(workload, $0) } }
  }

  /// A row with its race, where its schedule comes from one, and its efficiency by the ceilings as they are
  /// known now.
  func row(_ workload: Workload, _ result: Row.Result) -> Row {
    var result = result
    if case .measured(var measurement) = result {
      measurement.efficiency = efficiency(of: workload, measurement.latency)
      result = .measured(measurement)
    }
    var race: [Race.Candidate] = []
    if case .raced = plan.schedules { race = races[workload]?.candidates ?? [] }
    return Row(workload: workload, result: result, race: race)
  }

  /// The efficiency of a row by the ceilings as they are known now.
  func efficiency(of workload: Workload, _ latency: Latency) -> Measurement.Efficiency {
    Measurement.Efficiency(
      workload: workload, nanoseconds: latency.undisturbedNanoseconds, ceilings: ceilings,
      ringSize: plan.ringSize,
      channelBlock: backend.traits.channelBlock)
  }

  private var speed: Speed {
    var all = 0
    var byBound: [Bound?: [Sample]] = [:]
    for state in states.values {
      all += state.samples.count
      byBound[bound(of: state.workload), default: []] += counted(state).elements
    }
    return stopwatch.speed.summary(samples: all, counted: byBound)
  }

  private func finalWarnings(_ rows: [Row]) -> [String] {
    var list: [String] = []
    let unstable = rows.count { $0.measurement?.latency.stable == false }
    if unstable > 0 {
      let percent = (plan.rule.targetHalfWidth * 1000).rounded() / 10
      list.append(
        "\(unstable) of \(rows.count) rows did not reach an interval of +-\(percent) % "
          + "within \(plan.rule.budgetSeconds) s; their intervals say how far they can be trusted.")
    }
    if stopwatch.dropped > 0 {
      list.append(
        "\(stopwatch.dropped) readings of the clock were no times (zero, or longer than the host saw) "
          + "and were taken again.")
    }
    let speed = speed
    for (name, kernel) in [("the device", speed.arithmetic), ("its memory", speed.memory)] {
      guard let relative = kernel?.relativeSpeed, relative < 1 - SpeedMonitor.tolerance else {
        continue
      }
      list.append(
        "Half the samples were taken while \(name) ran at \(Int(relative * 100)) % of the "
          + "fastest speed seen, or slower.")
    }
    return list + warnings(aboveCeiling: rows) + backend.remarks
  }

  /// Whether rows took less time than the ceilings allow.
  var exceedsCeilings: Bool { !warnings(aboveCeiling: rows).isEmpty }

  /// Rows that are faster than the device should allow: their times are wrong, or a ceiling is.
  ///
  /// Winograd schedules need fewer multiply-accumulates than the workload has, and what reads more than
  /// it writes may move more bytes than copying does: those are no errors.
  private func warnings(aboveCeiling rows: [Row]) -> [String] {
    let names = rows.filter { row in
      guard let it = row.measurement, let share = it.efficiency.ofCeiling else { return false }
      let allowed = it.latency.highNanoseconds / it.latency.undisturbedNanoseconds
      let isFree =
        switch it.efficiency.bound {
        case .compute: backend.savesMultiplications(by: it.schedule.name)
        case .memory: row.workload.readsMoreThanItWrites
        case .launch, nil: false
        }
      return share > allowed && !isFree
    }.map(\.workload.name)
    guard let first = names.first else { return [] }
    let others = names.count > 1 ? " (and \(names.count - 1) more)" : ""
    return [
      "\(first)\(others) took less time than the ceilings allow at best: do not trust them, or "
        + "measure the ceilings again on a quiet device (--fresh)."
    ]
  }
}

extension Backend {
  /// What a table's reader must know of the device before the first sample.
  var standingWarnings: [String] {
    var list: [String] = []
    if device.isSoftwareVulkan {
      list.append("\(device.name) runs on the processor: its times say nothing about a GPU.")
    }
    // The processor has no other clock.
    if clock == .wallClock, device.engine == nil {
      let reason = clockReason.map { ": \($0)" } ?? ""
      list.append(
        "Times are slopes of the wall clock, not device timestamps; they are less exact\(reason).")
    }
    return list
  }
}

extension Workload {
  /// Whether its inputs have more elements than its output.
  fileprivate var readsMoreThanItWrites: Bool {
    activations.reduce(0) { $0 + ($1.operand == .output ? -1 : 1) * $1.shape.count } > 0
  }
}
