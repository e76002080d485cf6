internal import Networks
internal import Statistics
internal import Store

/// The settings and the record of a search, for the one process that runs it.
struct SearchRecord {
  let directory: SearchDirectory
  let settings: SearchSettings
  private let space: any FeasibleSpace
  private let store: SearchStore

  /// - Throws: Which setting has changed, or why the directory cannot be used.
  init(
    _ directory: SearchDirectory, _ settings: SearchSettings, _ space: any FeasibleSpace
  ) throws(SearchError) {
    self.directory = directory
    self.settings = settings
    self.space = space
    let stored: [String: String]
    do throws(StoreError) {
      store = try SearchStore(path: directory.storePath)
      stored = try store.settings()
    } catch {
      throw SearchError(error)
    }
    try Self.check(settings, stored, directory)
    var record = Dictionary(uniqueKeysWithValues: settings.fixed)
    for (name, value) in settings.notes { record[SearchHistory.note + name] = value }
    do throws(StoreError) { try store.record(settings: record) } catch { throw SearchError(error) }
  }

  private static func check(
    _ settings: SearchSettings, _ stored: [String: String], _ directory: SearchDirectory
  ) throws(SearchError) {
    for (name, value) in settings.fixed {
      guard let old = stored[name], old != value else { continue }
      let difference = name == "space" ? "" : ": \(old), not \(value)"
      throw SearchError(
        .changed,
        "\(directory.path): the search was started with another \(name)\(difference); give what it "
          + "was, or another directory")
    }
  }

  func history() throws(SearchError) -> SearchHistory {
    try SearchHistory(store, directory: directory.path)
  }

  func trials() throws(StoreError) -> [SearchStore.Trial] { try store.trials() }

  func rounds() throws(StoreError) -> Int { try store.roundCount() }

  /// How many candidates were considered in a round.
  func considered(inRound round: Int) throws(StoreError) -> Int {
    try store.considered(inRound: round).count
  }

  func take(_ trial: SearchStore.Trial) throws(StoreError) { try store.record(trial) }

  /// Path of the supernet's weights; `nil` before it was trained.
  func supernet() throws(StoreError) -> String? { try store.settings()["supernetWeights"] }

  func take(supernet weights: String) throws(StoreError) {
    try store.record(settings: ["supernetWeights": weights])
  }

  /// Proposes the next round and records it; false if no candidate is left.
  func propose() throws -> Bool {
    let history = try history()
    let proposal = settings.strategy.proposal(
      round: history.rounds, seed: settings.seed,
      history: history.observations(beforeRound: history.rounds), in: space)
    guard !proposal.chosen.isEmpty else { return false }
    try store.record(
      round: history.rounds,
      considered: proposal.considered.enumerated().map { index, candidate in
        SearchStore.Candidate(
          candidate, proposal.predictions.isEmpty ? nil : proposal.predictions[index])
      }, chosen: proposal.chosen)
    return true
  }

  /// The request of a trial to an evaluator.
  func request(_ trial: SearchStore.Trial) throws -> EvaluatorRequest {
    let stored = try store.settings()
    let candidate = try FeasiblePoint(trial.candidate)
    return .evaluate(
      id: "\(trial.id)", seed: seed(of: trial.candidate.encoding), attempts: trial.attempts,
      network: try settings.space.network(of: candidate.point, rate: candidate.rate),
      nanoseconds: candidate.nanoseconds,
      fidelity: settings.fidelity ?? stored["fidelityInUse"].flatMap { Int($0) },
      checkpoint: directory.trial(trial.id), supernet: stored["supernetWeights"])
  }

  /// Records by what is judged: qualities of another kind cannot be compared.
  ///
  /// - Parameter fidelity: What is suggested, for a search without one of its own.
  func agree(metric: String, maximizes: Bool, fidelity: Int?) throws {
    let direction = maximizes ? "maximize" : "minimize"
    let stored = try store.settings()
    if let old = stored["metric"], old != metric || stored["direction"] != direction {
      throw SearchError(
        .changed,
        "\(directory.path): the search judges by \(old) (\(stored["direction"] ?? "")), not by "
          + "\(metric) (\(direction)); choose another directory")
    }
    var record = ["metric": metric, "direction": direction]
    if settings.fidelity == nil, stored["fidelityInUse"] == nil, let fidelity {
      record["fidelityInUse"] = "\(fidelity)"
    }
    try store.record(settings: record)
  }

  /// The search's seed for something that it does.
  func seed(of text: String) -> UInt64 {
    text.utf8.reduce(SplitMix64.mixed(settings.seed)) { SplitMix64.mixed($0 ^ UInt64($1)) }
  }

  /// Whatever `body` throws as an error of the search.
  func wrapping<Value>(_ body: () throws -> Value) throws(SearchError) -> Value {
    do {
      return try body()
    } catch let error as SearchError {
      throw error
    } catch let error as StoreError {
      throw SearchError(error)
    } catch {
      throw SearchError(.inputOutput, "\(directory.path): \(error)")
    }
  }
}

extension SearchStore.Trial {
  /// Ends it with a result.
  mutating func take(_ result: EvaluatorResult, metric: String) {
    status = .done
    quality = result.quality[metric]
    qualities =
      JSON.object(
        result.quality.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }
      ).text
    steps = result.steps
    seconds = result.seconds
    weights = result.weights
  }
}
