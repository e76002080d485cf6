internal import Store
public import Tables
import Workloads

extension Campaign {
  /// The table of all rows that are done; not ``LatencyTable/complete`` while some are not.
  public var table: LatencyTable {
    let rows = rows
    return LatencyTable(
      complete: rows.count == plan.workloads.count, profile: plan.profile,
      device: backend.device, fingerprint: scope.fingerprint, compiler: backend.compiler,
      method: Method(
        version: Plan.methodVersion, clock: backend.clock, clockReason: backend.clockReason,
        temperature: plan.temperature,
        ringSize: plan.ringSize, activationLayout: backend.activationLayout,
        quantile: plan.quantile,
        targetHalfWidth: plan.rule.targetHalfWidth, rowSeconds: plan.rule.budgetSeconds,
        seed: plan.seed),
      ceilings: ceilings, speed: speedSummary,
      warnings: warnings + finalWarnings(rows) + Monotonicity(rows).warnings,
      rows: rows)
  }

  /// All rows that are done, in the plan's order.
  var rows: [Row] {
    plan.workloads.compactMap { workload in results[workload].map { row(workload, $0) } }
  }

  /// A row with its race, where its schedule comes from one.
  func row(_ workload: Workload, _ result: Row.Result) -> Row {
    var race: [Race.Candidate] = []
    if case .raced = plan.schedules { race = races[workload]?.candidates ?? [] }
    return Row(workload: workload, result: ranked(workload, result), race: race)
  }

  private var speedSummary: Speed {
    var (all, counted) = (0, 0)
    var readings: [Double] = []
    for state in states.values {
      let used = speed.counted(state.samples).samples
      all += state.samples.count
      counted += used.count
      readings += used.map(\.referenceNanoseconds)
    }
    return speed.summary(samples: all, counted: counted, readingsOfCounted: readings)
  }

  /// What is known before the first sample.
  var standingWarnings: [String] {
    var list: [String] = []
    if backend.device.isSoftwareVulkan {
      list.append(
        "\(backend.device.name) runs on the processor: its times say nothing about a GPU.")
    }
    // The processor has no other clock.
    if backend.clock == .wallClock, backend.device.engine == nil {
      let reason = backend.clockReason.map { ": \($0)" } ?? ""
      list.append(
        "Times are slopes of the wall clock, not device timestamps; they are less exact\(reason).")
    }
    return list
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
    let relative = speedSummary.relativeSpeed
    if relative < 1 - SpeedMonitor.tolerance {
      list.append(
        "Half the samples were taken while the device ran at \(Int(relative * 100)) % of the "
          + "fastest speed seen, or slower.")
    }
    return list + rowsAboveCeiling(rows) + backend.remarks
  }
}
