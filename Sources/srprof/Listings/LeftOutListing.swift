internal import Prediction
internal import Report
internal import Workloads

/// Rows that were not measured, and what is expected of them, as aligned text.
struct LeftOutListing {
  private let rows: [RowSelection.LeftOut]

  init(_ rows: [RowSelection.LeftOut]) {
    self.rows = rows
  }

  /// A line for each row.
  var text: TerminalText {
    if rows.isEmpty { return "" }
    var table = TextTable([
      ("left out", .left), ("predicted", .right), ("+-", .right), ("by", .left),
    ])
    for row in rows {
      let it = row.prediction
      table.add([
        row.workload.name, Format.duration(nanoseconds: it.nanoseconds),
        Format.halfWidth(it.relativeHalfWidth),
        it.basis.rawValue,
      ])
    }
    return "\n" + table.text
  }
}
