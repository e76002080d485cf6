internal import Files
internal import Store

/// A candidate that was chosen to be evaluated, and what became of it.
public struct SearchTrial: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable, CaseIterable {
    /// Not evaluated yet, or being evaluated.
    case pending
    case done
    /// Known, but never best and in no surrogate.
    case failed
  }

  /// From 1, in the order of rounds and of candidates in a round.
  public let id: Int
  public let round: Int
  public let candidate: FeasiblePoint
  /// Before it was evaluated; `nil` where no surrogate was asked.
  public let prediction: QualityPrediction?
  public let status: Status
  /// Attempts that ended, well or not.
  public let attempts: Int
  /// Whether it was given out by ``SearchRun/ask(_:again:)``.
  public let isAsked: Bool
  /// The figure that is searched by.
  public let quality: Double?
  /// All figures by name.
  public let qualities: [String: Double]
  public let steps: Double?
  public let seconds: Double?
  /// Path of the trained weights.
  public let weights: String?
  /// Why it failed, or why the attempt before did.
  public let message: String?

  init(_ stored: SearchStore.Trial) throws(SearchError) {
    id = stored.id
    round = stored.round
    candidate = try FeasiblePoint(stored.candidate)
    prediction = QualityPrediction(stored.candidate)
    status =
      switch stored.status {
      case .pending: .pending
      case .done: .done
      case .failed: .failed
      }
    attempts = stored.attempts
    isAsked = stored.asked
    quality = stored.quality
    qualities = Self.numbers(stored.qualities ?? "{}")
    steps = stored.steps
    seconds = stored.seconds
    weights = stored.weights
    message = stored.message
  }

  private static func numbers(_ json: String) -> [String: Double] {
    var reader = JSONReader(Array(json.utf8))
    return (try? reader.readValue()) == nil ? [:] : reader.numbers(of: 0)
  }
}

/// A candidate that was considered in a round, evaluated or not.
public struct ConsideredCandidate: Hashable, Sendable {
  public let round: Int
  public let candidate: FeasiblePoint
  public let prediction: QualityPrediction?
}

extension FeasiblePoint {
  init(_ stored: SearchStore.Candidate) throws(SearchError) {
    guard let point = Point(stored.encoding) else {
      throw SearchError(.damaged, "the search has a candidate '\(stored.encoding)', which is none")
    }
    self.init(
      point: point, rate: stored.rate, nanoseconds: stored.nanoseconds,
      highNanoseconds: stored.highNanoseconds)
  }
}

extension QualityPrediction {
  init?(_ stored: SearchStore.Candidate) {
    guard let it = stored.prediction, it.count == 3 else { return nil }
    self.init(mean: it[0], deviation: it[1], acquisition: it[2])
  }
}

extension SearchStore.Candidate {
  init(_ candidate: FeasiblePoint, _ prediction: QualityPrediction?) {
    self.init(
      encoding: candidate.point.description, rate: candidate.rate,
      nanoseconds: candidate.nanoseconds, highNanoseconds: candidate.highNanoseconds,
      prediction: prediction.map { [$0.mean, $0.deviation, $0.acquisition] })
  }
}
