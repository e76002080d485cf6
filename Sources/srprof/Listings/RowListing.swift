internal import Report
internal import Tables
internal import Workloads

/// Rows of a table as aligned text.
struct RowListing {
  private let rows: [Row]
  /// Whether there is room for the column of schedules.
  private let isWide: Bool

  /// The schedule is left out where the terminal is too narrow for it.
  init(_ rows: [Row]) {
    self.rows = rows
    isWide = !Terminal.outputIsTerminal || Terminal.columns >= 130
  }

  /// A line for each measured row, then one for each failed row with its reason.
  var text: TerminalText {
    var table = TextTable(
      [
        ("workload", .left), ("undisturbed", .right), ("+-", .right), ("median", .right),
        ("GFLOP/s", .right), ("GB/s", .right), ("samples", .right),
      ] + (isWide ? [("schedule", .left)] : []))
    for row in rows {
      if let measurement = row.measurement { table.add(cells(row.workload, measurement)) }
    }
    let failures = rows.compactMap { row -> TerminalText? in
      guard let failure = row.failure else { return nil }
      let what: TerminalText = "\(row.workload.name): failed, \(failure.kind.rawValue)"
      return "\(what.styled(.red)): \(failure.reason)\n"
    }
    let unstable = rows.contains { $0.measurement?.latency.stable == false }
    return (failures.count < rows.count ? table.text : "") + failures.joined()
      + (unstable
        ? "* the samples scatter more than asked for; --row-seconds gives them time\n" : "")
  }

  private func cells(_ workload: Workload, _ it: Measurement) -> [String] {
    [
      workload.name, Format.duration(nanoseconds: it.latency.undisturbedNanoseconds),
      Format.halfWidth(it.latency.relativeHalfWidth) + (it.latency.stable ? " " : "*"),
      Format.duration(nanoseconds: it.latency.medianNanoseconds),
      it.efficiency.macs > 0 ? Format.significant(it.efficiency.gigaflopsPerSecond) : "",
      Format.significant(it.efficiency.gigabytesPerSecond), "\(it.latency.samples)",
    ] + (isWide ? [it.schedule.name] : [])
  }
}
