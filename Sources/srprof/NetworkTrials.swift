internal import Execution
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Tables

/// Networks predicted and executed in the same rounds.
struct NetworkTrials {
  /// A network that ran.
  struct Result {
    let network: LoweredNetwork
    let prediction: NetworkPrediction
    let frame: FrameTime
    /// What the prediction is multiplied by for the speed the device has now.
    let speedFactor: Double

    /// Predicted nanoseconds at the device's speed now.
    var predicted: Double { prediction.nanoseconds * speedFactor }
    /// Predicted over measured, less one.
    var error: Double { predicted / frame.undisturbedNanoseconds - 1 }
  }

  let results: [Result]
  /// Networks that could not be run, with the reason.
  let failures: [(name: String, reason: String)]
  /// How fast the device is, relative to when the table was made.
  let relativeSpeed: Double
  /// What ended the rounds early.
  let end: CommandFailure?

  init(
    _ networks: [LoweredNetwork], _ predictor: LatencyPredictor, table: LatencyTable,
    _ session: NetworkSession, _ options: TrialOptions
  ) throws {
    var refused: [(name: String, reason: String)] = []
    var predictions: [(network: LoweredNetwork, prediction: NetworkPrediction)] = []
    for network in networks {
      do throws(PredictionError) {
        predictions.append((network, try NetworkPrediction(network, predictor: predictor)))
      } catch {
        refused.append((network.name, error.description))
      }
    }
    let networks = predictions.map(\.network)
    try session.tune(networks, options.tune ?? .quick)
    let outcomes: [NetworkRounds.Outcome]
    (outcomes, end) = session.time(networks, seconds: options.seconds, bySteps: true) {
      "\(Format.percent($1))  \($0.network.name)"
    }
    session.view.finish()
    let steady = outcomes.compactMap(\.frame).filter(\.atSpeed)
    let speed = session.relativeSpeed(of: steady, to: table) ?? 1
    relativeSpeed = speed
    results = zip(outcomes, predictions).compactMap { outcome, predicted in
      outcome.frame.map { frame in
        let own = frame.atSpeed ? speed : session.relativeSpeed(of: [frame], to: table) ?? 1
        return Result(
          network: outcome.network, prediction: predicted.prediction, frame: frame,
          speedFactor: 1 / own)
      }
    }
    let isWhole = end == nil
    failures =
      refused
      + outcomes.compactMap { outcome in
        guard outcome.frame == nil else { return nil }
        let unknown = isWhole ? "no frame gave a positive time" : "its turn did not come"
        return (outcome.network.name, outcome.failure?.reason ?? unknown)
      }
  }

  /// Throws what ended the rounds early, or that some networks could not be run.
  func requireAll() throws(CommandFailure) {
    if let end { throw end }
    guard failures.isEmpty else {
      throw CommandFailure(
        .someRowsFailed,
        "\(failures.count) of \(failures.count + results.count) networks could not be run")
    }
  }

  /// A line for each network.
  var text: TerminalText {
    var table = TextTable([
      ("network", .left), ("measured", .right), ("+-", .right), ("predicted", .right),
      ("error", .right), ("not exact", .right),
    ])
    for result in results {
      table.add([
        result.network.name,
        Format.duration(nanoseconds: result.frame.undisturbedNanoseconds),
        Format.percent(result.frame.relativeHalfWidth) + (result.frame.atSpeed ? "" : "*"),
        Format.duration(nanoseconds: result.predicted), Format.signedPercent(result.error),
        Format.percent(1 - result.prediction.share(.exact)),
      ])
    }
    return table.text
      + failures.map { "\($0.name): not run: \($0.reason)\n" }.joined()
  }

  private static func errors(of results: [Result]) -> PredictionErrors {
    PredictionErrors(results.map { ($0.predicted, $0.frame.undisturbedNanoseconds) })
  }

  /// What they come to, in a few lines.
  var summary: TerminalText {
    let undisturbed = results.filter(\.frame.atSpeed)
    let apart: TerminalText =
      undisturbed.isEmpty || undisturbed.count == results.count
      ? ""
      : "\(undisturbed.count) of them timed undisturbed (without *): "
        + "\(Self.summary(of: Self.errors(of: undisturbed)))\n"
    let speed: TerminalText =
      relativeSpeed != 1
      ? "the device is at \(Format.percent(relativeSpeed)) of the speed it had for the table, and "
        + "predictions are divided by that\n" : ""
    return speed
      + "\(results.count) networks: \(Self.summary(of: Self.errors(of: results)))\n" + apart
  }

  /// What errors come to.
  static func summary(of errors: PredictionErrors) -> String {
    "median error \(Format.percent(errors.median)), "
      + "\(Format.percent(errors.within(0.05))) within 5 %, "
      + "\(Format.percent(errors.within(0.1))) within 10 %, worst \(Format.percent(errors.worst)), "
      + "bias \(Format.signedPercent(errors.bias))"
  }
}
