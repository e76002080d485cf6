public import Measurement
public import Networks
public import Prediction
public import Tables

/// Networks predicted and executed in the same rounds.
public struct NetworkTrials {
  /// A network that ran.
  public struct Result: Sendable {
    public let network: LoweredNetwork
    /// At the speed that the device had for the table.
    public let prediction: NetworkPrediction
    public let frame: FrameTime
    /// Predicted nanoseconds at the speed that the device has now.
    public let predicted: Double
    /// Predicted over measured, less one.
    public var error: Double { predicted / frame.undisturbedNanoseconds - 1 }
  }

  public let results: [Result]
  /// Networks that could not be run, with the reason.
  public let failures: [(name: String, reason: String)]
  /// How fast the device is, relative to when the table was made.
  public let relativeSpeed: RelativeSpeed
  /// The parts of the errors; `nil` unless rows were measured beside the frames.
  public let parts: ErrorParts?
  /// The reason why the rounds ended early.
  public let end: NetworkSession.Stop?

  /// Predicts networks, races what they lack, and times those that can be predicted.
  ///
  /// - Parameters:
  ///   - schedules: How those are chosen that no table or race has.
  ///   - seconds: Of submissions of each network.
  ///   - paired: Whether the rows that the networks need are measured again in the rounds of their frames.
  ///   - progress: Called after a visit to a network, with the share that is done.
  public init(
    _ networks: [LoweredNetwork], _ predictor: LatencyPredictor, table: LatencyTable,
    in session: NetworkSession, schedules: Plan.Schedules, seconds: Double,
    paired: Bool = false,
    progress: (NetworkRounds.Outcome, Double) -> Void = { _, _ in }
  ) throws(NetworkSession.Stop) {
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
    try session.tune(networks, schedules)
    let outcomes: [NetworkRounds.Outcome]
    let rows = paired ? session.pairedRows() : nil
    (outcomes, end) = session.time(
      networks, seconds: seconds, bySteps: true, paired: rows, progress: progress)
    let steady = outcomes.compactMap(\.frame).filter(\.atSpeed)
    let speed = session.relativeSpeed(of: steady, to: table) ?? .unchanged
    relativeSpeed = speed
    let results = zip(outcomes, predictions).compactMap { outcome, predicted in
      outcome.frame.map { frame in
        let own =
          frame.atSpeed ? speed : session.relativeSpeed(of: [frame], to: table) ?? .unchanged
        return Result(
          network: outcome.network, prediction: predicted.prediction, frame: frame,
          predicted: predicted.prediction.at(own, by: predictor).nanoseconds)
      }
    }
    self.results = results
    parts = rows.map { ErrorParts(results, $0) }
    let isWhole = end == nil
    failures =
      refused
      + outcomes.compactMap { outcome in
        guard outcome.frame == nil else { return nil }
        let unknown = isWhole ? "no frame gave a positive time" : "its turn did not come"
        return (outcome.network.name, outcome.failure?.reason ?? unknown)
      }
  }

  /// How far predictions of some of the results were off.
  public static func errors(of results: [Result]) -> PredictionErrors {
    PredictionErrors(results.map { ($0.predicted, $0.frame.undisturbedNanoseconds) })
  }

  /// The constants that whole networks take beyond the sum of their rows, at the speed of the table; `nil` for too
  /// few of them, or of one depth.
  public func additivity(ceilings: Ceilings) -> Additivity? {
    Additivity(
      fitting: results.map {
        Additivity.Observation(
          rows: $0.prediction.parts.flatMap {
            Array(repeating: $0.row.nanoseconds, count: $0.count)
          },
          measured: $0.frame.undisturbedNanoseconds * $0.prediction.nanoseconds / $0.predicted)
      }, ceilings: ceilings)
  }
}
