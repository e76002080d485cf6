internal import ArgumentParser
internal import Tables
internal import Workloads

/// `srprof export`: a table for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the rows of a latency table in the format of another program.",
    discussion: """
      csv and json hold everything a row says, a row a line. ofa-yaml is what once-for-all and \
      ProxylessNAS read ({count, mean, var} in milliseconds by operator and shapes), nni the rows of the \
      lut.txt of NNI's FBNet (milliseconds).

      Example: srprof export my-gpu.json --format ofa-yaml --output lut.yaml
      """)

  @Argument(help: "File of the table.", completion: .file(extensions: ["json"]))
  var table: String

  @Option(help: "csv, ofa-yaml, nni or json.", transform: Self.format)
  var format: ExportFormat

  @Option(
    help: "Only rows whose name has a word for each word of the pattern; may be repeated.")
  var only: [String] = []

  @Option(name: .shortAndLong, help: "File to write; - for standard output.")
  var output = "-"

  private static func format(_ word: String) throws -> ExportFormat {
    if let format = ExportFormat(rawValue: word) { return format }
    let words = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("there are \(words)")
  }

  func run() throws {
    let file = try OutputFile(path: output, besides: [table])
    var table = try LatencyTable(argument: table)
    let filters = try WorkloadFilter.parse(only, rowsOf: [table], [self.table])
    table.rows.removeAll { !filters.allow($0.workload) }
    let (text, left) = format.text(of: table)
    try file.write(text)
    if left > 0 {
      Terminal.note(
        "note: \(left) of \(table.rows.count) rows are failures, which \(format.rawValue) has no "
          + "place for")
    }
  }
}
