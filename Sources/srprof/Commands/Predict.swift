internal import ArgumentParser
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Tables
internal import Workloads

/// `srprof predict`: how long a network takes, from a table.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict how long a network takes on the device of a table.",
    discussion: """
      The latency is the sum of the rows of the network's layers, and what the table's calibration adds for each dispatch \
      and submission. A layer that the table lacks is interpolated between rows of like layers, or modelled; each \
      figure has a 95 % interval.

      Several networks are answered one after another, and candidates of a search a line each: {"nanoseconds": …, \
      "lowNanoseconds": …, "highNanoseconds": …} for each line of --candidates, {"error": …} for one that is none; the \
      exit code is then 65.

      Example: srprof predict --table gpu.json --network wdsr-b:blocks=16,channels=32,scale=4
      """)

  @OptionGroup var tableOptions: TableOptions
  @OptionGroup var networks: NetworkListOptions

  @Option(
    help: "A file with a candidate of a search on each line; - is standard input.",
    completion: .file(extensions: ["jsonl"]))
  var candidates: String?

  @OptionGroup var input: ShapeOptions

  @Flag(help: "Refuse a network for which the table lacks a row.")
  var exact = false

  @Option(
    name: .shortAndLong, help: "Refuse a table of another device than this (see srprof devices).")
  var device: String?

  @Flag(help: "Take a table of another device than --device.")
  var anyDevice = false

  @Option(help: "Print at most this many rows, the slowest first (default: 10).")
  var limit: Int?

  @Flag(help: "Print everything as JSON.")
  var json = false

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is at least 0.") }
    if candidates != nil {
      guard networks.isEmpty, input.shape == nil else {
        throw ValidationError("--candidates says which networks and sizes: leave out the others.")
      }
      guard limit == nil, !json else {
        throw ValidationError("--candidates prints a line of JSON each: leave out --limit, --json.")
      }
    }
    if limit != nil, json { throw ValidationError("--json prints every row: leave out --limit.") }
    if anyDevice, device == nil {
      throw ValidationError("--any-device takes a table of another device than --device: name one.")
    }
  }

  func run() throws {
    let graphs = candidates == nil ? try networks.each().map { try $0.graph(input) } : []
    let table = try LatencyTable(argument: tableOptions.table)
    let lowered = try graphs.map { try table.lowered($0) }
    if let device { try check(table, device) }
    let predictor = try tableOptions.predictor(of: table)
    if let candidates {
      let batch = BatchPredictor(table, predictor: predictor, exactOnly: exact)
      return try CandidateStream(candidates, batch).run()
    }
    let listings = try lowered.map { network in
      let prediction = try NetworkPrediction(
        argument: network, predictor: predictor, exactOnly: exact)
      return PredictionListing(network.name, prediction, table)
    }
    if json {
      let figures = listings.map(\.figures)
      try Terminal.output(
        figures.count == 1 ? try figures[0].prettyJSON() : try figures.prettyJSON())
    } else {
      try Terminal.output(
        listings.map { $0.text(limit: limit ?? 10) }.joined(separator: "\n"))
    }
  }

  /// Refuses a device that is not there, and a table of another one.
  private func check(_ table: LatencyTable, _ device: String) throws {
    let options = try DeviceOptions.parse(["--device=\(device)"])
    let backend: any Backend
    if options.isProcessor {
      // With as many threads as the table has, or all.
      let threads = table.device.engine.map { ["--threads=\($0.threads)"] } ?? []
      backend = try ProcessorOptions.parse(threads).open()
    } else {
      let found = try options.find()
      // Only its fingerprint is asked for, so that no clock need be tried.
      backend = try options.open(found.device, of: found.instance, wallClock: true)
    }
    guard backend.fingerprint.matches(table) || anyDevice else {
      throw CommandFailure(
        .badFile,
        "\(tableOptions.table) was measured on \(table.device.nameAndKind) (fingerprint "
          + "\(table.fingerprint)), not on this \(backend.device.nameAndKind) "
          + "(\(backend.fingerprint.model)); --any-device takes it all the same")
    }
  }
}
