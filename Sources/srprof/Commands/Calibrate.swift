internal import ArgumentParser
internal import Execution
internal import Networks
internal import Prediction
internal import Report
internal import Tables
internal import Workloads

/// `srprof calibrate`: what whole networks take beyond the sum of their rows.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Execute a few networks and keep in a table what they take beyond the sum of their rows.",
    discussion: """
      Fits the share of its row that each layer saves, one constant for each dispatch and one for each \
      submission; predictions by the table then have them, and their spread in the interval.

      Example: srprof calibrate --device 0 --table my-gpu.json
      """)

  @OptionGroup var trial: TrialOptions

  @Option(
    help: "The table, which is written again with the constants.",
    completion: .file(extensions: ["json"]))
  var table: String

  @Option(
    help: """
      A network to execute; may be given several times (default: WDSR networks of which the table has every \
      row).
      """)
  var network: [String] = []

  @Option(name: .shortAndLong, help: "Write the table here instead.")
  var output: String?

  func validate() throws {
    guard network.isEmpty || network.count >= Additivity.fewestNetworks else {
      throw ValidationError(
        "\(network.count) networks are too few for three constants; name \(Additivity.fewestNetworks) at least."
      )
    }
  }

  func run() throws {
    var table = try LatencyTable(argument: table)
    table.additivity = nil
    // The table may be written over, with all that it says.
    let output = try OutputFile(
      path: output ?? self.table, besides: trial.target.files + trial.storage.files)
    let view = ProgressView(quiet: trial.quiet)
    let session = try trial.session(
      table: table, reading: trial.target.files + [self.table], view)
    let predictor = try session.predictor(argument: table, anyDevice: false)
    let networks = try chosen(table, predictor)
    let trials = try trial.trials(networks, predictor, table: table, in: session, view)
    if let end = trials.end { throw CommandFailure(end) }
    guard let additivity = trials.additivity(ceilings: table.ceilings) else {
      throw CommandFailure(
        .badFile,
        "\(trials.results.count) networks do not tell what a dispatch and a submission add: "
          + "\(Additivity.fewestNetworks) at least, of different depths, do")
    }
    table.additivity = additivity
    try output.write(table)
    if output.isStandard { return try trials.requireAll() }
    try Terminal.output(
      """
      \(trials.text)layers save \(Format.percent(additivity.savedShare ?? 0)), \
      \(Format.duration(nanoseconds: additivity.perDispatchNanoseconds)) a dispatch, \
      \(Format.duration(nanoseconds: additivity.perSubmissionNanoseconds)) a submission, spread \
      \(Format.percent(additivity.relativeSpread)); table: \(output.name)

      """)
    try trials.requireAll()
  }

  /// The networks that were named, or those the table has every row of.
  private func chosen(
    _ table: LatencyTable, _ predictor: LatencyPredictor
  ) throws(CommandFailure) -> [LoweredNetwork] {
    guard network.isEmpty else {
      return try network.map { text throws(CommandFailure) in
        try LoweredNetwork(
          argument: NetworkOptions.graph(of: text),
          fusingSplitBlocks: trial.target.traits.fusesSplitBlocks)
      }
    }
    let networks = CalibrationNetworks(table, predictor).networks
    guard networks.count >= Additivity.fewestNetworks else {
      throw CommandFailure(
        .badFile,
        "\(self.table) has all rows of \(networks.count) of the usual WDSR networks, and "
          + "\(Additivity.fewestNetworks) are needed: name some by --network, or measure them first "
          + "(srprof measure --network ...)")
    }
    return networks
  }
}
