internal import ArgumentParser
internal import Report
internal import Tables
internal import Workloads

/// `srprof compare`: two tables row by row.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two latency tables row by row.",
    discussion: """
      A ratio is the time of the second table over that of the first: 2 is twice as long. It has a 95 % \
      interval from those of both rows; faster and slower mean that all of it is on one side of 1.

      Example: srprof compare yesterday.json today.json --fail-if-slower 5%
      """)

  @Argument(help: "File of the first table.", completion: .file(extensions: ["json"]))
  var first: String

  @Argument(help: "File of the second table.", completion: .file(extensions: ["json"]))
  var second: String

  @Option(
    help: "Only rows whose name has a word for each word of the pattern; may be repeated.")
  var only: [String] = []

  @Option(help: "Sort by name or by ratio, the largest first.")
  var sort = Order.name

  @Option(help: "Print as text, markdown, csv, json, or a summary of three lines.")
  var format = ComparisonFormat.text

  @Option(
    help: """
      Exit with 2 if a row is slower in the second table by more than this with all of its interval, such as \
      5%; with 1 if none is, but the second table lacks measured rows of the first.
      """)
  var failIfSlower: Share?

  enum Order: String, ExpressibleByArgument, CaseIterable {
    case name, ratio
  }

  func run() throws {
    let tables = [try LatencyTable(argument: first), try LatencyTable(argument: second)]
    let filters = try WorkloadFilter.parse(only, rowsOf: tables, [first, second])
    let comparison = Comparison(tables[0], tables[1], where: filters.allow)
    guard !comparison.pairs.isEmpty || !comparison.failed.isEmpty else {
      throw CommandFailure(.badFile, nothingInCommon(tables))
    }
    for note in Self.notes(tables) { Terminal.note("note: " + note) }
    let listing = ComparisonListing(
      comparison, names: (first, second), tables: (tables[0], tables[1]), byRatio: sort == .ratio)
    try Terminal.output(try listing.text(as: format))
    guard let limit = failIfSlower?.value else { return }
    let slower = comparison.pairs.filter { $0.low > 1 + limit }
    guard let worst = slower.max(by: { $0.low < $1.low }) else {
      let lost = tables[0].rows.filter { $0.measurement != nil && filters.allow($0.workload) }.count
      guard lost > comparison.pairs.count else { return }
      throw CommandFailure(
        .someRowsFailed,
        "no row is slower by more than \(Format.percent(limit)), but \(second) has not measured "
          + "\(lost - comparison.pairs.count) of the \(lost) rows of \(first)")
    }
    throw CommandFailure(
      .slower,
      "\(slower.count) of \(comparison.pairs.count) rows are slower by more than "
        + "\(Format.percent(limit)); '\(worst.workload)' takes \(Format.significant(worst.ratio)) "
        + "times as long")
  }

  private func nothingInCommon(_ tables: [LatencyTable]) -> String {
    let types = tables.map { table in
      Set(table.rows.map(\.workload.elementType.rawValue)).sorted().joined(separator: " and ")
    }
    let why =
      types[0] != types[1] && !types.contains("")
      ? ": one has \(types[0]) rows, the other \(types[1])" : ""
    let filter = only.isEmpty ? "" : " that --only matches"
    return "\(first) and \(second) have no workload in common\(filter)\(why)"
  }

  /// What makes ratios of these tables something else than they seem.
  private static func notes(_ tables: [LatencyTable]) -> [String] {
    let (a, b) = (tables[0], tables[1])
    var notes: [String] = []
    if a.method.temperature != b.method.temperature {
      notes.append(
        "one table was measured \(a.method.temperature.rawValue), the other "
          + "\(b.method.temperature.rawValue)")
    }
    if a.method.version != b.method.version {
      notes.append(
        "the tables come from versions \(a.method.version) and \(b.method.version) of the method")
    }
    guard a.fingerprint == b.fingerprint else { return notes }
    return notes + Self.speeds(of: "arithmetic", a.speed.arithmetic, b.speed.arithmetic)
      + Self.speeds(of: "memory", a.speed.memory, b.speed.memory)
  }

  /// How a speed differs between two tables of one device: in its share of the best, and by the kernel itself.
  private static func speeds(
    of kernel: String, _ a: Speed.Kernel?, _ b: Speed.Kernel?
  ) -> [String] {
    guard let a, let b else { return [] }
    var notes: [String] = []
    if a.relativeSpeed > 0, b.relativeSpeed > 0,
      abs(b.relativeSpeed / a.relativeSpeed - 1) > Comparison.sameShare
    {
      notes.append(
        "\(kernel) ran at \(Format.percent(a.relativeSpeed)) of its speed for the first and "
          + "at \(Format.percent(b.relativeSpeed)) for the second")
    }
    if a.referenceNanoseconds > 0, b.referenceNanoseconds > 0 {
      let excess = b.referenceNanoseconds / a.referenceNanoseconds - 1
      if abs(excess) > Comparison.sameShare {
        notes.append(
          "the reference kernel of \(kernel) took \(Format.percent(abs(excess))) "
            + "\(excess > 0 ? "longer" : "less") for the second")
      }
    }
    return notes
  }
}
