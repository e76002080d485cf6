internal import Files
public import Networks
internal import Profiles
internal import Store

/// Everything that a search found so far, as a value. Reading it disturbs no process that runs the search.
public struct SearchHistory: Sendable {
  public let directory: String
  public let space: SearchSpace
  /// Fingerprint of the table.
  public let table: String
  public let limit: LatencyLimit
  public let seed: UInt64
  /// As ``Strategy/description`` says it.
  public let strategy: String
  /// The figure that is searched by, such as psnrY; `nil` before an evaluator was ready.
  public let metric: String?
  /// Whether more of it is better.
  public let maximizes: Bool
  /// Training steps of an evaluation; `nil` before they are known.
  public let fidelity: Int?
  /// Path of the supernet's weights; `nil` without one.
  public let supernet: String?
  /// ``SearchSettings/notes``.
  public let notes: [String: String]
  /// Rounds that began.
  public let rounds: Int
  /// In the order in which they count.
  public let trials: [SearchTrial]
  /// Every candidate of every round, by round.
  public let considered: [ConsideredCandidate]

  /// Reads a search's directory.
  ///
  /// - Throws: That there is no search, or what is wrong with it.
  public init(directory: String) throws(SearchError) {
    let path = SearchDirectory(directory).storePath
    guard FileContents.exists(path) else {
      throw SearchError(.usage, "\(directory): there is no search in this directory")
    }
    let store: SearchStore
    do throws(StoreError) { store = try SearchStore(path: path) } catch { throw SearchError(error) }
    try self.init(store, directory: directory)
  }

  init(_ store: SearchStore, directory: String) throws(SearchError) {
    let settings: [String: String]
    let stored: [SearchStore.Trial]
    var considered: [ConsideredCandidate] = []
    do {
      settings = try store.settings()
      stored = try store.trials()
      rounds = try store.roundCount()
      for round in 0..<rounds {
        for one in try store.considered(inRound: round) {
          considered.append(
            ConsideredCandidate(
              round: round, candidate: try FeasiblePoint(one),
              prediction: QualityPrediction(one)))
        }
      }
    } catch let error as StoreError {
      throw SearchError(error)
    } catch let error as SearchError {
      throw error
    } catch {
      throw SearchError(.damaged, "\(directory): \(error)")
    }
    self.considered = considered
    var trials: [SearchTrial] = []
    for one in stored { trials.append(try SearchTrial(one)) }
    self.trials = trials
    guard let json = settings["space"], let target = settings["target"].flatMap({ Double($0) }),
      let seed = settings["seed"].flatMap({ UInt64($0) })
    else { throw SearchError(.damaged, "\(directory): the search has no settings") }
    do throws(ProfileError) {
      space = try SearchSpace(yaml: json, file: "\(directory): space")
    } catch {
      throw SearchError(.damaged, error.description)
    }
    let points = trials.map(\.candidate.point) + considered.map(\.candidate.point)
    if let other = points.first(where: { [space] in !space.contains($0) }) {
      throw SearchError(
        .damaged, "\(directory): the search has a candidate '\(other)', which its space lacks")
    }
    self.directory = directory
    self.seed = seed
    table = settings["table"] ?? ""
    limit = LatencyLimit(
      nanoseconds: target, confidence: settings["confidence"].flatMap { Double($0) })
    strategy = settings["strategy"] ?? ""
    metric = settings["metric"]
    maximizes = settings["direction"] != "minimize"
    fidelity =
      settings["fidelity"].flatMap { Int($0) } ?? settings["fidelityInUse"].flatMap { Int($0) }
    supernet = settings["supernetWeights"]
    notes = Dictionary(
      uniqueKeysWithValues: settings.filter { $0.key.hasPrefix(Self.note) }.map {
        (String($0.key.dropFirst(Self.note.count)), $0.value)
      })
  }

  static let note = "note."

  /// The trial of the best quality; of equal ones the first. Failed ones are never best.
  public var best: SearchTrial? {
    trials.filter { $0.quality != nil }.max { (score($0), $1.id) < (score($1), $0.id) }
  }

  /// Trials that no other beats in both latency and quality, the fastest first.
  public var front: [SearchTrial] {
    let done = trials.filter { $0.quality != nil }
    return ParetoFront.indices(
      costs: done.map(\.candidate.nanoseconds), values: done.map(score)
    ).map { done[$0] }
  }

  /// The best quality after each trial that is done or failed; `nil` before the first that is done.
  public var bestSoFar: [Double?] {
    var best: SearchTrial?
    return trials.filter { $0.status != .pending }.map { trial in
      if trial.quality != nil, score(trial) > best.map(score) ?? -.infinity { best = trial }
      return best?.quality
    }
  }

  /// How many trials there are of a status.
  public func count(_ status: SearchTrial.Status) -> Int { trials.count { $0.status == status } }

  /// The network of a candidate.
  public func network(_ candidate: FeasiblePoint) throws(InvalidNetwork) -> SearchedNetwork {
    try space.network(of: candidate.point, rate: candidate.rate)
  }

  /// More is better.
  private func score(_ trial: SearchTrial) -> Double {
    trial.quality.map { maximizes ? $0 : -$0 } ?? -.infinity
  }

  /// The knowledge of strategies: trials of the rounds before one.
  func observations(beforeRound round: Int) -> [Observation] {
    trials.filter { $0.round < round }.map { trial in
      Observation(
        point: trial.candidate.point, quality: trial.quality.map { maximizes ? $0 : -$0 })
    }
  }
}
