internal import ArgumentParser
internal import Resources

/// `srprof schema`: the JSON Schema of latency tables.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of latency tables.",
    discussion: "Example: srprof schema > latency-table.schema.json")

  func run() throws {
    let schema = EmbeddedFiles.texts(in: "Sources/Tables/")["latency-table.schema.json"] ?? ""
    try Terminal.output(TerminalText(lines: schema))
  }
}
