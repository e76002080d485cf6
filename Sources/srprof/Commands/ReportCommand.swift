internal import ArgumentParser
internal import Report
internal import Search
internal import Tables

/// `srprof report`: tables as a page with pictures.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write tables as a page with pictures, or as a summary for a README.",
    discussion: """
      The page is one file that needs no network: what the first table is true for and how far it can be \
      trusted, heat maps, rates under the ceilings, latency against pruning, and all rows. With more \
      tables, each is compared with the first. Pictures are drawn by gnuplot (package gnuplot-nox). With --search the \
      page is about a search: quality over latency, its course, what was expected and found.

      Example: srprof report gpu.json cpu.json --output page.html
      """)

  @Argument(help: "Files of the tables.", completion: .file(extensions: ["json"]))
  var tables: [String] = []

  @Option(help: "The directory of a search, in place of tables.", completion: .directory)
  var search: String?

  @Option(
    help: "The directory of another search to draw beside it, such as one by --strategy random.",
    completion: .directory)
  var against: String?

  @Option(name: .shortAndLong, help: "File to write; - for standard output.")
  var output = "-"

  @Option(help: "html or markdown.")
  var format = PageFormat.html

  enum PageFormat: String, ExpressibleByArgument, CaseIterable {
    case html, markdown
  }

  func validate() throws {
    guard (search == nil) != tables.isEmpty else {
      throw ValidationError("a page is about tables, or about a --search: name one of them.")
    }
    if search == nil, against != nil { throw ValidationError("--against is for --search.") }
    if search != nil, format == .markdown {
      throw ValidationError("a --search is written as html.")
    }
  }

  func run() throws {
    if let search { return try reportSearch(search) }
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

  private func reportSearch(_ directory: String) throws {
    let file = try OutputFile(path: output, besides: [])
    func history(_ directory: String) throws -> SearchHistory {
      try SearchDirectoryOptions.parse(["--directory=\(directory)"]).history()
    }
    let listing = SearchListing(try history(directory))
    let page: PicturePage
    do {
      page = try listing.page(
        against: try against.map(history), command: "srprof report --search \(directory)")
    } catch let error as Scatter.Failure {
      throw CommandFailure(.inputOutput, "\(file.name) is not drawn: \(error)")
    }
    try file.write(page.html)
  }
}
