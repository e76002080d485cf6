internal import ArgumentParser
internal import Report
internal import Tables
internal import Workloads

/// `srprof best`: which device is fastest, workload by workload.
struct Best: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say for each workload which table's device is fastest.",
    discussion: """
      A margin of 2 means that the second best takes twice as long; one with a question mark is within the \
      uncertainty of both rows.

      Example: srprof best gpu.json cpu.json --format csv
      """)

  @Argument(help: "Files of the tables, two or more.", completion: .file(extensions: ["json"]))
  var tables: [String]

  @Option(
    help: "Only rows whose name has a word for each word of the pattern; may be repeated.")
  var only: [String] = []

  @Option(help: "Print as text, markdown, csv or json.")
  var format = ListingFormat.text

  func validate() throws {
    if tables.count < 2 { throw ValidationError("srprof best needs two tables or more.") }
  }

  func run() throws {
    var read: [LatencyTable] = []
    for file in tables { read.append(try LatencyTable(argument: file)) }
    let filters = try WorkloadFilter.parse(only, rowsOf: read, tables)
    let fastest = FastestDevices(read, where: filters.allow)
    let names = zip(tables, read).map { "\($0): \($1.device.nameAndKind)" }
    switch format {
    case .text:
      try Terminal.output(legend(names) + listing(fastest).text + wins(fastest, tables))
    case .markdown:
      let (names, files) = (names.map(\.escapedForMarkdown), tables.map(\.escapedForMarkdown))
      try Terminal.output(
        legend(names) + listing(fastest).markdown + "\n" + wins(fastest, files))
    case .csv: try Terminal.output(figures(fastest).csv)
    case .json:
      let choices = fastest.choices.map { choice in
        NamedChoice(
          name: choice.workload.name, best: tables[choice.best],
          nanoseconds: Dictionary(
            zip(tables, choice.nanoseconds).compactMap { file, time in time.map { (file, $0) } },
            uniquingKeysWith: { first, _ in first }), margin: choice.margin,
          clear: choice.isClear)
      }
      try Terminal.output(try choices.prettyJSON())
    }
  }

  /// A choice in JSON: `best` and the keys of `nanoseconds` are the files.
  private struct NamedChoice: Encodable {
    let name: String
    let best: String
    let nanoseconds: [String: Double]
    let margin: Double?
    let clear: Bool
  }

  private func legend(_ names: [String]) -> TerminalText {
    names.enumerated().map { "\($0 + 1)  \($1)\n" }.joined() + "\n"
  }

  private func listing(_ fastest: FastestDevices) -> TextTable {
    var table = TextTable(
      [("workload", .left)] + tables.indices.map { ("\($0 + 1)", .right) }
        + [("best", .right), ("margin", .right)])
    for it in fastest.choices {
      let times = it.nanoseconds.map { $0.map { Format.duration(nanoseconds: $0) } ?? "" }
      let margin = it.margin.map { Format.significant($0) + (it.isClear ? " " : "?") } ?? ""
      table.add([it.workload.name] + times + ["\(it.best + 1)", margin])
    }
    return table
  }

  private func figures(_ fastest: FastestDevices) -> TextTable {
    var table = TextTable(
      (["workload"] + tables + ["best", "margin", "clear"]).map { ($0, .left) })
    for it in fastest.choices {
      table.add(
        [it.workload.name] + it.nanoseconds.map { $0.map { "\($0)" } ?? "" }
          + [tables[it.best], it.margin.map { "\($0)" } ?? "", "\(it.isClear)"])
    }
    return table
  }

  private func wins(_ fastest: FastestDevices, _ files: [String]) -> TerminalText {
    files.enumerated().map { index, file in
      "\(fastest.choices.count { $0.best == index }) best with \(file)"
    }.joined(separator: ", ") + "\n"
  }
}
