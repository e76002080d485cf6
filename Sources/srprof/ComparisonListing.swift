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

  func text(as format: ListingFormat) throws(CommandFailure) -> String {
    switch format {
    case .text: [header, rows.text, families.text, footer].joined(separator: "\n")
    case .markdown: [header, rows.markdown, families.markdown, footer].joined(separator: "\n")
    case .csv: figures.csv
    case .json: try comparison.prettyJSON()
    }
  }

  private var header: String {
    [("first", names.0, tables.0), ("second", names.1, tables.1)].map { word, name, table in
      "\(word)  \(name): \(table.device.nameAndKind), \(table.profile)\n"
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

  private var footer: String {
    let counts = Comparison.Verdict.allCases.map { verdict in
      "\(comparison.pairs.count { $0.verdict == verdict }) \(verdict.rawValue)"
    }
    let rest = [
      (comparison.onlyFirst, "only in the first"), (comparison.onlySecond, "only in the second"),
      (comparison.failed, "in both, but not measured in one"),
    ].filter { !$0.0.isEmpty }.map { list, what in
      "\(list.count) \(what): \(list.prefix(3).map(\.name).joined(separator: ", "))"
        + (list.count > 3 ? ", ..." : "") + "\n"
    }
    return counts.joined(separator: ", ") + "\n" + rest.joined()
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

extension DeviceDescription {
  /// The device's name, and what it is where that is no GPU.
  var nameAndKind: String {
    type == .cpu ? "\(name) (on the processor, no GPU)" : name
  }
}
