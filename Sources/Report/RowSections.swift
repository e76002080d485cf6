internal import Tables
internal import Workloads

/// Rows of a table as tables of a page.
enum RowSections {
  /// The rows that reach least of the device's ceilings: where a better kernel would gain most.
  static func furthestFromCeiling(_ table: LatencyTable) -> HTML {
    let rows = table.rows.compactMap { row -> (Row, Measurement, Double)? in
      guard let it = row.measurement, let share = it.efficiency.ofCeiling else { return nil }
      return (row, it, share)
    }.sorted { $0.2 < $1.2 }.prefix(10)
    guard !rows.isEmpty else { return HTML() }
    let body = rows.map { row, it, share in
      line([
        (row.workload.name, nil),
        (Format.duration(nanoseconds: it.latency.undisturbedNanoseconds), nil),
        (Format.percent(share), nil), (it.efficiency.bound?.rawValue ?? "", nil),
        (it.schedule.name, nil),
      ])
    }.joined()
    return HTML.element(
      "section",
      HTML.element("h2", "Furthest from the ceiling")
        + grid(["workload", "latency", "of ceiling", "bound", "schedule"], body))
  }

  /// All rows, which a few lines of script sort and filter.
  static func all(_ table: LatencyTable) -> HTML {
    let body = table.rows.map { row in
      guard let it = row.measurement else {
        let reason = row.failure.map { "failed, \($0.kind.rawValue): \($0.reason)" } ?? ""
        return line([
          (row.workload.name, nil), (reason, nil), ("", nil), ("", nil), ("", nil), ("", nil),
          ("", nil), ("", nil),
        ])
      }
      let share = it.efficiency.ofCeiling
      return line([
        (row.workload.name, nil),
        (
          Format.duration(nanoseconds: it.latency.undisturbedNanoseconds),
          it.latency.undisturbedNanoseconds
        ),
        (Format.halfWidth(it.latency.relativeHalfWidth), it.latency.relativeHalfWidth),
        (
          Format.duration(nanoseconds: it.latency.medianNanoseconds), it.latency.medianNanoseconds
        ),
        (
          it.efficiency.macs > 0 ? Format.significant(it.efficiency.gigaflopsPerSecond) : "",
          it.efficiency.gigaflopsPerSecond
        ),
        (
          Format.significant(it.efficiency.gigabytesPerSecond), it.efficiency.gigabytesPerSecond
        ),
        (share.map { Format.percent($0) } ?? "", share ?? 0),
        (it.schedule.name, nil),
      ])
    }.joined()
    let titles = [
      "workload", "undisturbed", "+-", "median", "GFLOP/s", "GB/s", "of ceiling", "schedule",
    ]
    let filter = HTML(
      markup: "<input type=\"search\" class=\"filter\" placeholder=\"filter rows\" hidden>\n")
    return HTML.element(
      "section", HTML.element("h2", "All rows") + filter + grid(titles, body, style: "sortable"))
  }

  static func grid(_ titles: [String], _ body: HTML, style: String = "") -> HTML {
    let head = HTML.element(
      "thead", HTML.element("tr", titles.map { HTML.element("th", $0) }.joined()))
    return HTML.element(
      "div", class: "wide",
      HTML.element("table", class: style, head + HTML.element("tbody", body)))
  }

  /// A row of cells, each with the figure to sort it by.
  static func line(_ cells: [(text: String, figure: Double?)]) -> HTML {
    HTML.element(
      "tr",
      cells.map { cell in
        HTML.element(
          "td", class: cell.figure == nil ? "" : "number",
          attributes: cell.figure.map { "data-figure=\"\($0)\"" } ?? "", cell.text)
      }.joined())
  }
}
