internal import Prediction
internal import Report

/// How well rows of a table were predicted from others, as text.
struct HiddenRowsListing {
  private let all: [HiddenRows]

  /// - Parameter all: One for each time that rows were hidden; not empty.
  init(_ all: [HiddenRows]) {
    self.all = all
  }

  /// The errors of all hidden rows, and of those that are known well, in a line each, then the worst rows.
  var text: TerminalText {
    let rows = all.flatMap(\.rows)
    let known = rows.filter { $0.relativeHalfWidth <= Self.wellKnown }
    let covered = all.map(\.covered).reduce(0, +) / Double(all.count)
    let times = all.count > 1 ? ", \(all.count) times" : ""
    let hidden = all[0].rows.count
    let half = "\(hidden) of \(hidden + all[0].kept) rows hidden\(times)"
    return
      "\(half): \(errors(of: rows).summary), \(Format.percent(covered)) within their intervals\n"
      + "rows known to +-\(Format.percent(Self.wellKnown)): \(errors(of: known).summary)\n\n"
      + worst(rows)
  }

  private func errors(of rows: [HiddenRows.Row]) -> PredictionErrors {
    PredictionErrors(rows.map { ($0.prediction.nanoseconds, $0.measuredNanoseconds) })
  }

  /// The rows that others say least about.
  private func worst(_ rows: [HiddenRows.Row]) -> TerminalText {
    var table = TextTable([
      ("worst", .left), ("measured", .right), ("+-", .right), ("predicted", .right),
      ("error", .right), ("by", .left),
    ])
    // Each once, by the draw of the middle.
    let middle = Dictionary(grouping: rows, by: \.name).values.compactMap { draws in
      draws.sorted { $0.error < $1.error }[draws.count / 2]
    }
    for row in middle.sorted(by: { (abs($1.error), $0.name) < (abs($0.error), $1.name) }).prefix(
      Self.worstRows)
    {
      table.add([
        row.name, Format.duration(nanoseconds: row.measuredNanoseconds),
        Format.halfWidth(row.relativeHalfWidth),
        Format.duration(nanoseconds: row.prediction.nanoseconds), Format.signedPercent(row.error),
        row.prediction.basis.rawValue,
      ])
    }
    return table.text
  }

  /// Half width of an interval, as a share, up to which a row's own error does not hide that of its prediction.
  private static let wellKnown = 0.05
  private static let worstRows = 10
}
