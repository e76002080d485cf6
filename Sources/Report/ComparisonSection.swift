internal import Tables
internal import Workloads

/// How a table compares with the first one of a page.
enum ComparisonSection {
  static func section(
    _ comparison: Comparison, number: Int, _ gallery: inout Gallery
  ) -> HTML {
    guard let ratio = comparison.ratio else {
      return HTML.element("p", class: "note", "Table \(number) has no row in common with table 1.")
    }
    let summary =
      "Table \(number) takes \(Format.significant(ratio)) times as long as table 1 (geometric mean of "
      + "\(comparison.pairs.count) rows): \(comparison.counts)."
    let body = comparison.pairs.map { pair in
      RowSections.line([
        (pair.workload.name, nil),
        (
          Format.duration(nanoseconds: pair.first.undisturbedNanoseconds),
          pair.first.undisturbedNanoseconds
        ),
        (
          Format.duration(nanoseconds: pair.second.undisturbedNanoseconds),
          pair.second.undisturbedNanoseconds
        ), (Format.significant(pair.ratio), pair.ratio),
        ("\(Format.significant(pair.low)) to \(Format.significant(pair.high))", nil),
        (pair.verdict.rawValue, nil),
      ])
    }.joined()
    let title = "Table 1 against table \(number)"
    let pictures = gallery.section(title, Pictures.bars(comparison).map { [$0] } ?? [])
    let rows = RowSections.grid(
      ["workload", "table 1", "table \(number)", "ratio", "interval", "verdict"], body,
      style: "sortable")
    return pictures + HTML.element("p", summary)
      + HTML.element("details", HTML.element("summary", "Row by row") + rows)
  }
}
