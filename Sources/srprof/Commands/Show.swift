internal import ArgumentParser
internal import Report
internal import Tables
internal import Workloads

/// `srprof show`: a table as text.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the rows of a latency table as aligned text.",
    discussion: "Example: srprof show my-gpu.json --only 'conv3x3 *->32' --sort latency --limit 10")

  @Argument(help: "File of the table.", completion: .file(extensions: ["json"]))
  var table: String

  @Option(
    name: [.customLong("only"), .customLong("row")],
    help: "Only rows whose name has a word for each word of the pattern; may be repeated.")
  var only: [String] = []

  @Flag(help: "The schedules that raced for each row, the best first.")
  var candidates = false

  @Flag(help: "Only failed rows.")
  var failed = false

  @Option(help: "Sort by name, latency, spread, gflops or bandwidth; figures largest first.")
  var sort = Order.name

  @Option(help: "Print at most this many rows.")
  var limit: Int?

  @Flag(help: "Only the rows, without the header of the table.")
  var rowsOnly = false

  enum Order: String, ExpressibleByArgument, CaseIterable {
    case name, latency, spread, gflops, bandwidth

    /// The figure to sort by; failed rows come last.
    func figure(_ row: Row) -> Double {
      guard let it = row.measurement else { return -1 }
      switch self {
      case .name: return 0
      case .latency: return it.latency.undisturbedNanoseconds
      case .spread: return it.latency.relativeHalfWidth
      case .gflops: return it.efficiency.gigaflopsPerSecond
      case .bandwidth: return it.efficiency.gigabytesPerSecond
      }
    }
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
  }

  func run() throws {
    let table = try LatencyTable(argument: self.table)
    let filters = try WorkloadFilter.parse(only, rowsOf: [table], [self.table])
    var rows = table.rows.filter { row in
      filters.allow(row.workload) && (!failed || row.failure != nil)
    }
    if sort != .name { rows.sort { sort.figure($0) > sort.figure($1) } }
    if let limit { rows.removeSubrange(min(limit, rows.count)...) }
    if !rowsOnly { try Terminal.output(header(of: table, shown: rows.count)) }
    let text = candidates ? CandidateListing(rows).text : RowListing(rows).text
    try Terminal.output(rows.isEmpty ? "no row matches\n" : text)
  }

  private func header(of table: LatencyTable, shown: Int) -> TerminalText {
    let shard = table.shard.map { ", shard \($0)" } ?? ""
    let complete = table.complete ? "" : ", incomplete"
    var lines: [TerminalText] = [
      "device       \(table.device.nameAndKind) (\(table.device.driver.name) "
        + "\(table.device.driver.info))",
      "profile      \(table.profile)\(shard)\(complete), \(shown) of \(table.rows.count) rows shown",
      "fingerprint  \(table.fingerprint)",
      "method       \(table.method.clockAndReason), \(table.method.temperature.rawValue), "
        + "ring of \(table.method.ringSize), \(table.method.activationLayout)",
    ]
    if let profile = table.device.limitsProfile {
      lines.append("limits       those of \(profile), where the device's own are larger")
    }
    if let dispatch = table.ceilings.emptyDispatchNanoseconds,
      let submission = table.ceilings.submissionNanoseconds
    {
      lines.append(
        "overhead     \(Format.duration(nanoseconds: dispatch)) a dispatch, "
          + "\(Format.duration(nanoseconds: submission)) a submission")
    }
    lines += table.warnings.map { "note         \($0)" }
    return lines.joined(separator: "\n") + "\n\n"
  }
}
