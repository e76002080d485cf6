internal import ArgumentParser
internal import Resources

/// `srprof schema`: JSON Schemas of what the program reads and writes.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Print the JSON Schema of latency tables, of search spaces, or of what evaluators hear and say.",
    discussion: "Example: srprof schema > latency-table.schema.json")

  @Argument(help: "table, search-space or evaluator.")
  var kind = Kind.table

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case table, evaluator
    case searchSpace = "search-space"

    /// Where the schema lies in the repository.
    fileprivate var place: (folder: String, file: String) {
      switch self {
      case .table: ("Sources/Tables/", "latency-table.schema.json")
      case .evaluator: ("Sources/Search/", "evaluator-protocol.schema.json")
      case .searchSpace: ("Sources/Search/", "search-space.schema.json")
      }
    }
  }

  func run() throws {
    let schema = EmbeddedFiles.texts(in: kind.place.folder)[kind.place.file] ?? ""
    try Terminal.output(TerminalText(lines: schema))
  }
}
