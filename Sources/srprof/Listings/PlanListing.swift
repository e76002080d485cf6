internal import Measurement
internal import Report
internal import Workloads

/// The rows of a plan that is not run, as aligned text.
struct PlanListing {
  private let plan: Plan
  private let races: Bool
  private let misfits: TerminalText

  /// - Parameters:
  ///   - races: Whether schedules race on the device.
  ///   - misfits: Lines about rows that will fail.
  init(_ plan: Plan, races: Bool, misfits: TerminalText) {
    self.plan = plan
    self.races = races
    self.misfits = misfits
  }

  /// A line for each row, then what they take together.
  var text: TerminalText {
    var table = TextTable([("workload", .left), ("MMAC", .right), ("MB", .right)])
    for workload in plan.workloads {
      table.add([
        workload.name, Format.significant(Double(workload.macs) / 1e6),
        Format.significant(Double(workload.bytes) / 1e6),
      ])
    }
    let raceTime =
      plan.raceSeconds > 0 && races
      ? ", and \(Format.time(seconds: plan.raceSeconds)) of races that were not run before" : ""
    return """
      \(table.text)\(misfits)\(plan.workloads.count) rows, \(Format.time(seconds: plan.samplingSeconds)) of timed \
      submissions if none is stable before its budget ends\(raceTime); MB is memory traffic at least

      """
  }
}
