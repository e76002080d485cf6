internal import Report
internal import Tables
internal import Workloads

/// A comparison for people and for programs.
struct ComparisonListing {
  private let comparison: Comparison
  private let names: (String, String)
  private let tables: (LatencyTable, LatencyTable)
  private let pairs: [Comparison.Pair]

  init(
    _ comparison: Comparison, names: (String, String), tables: (LatencyTable, LatencyTable),
    byRatio: Bool
  ) {
    self.comparison = comparison
    self.names = names
    self.tables = tables
    pairs =
      byRatio ? comparison.pairs.sorted { $0.ratio > $1.ratio } : comparison.pairs
  }

  func text(as format: ComparisonFormat) throws(CommandFailure) -> TerminalText {
    switch format {
    case .text: [header { $0 }, rows.text, families.text, footer].joined(separator: "\n")
    case .markdown:
      [header(\.escapedForMarkdown), rows.markdown, families.markdown, footer]
        .joined(separator: "\n")
    case .csv: figures.csv
    case .json: try comparison.prettyJSON()
    case .summary: summary
    }
  }

  /// Which device is ahead, in three lines.
  private var summary: TerminalText {
    let (first, second) = (tables.0.device.nameAndKind, tables.1.device.nameAndKind)
    func faster(_ ratio: Double) -> String {
      ratio <= 1
        ? "the second is \(Format.significant(1 / ratio)) times as fast as the first"
        : "the first is \(Format.significant(ratio)) times as fast as the second"
    }
    let extremes = [pairs.min { $0.ratio < $1.ratio }, pairs.max { $0.ratio < $1.ratio }]
      .compactMap { $0 }.map { "\(Format.significant($0.ratio)) for '\($0.workload)'" }
    return """
      first: \(first); second: \(second)
      \(comparison.ratio.map(faster) ?? "nothing to compare") (geometric mean of \(pairs.count) rows): \
      \(comparison.counts)
      times of the second over those of the first: \(extremes.joined(separator: " to "))

      """
  }

  private func header(_ escaped: (String) -> String) -> TerminalText {
    [("first", names.0, tables.0), ("second", names.1, tables.1)].map { word, name, table in
      "\(word)  \(escaped("\(name): \(table.device.nameAndKind), \(table.profile)"))\n"
    }.joined()
  }

  private var rows: TextTable {
    var table = TextTable([
      ("workload", .left), ("first", .right), ("second", .right), ("ratio", .right),
      ("interval", .right), ("second is", .left),
    ])
    for it in pairs {
      table.add([
        it.workload.name, Format.duration(nanoseconds: it.first.undisturbedNanoseconds),
        Format.duration(nanoseconds: it.second.undisturbedNanoseconds),
        Format.significant(it.ratio),
        "\(Format.significant(it.low)) to \(Format.significant(it.high))", it.verdict.rawValue,
      ])
    }
    return table
  }

  private var families: TextTable {
    var table = TextTable([
      ("operator", .left), ("rows", .right), ("geometric mean", .right),
    ])
    for it in comparison.families {
      table.add([it.name, "\(it.pairs)", Format.significant(it.ratio)])
    }
    if let ratio = comparison.ratio, comparison.families.count > 1 {
      table.add(["all", "\(comparison.pairs.count)", Format.significant(ratio)])
    }
    return table
  }

  private var footer: TerminalText {
    let rest: [TerminalText] = [
      (comparison.onlyFirst, "only in the first"), (comparison.onlySecond, "only in the second"),
      (comparison.failed, "in both, but not measured in one"),
    ].filter { !$0.0.isEmpty }.map { list, what in
      let names = list.prefix(3).map(\.name).joined(separator: ", ")
      return "\(list.count) \(what): \(names)\(list.count > 3 ? ", ..." : "")\n"
    }
    return "the second is: \(comparison.counts)\n" + rest.joined()
  }

  /// Plain numbers in nanoseconds.
  private var figures: TextTable {
    var table = TextTable(
      [
        "workload", "firstNanoseconds", "secondNanoseconds", "ratio", "low", "high", "verdict",
      ].map { ($0, .left) })
    for it in pairs {
      table.add([
        it.workload.name, "\(it.first.undisturbedNanoseconds)",
        "\(it.second.undisturbedNanoseconds)", "\(it.ratio)", "\(it.low)", "\(it.high)",
        it.verdict.rawValue,
      ])
    }
    return table
  }
}
