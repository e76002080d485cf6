internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Search
internal import Tables

/// `srprof prune`: finds the rate of each layer of a candidate.
struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find how much of each layer is pruned, so that a candidate meets a latency.",
    discussion: """
      The candidate's schemes say what is pruned together; its rates are not looked at. The evaluator trains it under \
      a penalty that small groups of weights feel more (reweighted regularisation), and one threshold on all layers is \
      placed where the table says that the latency is met. The same threshold without the penalty (one-shot) and one \
      rate for all layers (uniform) are trained as long beside it; what was best is written.

      Example: srprof prune --candidate best.json --table gpu.json --target-ms 50 --evaluator 'python3 evaluator.py \
      --images DIV2K/train --validate Set5' --output pruned
      """)

  @OptionGroup var tableOptions: TableOptions

  @Option(help: "File of the candidate.", completion: .file(extensions: ["json"]))
  var candidate: String

  @Option(
    help: "Trained weights of the candidate without pruning (default: they are trained first).",
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @OptionGroup var target: TargetOptions
  @OptionGroup var evaluator: EvaluatorChoice

  @Option(
    name: .customLong("lambda"),
    help: "Weight of the penalty; any number are tried (default: 1e-6, 1e-5, 1e-4).")
  var lambdas: [Double] = []

  @Option(help: "Training steps of the candidate without pruning.")
  var denseSteps = 4000

  @Option(help: "Training steps under the penalty, or as many without it.")
  var steps = 3000

  @Option(help: "Training steps of what is left.")
  var retrainSteps = 2000

  @Option(help: "Selects the draws.")
  var seed: UInt64 = 1

  @Option(
    help: "The folder of the work; the same command carries on there.", completion: .directory)
  var directory = "srprof-prune"

  @Option(
    name: .shortAndLong,
    help: "Write the best as NAME.json, NAME.safetensors, NAME.onnx and NAME-masks.yaml.")
  var output: String?

  @OptionGroup var drawing: DrawingOptions

  @Flag(help: "Print as JSON.")
  var json = false

  @Flag(help: "Say nothing on the way.")
  var quiet = false

  func validate() throws {
    for (name, value, least) in [
      ("dense-steps", denseSteps, 0), ("steps", steps, 1), ("retrain-steps", retrainSteps, 0),
    ] where !(least...1_000_000_000 ~= value) {
      throw ValidationError("--\(name) is \(least) to 1000000000.")
    }
    guard lambdas.allSatisfy({ 0 < $0 && $0 <= 1e6 }) else {
      throw ValidationError("--lambda is above 0 and at most 1e6.")
    }
  }

  func run() throws {
    guard let options = evaluator.options else {
      throw ValidationError("--evaluator is missing: srprof search evaluator writes one.")
    }
    let picture = try drawing.file(besides: [tableOptions.table, candidate])
    let candidate = try Candidate(argument: candidate)
    let (table, predictor) = try tableOptions.read()
    let plan = PruningPlan(
      candidate: candidate, weights: weights, nanoseconds: target.nanoseconds,
      denseSteps: denseSteps, steps: steps, retrainSteps: retrainSteps,
      lambdas: lambdas.isEmpty ? [1e-6, 1e-5, 1e-4] : lambdas, seed: seed)
    Interruption.listen()
    let report = try report(plan, options) { candidate in
      let network = try table.lowered(try candidate.graph())
      return target.limit.compared(
        try NetworkPrediction(argument: network, predictor: predictor))
    }
    guard let report else {
      throw CommandFailure.campaignInterruption ?? CommandFailure(.interrupted, "interrupted")
    }
    let listing = PruningListing(report, limit: target.nanoseconds)
    try Terminal.output(json ? try listing.figures.prettyJSON() : listing.text)
    if let picture {
      try drawing.draw(
        listing.picture, to: picture, command: "srprof prune --candidate \(self.candidate)",
        page: listing.page)
    }
    if let output, let best = report.outcomes.first {
      try FoundNetwork(.candidate(best.candidate), weights: best.weights).write(to: output)
    }
  }

  private func report(
    _ plan: PruningPlan, _ options: EvaluatorOptions,
    latency: @escaping (Candidate) throws -> Double
  ) throws -> PruningReport? {
    do {
      let run = try PruningRun(plan, directory: directory, evaluator: options, latency: latency)
      return try run.run(
        isInterrupted: { Interruption.status != nil },
        onEvent: { event in
          if let line = Self.line(event), !quiet { Terminal.note(line) }
        })
    } catch let error as SearchError {
      throw CommandFailure(error)
    } catch let error as UnreachablePruning {
      throw CommandFailure(
        .someRowsFailed,
        "no pruning meets \(Format.duration(nanoseconds: plan.nanoseconds)): the fastest takes "
          + Format.duration(nanoseconds: error.reachableNanoseconds))
    } catch let error as InvalidNetwork {
      throw CommandFailure(.badFile, "\(candidate): \(error.description)")
    }
  }

  /// The line about an event; `nil` for none.
  private static func line(_ event: EvaluatorPool.Event) -> String? {
    switch event {
    case .ready(let ready):
      "evaluator \(ready.name) \(ready.version) on \(ready.device), by \(ready.metric)"
    case .attemptFailed(let id, _, let reason): "\(id): the evaluator \(reason); once more"
    case .done(let id, _, let result):
      "\(id): "
        + result.quality.sorted { $0.key < $1.key }
        .map { "\($0.key) \(Format.decimals($0.value, $0.key.hasPrefix("ssim") ? 4 : 2))" }
        .joined(separator: ", ")
        + (result.seconds.map { ", in \(Format.time(seconds: $0))" } ?? "")
    case .started(let id, _, _): "\(id) …"
    case .progress, .failed: nil
    }
  }
}
