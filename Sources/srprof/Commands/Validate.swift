internal import ArgumentParser
internal import DeviceProtocol
internal import Execution
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Store
internal import Tables
internal import Workloads

/// `srprof validate`: how far the predictions of a table can be trusted.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict many networks by a table, execute them, and say how far off it was.",
    discussion: """
      The networks are the zoo at reduced depth and random members of the search space, none of which srprof \
      calibrate chooses by itself.

      --rows and --races execute nothing: they ask how well rows of the table predict each other, and how well \
      the races in the store tell what wins others.

      Example: srprof validate --device 0 --table my-gpu.json --picture validation.html
      """)

  @OptionGroup var trial: TrialOptions
  @Option(help: "File of the latency table.", completion: .file(extensions: ["json"]))
  var table: String?

  @Option(help: "Networks altogether; those that the zoo does not make are drawn at random.")
  var networks = 40

  @Option(
    help:
      "Size of the images that come in, such as 160x90 (default: the map that most heads of the table have)."
  )
  var size: String?

  @Option(help: "Seed of the draw.")
  var seed: UInt64 = 1

  @OptionGroup var drawing: DrawingOptions

  @Flag(help: "Predict by the table even if it is of another device, driver or version of srprof.")
  var anyDevice = false

  @Flag(
    help:
      """
      Measure the rows that the networks need again, in the rounds of their frames, and split the errors: drift, \
      additivity, rows, interpolation.
      """
  )
  var paired = false

  @Flag(
    help: "Without a device: hide half of the rows forty times, and predict them from the others.")
  var rows = false

  @Option(
    help: """
      With --rows: keep this share of the rows in per cent, chosen as srprof measure --adaptive does, in place of \
      halves drawn at random.
      """)
  var keep: Share?

  @Flag(
    help:
      "Without a table: leave out each race of the store, and let the others say which schedules to try first."
  )
  var races = false

  @Flag(help: "Print only the networks of the zoo, for srprof measure --network.")
  var list = false

  func validate() throws {
    guard networks > 0, networks <= 10_000 else {
      throw ValidationError("--networks is a number from 1 to 10000.")
    }
    guard races || table != nil else {
      throw ValidationError("Missing expected argument '--table <table>'")
    }
    if races { try refuseAllButRaces() }
    if let keep {
      guard rows else { throw ValidationError("--keep belongs to --rows.") }
      guard keep.value > 0, keep.value < 1 else {
        throw ValidationError("--keep is a number of per cent above 0, less than 100.")
      }
    }
    if rows, list || size != nil {
      throw ValidationError(
        "--rows hides rows of the table: --\(list ? "list" : "size") does not go with it.")
    }
    let target = trial.target
    if rows || list,
      drawing.picture != nil || target.device != nil || target.limits != nil || anyDevice || paired
    {
      throw ValidationError(
        "--\(rows ? "rows" : "list") executes nothing: --picture, --device, --limits, --any-device and --paired "
          + "do not go with it.")
    }
    if let size, ImageSize(size) == nil {
      throw ValidationError("--size is WIDTHxHEIGHT, such as 160x90.")
    }
  }

  /// Throws if something was asked for beside `--races` that races have nothing to do with.
  private func refuseAllButRaces() throws {
    let others = [
      ("table", table != nil), ("rows", rows), ("list", list), ("size", size != nil),
      ("picture", drawing.picture != nil), ("any-device", anyDevice), ("paired", paired),
      ("tune", trial.tune != nil),
      ("wait", trial.wait),
    ]
    if let (name, _) = others.first(where: \.1) {
      throw ValidationError(
        "--races asks the store, and executes nothing: --\(name) does not go with it.")
    }
    if trial.target.isProcessor {
      throw ValidationError("--races is for Vulkan devices: nothing races on the processor.")
    }
  }

  func run() throws {
    if rows || list || races { try trial.processor.refuse() }
    guard let path = table else { return try Terminal.output(leftOutRaces().text) }
    let table = try LatencyTable(argument: path)
    if rows { return try Terminal.output(hidden(table, of: path)) }
    let size = try inputSize(table, of: path)
    if list {
      let names = ValidationNetworks.zoo(input: size).prefix(networks)
      return try Terminal.output(names.map { "\($0)\n" }.joined())
    }
    let graphs: [Graph]
    do throws(InvalidNetwork) {
      graphs = try ValidationNetworks(count: networks, input: size, seed: seed).graphs
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    let lowered = try graphs.map { graph throws(CommandFailure) in
      try LoweredNetwork(argument: graph, fusingSplitBlocks: trial.target.traits.fusesSplitBlocks)
    }
    let inputs = trial.target.files + [path]
    let file = try drawing.file(besides: inputs + trial.storage.files)
    let view = ProgressView(quiet: trial.quiet)
    let session = try trial.session(table: table, reading: inputs, view)
    let predictor = try session.predictor(argument: table, anyDevice: anyDevice)
    let trials = try trial.trials(
      lowered, predictor, table: table, paired: paired, in: session, view)
    try Terminal.output(
      trials.text + (trials.results.isEmpty ? "" : "\n" + trials.summary))
    if let file, !trials.results.isEmpty {
      try drawing.draw(
        Self.scatter(trials, device: table.device.name), to: file,
        command: "srprof validate --table \(path) --networks \(networks) "
          + "--seed \(seed) --size \(size) --seconds \(trial.seconds)")
    }
    try trials.requireAll()
  }

  /// How well the other races choose what is looked at first.
  private func leftOutRaces() throws(CommandFailure) -> LeftOutRaces {
    let store = try trial.storage.openKnown(besides: trial.target.files)
    let (instance, device) = try trial.target.find()
    let backend = try trial.target.openIdle(device, of: instance)
    let races: [Race]
    do throws(StoreError) { races = try store.races(of: backend) } catch {
      throw CommandFailure(error)
    }
    guard !races.isEmpty else {
      throw CommandFailure(
        .badFile,
        "store \(store.path) has no races of \(device.name) with this driver and srprof; srprof measure runs them"
      )
    }
    let view = ProgressView(quiet: trial.quiet)
    defer { view.finish() }
    return LeftOutRaces(races, on: backend, looks: LeftOutRaces.looks) {
      view.status("\(Format.percent($0))  leaving out races")
    }
  }

  /// How well rows are predicted from other rows.
  private func hidden(
    _ table: LatencyTable, of path: String
  ) throws(CommandFailure) -> TerminalText {
    do throws(PredictionError) {
      if let keep { return HiddenRowsListing([try HiddenRows(table, keeping: keep.value)]).text }
      var all: [HiddenRows] = []
      for draw in 0..<Self.draws { all.append(try HiddenRows(table, seed: seed &+ draw)) }
      return HiddenRowsListing(all).text
    } catch {
      throw CommandFailure(.badFile, "\(path): \(error)")
    }
  }

  /// Times that rows are hidden: the share within 10 % scatters by some 4 points from one to the next.
  private static let draws: UInt64 = 40

  private func inputSize(
    _ table: LatencyTable, of path: String
  ) throws(CommandFailure) -> ImageSize {
    if let size, let parsed = ImageSize(size) { return parsed }
    let most = table.imageSizes.max {
      ($0.rows, $0.size.width * $0.size.height) < ($1.rows, $1.size.width * $1.size.height)
    }
    guard let most else {
      throw CommandFailure(
        .badFile,
        "\(path) has no layer that takes an image, so it says nothing of its size; give "
          + "--size WIDTHxHEIGHT")
    }
    return most.size
  }

  private static func scatter(_ trials: NetworkTrials, device: String) -> Scatter {
    let points = trials.results.map {
      (x: $0.frame.undisturbedNanoseconds / 1e6, y: $0.predicted / 1e6)
    }
    let ends = [points.map(\.x).min() ?? 1, points.map(\.x).max() ?? 1]
    return Scatter(
      title: "Predicted and executed networks, \(device)", x: "executed, ms", y: "predicted, ms",
      isLogarithmic: true,
      series: [
        Scatter.Series("networks", points),
        Scatter.Series("as predicted", ends.map { ($0, $0) }, isLine: true),
        Scatter.Series("10 % more", ends.map { ($0, $0 * 1.1) }, isLine: true),
        Scatter.Series("10 % less", ends.map { ($0, $0 * 0.9) }, isLine: true),
      ])
  }
}
