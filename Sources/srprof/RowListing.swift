internal import Tables
internal import Workloads

/// Rows of a table as aligned text.
struct RowListing {
  private let rows: [Row]

  init(_ rows: [Row]) {
    self.rows = rows
  }

  /// A line for each row, failures with their reason in place of figures.
  var text: String {
    var table = TextTable([
      ("workload", .left), ("undisturbed", .right), ("+-", .right), ("median", .right),
      ("GFLOP/s", .right), ("GB/s", .right), ("samples", .right), ("schedule", .left),
    ])
    for row in rows {
      switch row.result {
      case .measured(let it):
        table.add([
          row.workload.name, Format.duration(nanoseconds: it.latency.undisturbedNanoseconds),
          Format.percent(it.latency.relativeHalfWidth) + (it.latency.stable ? " " : "*"),
          Format.duration(nanoseconds: it.latency.medianNanoseconds),
          it.efficiency.macs > 0 ? Format.significant(it.efficiency.gigaflopsPerSecond) : "",
          Format.significant(it.efficiency.gigabytesPerSecond), "\(it.latency.samples)",
          it.schedule.name,
        ])
      case .failed(let failure):
        table.add([
          row.workload.name, "failed", "", "", "", "", "",
          Terminal.styled("\(failure.kind.rawValue): \(failure.reason)", .red),
        ])
      }
    }
    let unstable = rows.contains { $0.measurement?.latency.stable == false }
    return table.text + (unstable ? "* interval wider than asked for\n" : "")
  }
}
