internal import ArgumentParser
internal import Report
internal import Tables

/// `srprof report`: tables as a page with pictures.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write tables as a page with pictures, or as a summary for a README.",
    discussion: """
      The page is one file that needs no network: what the first table is true for and how far it can be \
      trusted, heat maps, rates under the ceilings, latency against pruning, and all rows. With more \
      tables, each is compared with the first. Pictures are drawn by gnuplot (package gnuplot-nox).

      Example: srprof report gpu.json cpu.json --output page.html
      """)

  @Argument(help: "Files of the tables.", completion: .file(extensions: ["json"]))
  var tables: [String]

  @Option(name: .shortAndLong, help: "File to write; - for standard output.")
  var output = "-"

  @Option(help: "html or markdown.")
  var format = PageFormat.html

  enum PageFormat: String, ExpressibleByArgument, CaseIterable {
    case html, markdown
  }

  func run() throws {
    let file = try OutputFile(path: output, besides: tables)
    var read: [LatencyTable] = []
    for path in tables { read.append(try LatencyTable(argument: path)) }
    if format == .markdown {
      return try file.write(read.map(\.markdownSummary).joined(separator: "\n"))
    }
    let page = Page(read, command: "srprof report \(tables.joined(separator: " "))")
    try file.write(page.html)
    if let reason = page.withoutPictures {
      Terminal.note("note: the page has no pictures, or not all: \(reason)")
    }
  }
}
