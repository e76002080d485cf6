internal import ArgumentParser
internal import Execution
internal import Images
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Tables
internal import Workloads

/// `srprof run`: a whole network, really executed.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Execute a network on a device: how long it takes, layer by layer, and what comes out.",
    discussion: """
      With a table, the prediction is beside what was measured. With --input and --output a picture goes \
      through the network. Kernels that were never checked on this device in these sizes are checked before.

      Example: srprof run --device 0 --onnx model.onnx --input small.png --output large.png
      """)

  @OptionGroup var trial: TrialOptions
  @OptionGroup var choice: NetworkOptions
  @OptionGroup var trained: WeightOptions
  @OptionGroup var input: PictureOptions

  @Option(
    name: .shortAndLong, help: "Where the result goes: a file that ends in .png or .npy.",
    completion: .file(extensions: ["png", "npy"]))
  var output: String?

  @Option(
    help: "A table of this device: its schedules are run, and its prediction is compared.",
    completion: .file(extensions: ["json"]))
  var table: String?

  @Flag(help: "Predict by the table even if it is of another device, driver or version of srprof.")
  var anyDevice = false

  @Option(
    help: """
      Side of square tiles that the picture is cut into, in its pixels (default: the whole picture where \
      the device allows it).
      """)
  var tile: Int?

  @Flag(help: "Run SplitSR blocks as a convolution and a copy, not as one kernel.")
  var parts = false

  @Flag(
    help:
      "Run kernels as they are, also those that were never checked on this device in these sizes.")
  var noCheck = false

  @Flag(help: "Print everything as JSON.")
  var json = false

  func validate() throws {
    if let output, ![".png", ".npy"].contains(where: { output.lowercased().hasSuffix($0) }) {
      throw ValidationError("--output is a file that ends in .png or .npy.")
    }
    if let tile, tile < 1 { throw ValidationError("--tile is a number of pixels above 0.") }
    if anyDevice, table == nil {
      throw ValidationError("--any-device is for the prediction by a --table.")
    }
    if output != nil, input.file == nil {
      throw ValidationError("--output needs the picture that goes in: --input FILE.")
    }
  }

  func run() throws {
    let table = try table.map { file throws(CommandFailure) in try LatencyTable(argument: file) }
    let picture = try input.picture()
    if let shape = picture?.shape ?? input.shape { try choice.requireSize(of: shape) }
    let replacement = try trained.replacement(isModel: choice.onnx != nil)
    let inputs =
      trial.target.files + choice.files
      + [self.table, input.file, trained.weights].compactMap(\.self)
    if let output { _ = try OutputFile(path: output, besides: inputs + trial.storage.files) }
    let view = ProgressView(quiet: trial.quiet)
    let session = try trial.session(table: table, reading: inputs, view)
    let predictor = try table.map { table throws(CommandFailure) in
      try session.predictor(argument: table, anyDevice: anyDevice)
    }
    let network = try network(for: picture?.shape ?? input.shape, on: session.backend) {
      shape throws(CommandFailure) in try replacement(try choice.graph(input: shape))
    }
    if let picture {
      try network.require(picture, isImage: input.isImage, output: output)
    } else if let shape = input.shape, choice.onnx == nil, network.tiling == nil,
      network.lowered.inputShape != shape
    {
      throw CommandFailure(
        .usage, "\(network.graph.name) takes \(network.lowered.inputShape), not \(shape)")
    }
    let prediction = try predictor.map { predictor throws(CommandFailure) in
      try NetworkPrediction(argument: network.lowered, predictor: predictor)
    }
    let checked: KernelChecks.Tally?
    do throws(NetworkSession.Stop) {
      try session.tune([network.lowered], trial.schedules)
      checked = noCheck ? nil : try session.check(network.lowered)
    } catch {
      throw CommandFailure(error)
    }
    let report = try report(network, session, prediction, predictor, table, checked, view)
    view.finish()
    try Terminal.output(json ? report.prettyJSON() : report.text)
    if let output, let picture {
      try write(picture, through: network, session, to: output)
    }
  }

  /// The network for what goes in.
  private func network(
    for shape: MapShape?, on backend: any NetworkBackend,
    graph: (MapShape?) throws(CommandFailure) -> Graph
  ) throws(CommandFailure) -> PictureNetwork {
    do throws(PictureNetwork.Misfit<CommandFailure>) {
      return try PictureNetwork(
        picture: shape, tile: tile, fusingSplitBlocks: !parts, on: backend, graph: graph)
    } catch {
      switch error {
      case .graph(let failure): throw failure
      case .network(let sentence): throw CommandFailure(.badFile, sentence)
      }
    }
  }

  /// Sends the picture through, and writes what comes out.
  private func write(
    _ picture: Tensor, through network: PictureNetwork, _ session: NetworkSession, to path: String
  ) throws(CommandFailure) {
    let result: Tensor
    do throws(NetworkSession.Stop) {
      result = try session.upscale(picture, isImage: input.isImage, through: network)
    } catch {
      throw CommandFailure(error)
    }
    do throws(ImageError) { try result.write(path) } catch { throw CommandFailure(error) }
  }

  /// Times frames and layers.
  private func report(
    _ network: PictureNetwork, _ session: NetworkSession, _ prediction: NetworkPrediction?,
    _ predictor: LatencyPredictor?, _ table: LatencyTable?, _ checked: KernelChecks.Tally?,
    _ view: ProgressView
  ) throws(CommandFailure) -> RunReport {
    let lowered = network.lowered
    let (outcomes, end) = session.time([lowered], seconds: trial.seconds) {
      view.status("timing \($0.network.name) \(Format.percent($1))")
    }
    if let end { throw CommandFailure(end) }
    let outcome = outcomes[0]
    let layers: [Double]?
    let schedules: [String]
    do throws(NetworkSession.Stop) {
      (layers, schedules) = try session.steps(of: lowered, seconds: trial.seconds / 2)
    } catch {
      throw CommandFailure(error)
    }
    if let interruption = CommandFailure.interruption { throw interruption }
    guard let frame = outcome.frame else {
      if let failure = outcome.failure { throw CommandFailure(failure) }
      throw CommandFailure(.noDevice, "\(lowered.name): no frame gave a positive time")
    }
    let speed = table.flatMap { session.relativeSpeed(of: [frame], to: $0) }
    let current = predictor.flatMap { predictor in
      prediction?.at(speed ?? .unchanged, by: predictor)
    }
    return RunReport(
      network, outcome, frame, device: session.backend.device, layers: layers,
      schedules: schedules, checked: checked, prediction: current,
      speed: speed)
  }
}
