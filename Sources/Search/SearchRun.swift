public import Networks
internal import Statistics
internal import Store

/// A search in a directory, held by this process: rounds of candidates, each round a function of the seed and of
/// what the rounds before found, whoever evaluates them and in whatever order. Everything is recorded as it
/// happens; the same settings on the same directory go on where a process was killed.
public final class SearchRun {
  /// What happens.
  public enum Event: Sendable {
    case ready(EvaluatorReady)
    case supernet(weights: String)
    /// A round begins, or goes on, with trials.
    case round(Int, considered: Int, trials: [SearchTrial])
    case started(id: String, attempt: Int, worker: Int)
    case progress(id: String, step: Double, value: Double?)
    case attemptFailed(id: String, attempt: Int, reason: String)
    case ended(SearchTrial)
    /// A trial is the best so far.
    case best(SearchTrial)
  }

  public enum Ending: Hashable, Sendable {
    /// All rounds are done.
    case finished
    /// Trials are pending; the same call goes on with them.
    case interrupted
    /// Every network that meets the limit was evaluated.
    case exhausted
  }

  private let directory: SearchDirectory
  private let settings: SearchSettings
  private let space: any FeasibleSpace
  private let store: SearchStore
  private let lock: SearchLock

  /// Begins a search in a directory, or goes on with the one that is there.
  ///
  /// - Parameter space: The settings' space under their limit (see
  ///   ``SearchSpace/limited(to:table:predictor:)``).
  /// - Throws: Who runs the search now, what has changed, or why the directory cannot be used.
  public init(
    directory: String, settings: SearchSettings, space: any FeasibleSpace
  ) throws(SearchError) {
    self.directory = SearchDirectory(directory)
    self.settings = settings
    self.space = space
    lock = try self.directory.lock()
    do throws(StoreError) {
      store = try SearchStore(path: self.directory.storePath)
      let stored = try store.settings()
      let changed = settings.fixed.filter { stored[$0.name] != nil && stored[$0.name] != $0.value }
      if let one = changed.first, let old = stored[one.name] {
        let difference = one.name == "space" ? "" : ": \(old), not \(one.value)"
        throw StoreError(
          file: directory, .other("the search was started with another \(one.name)\(difference)"))
      }
      var record = Dictionary(uniqueKeysWithValues: settings.fixed)
      for (name, value) in settings.notes { record[SearchHistory.note + name] = value }
      try store.record(settings: record)
    } catch {
      if case .other(let sentence) = error.problem, error.file == directory {
        throw SearchError(
          .changed, "\(directory): \(sentence); give what it was, or another directory")
      }
      throw SearchError(error)
    }
  }

  /// What was found so far.
  public func history() throws(SearchError) -> SearchHistory {
    try SearchHistory(store, directory: directory.path)
  }

  /// Searches until so many rounds are done, those before this call included.
  ///
  /// - Parameters:
  ///   - isInterrupted: Asked ten times a second.
  ///   - onEvent: Called on this thread.
  /// - Throws: ``SearchError`` for an evaluator that cannot be used and for a directory that cannot be written.
  public func run(
    rounds: Int, evaluator: EvaluatorOptions, isInterrupted: () -> Bool = { false },
    onEvent: (Event) -> Void = { _ in }
  ) throws(SearchError) -> Ending {
    do {
      let pool = try EvaluatorPool(
        evaluator, directory: directory.evaluators, scale: settings.space.scale,
        seed: settings.seed, space: settings.space.json, mostFailures: settings.strategy.batch)
      defer { pool.close() }
      if let steps = settings.supernetSteps, try store.settings()["supernetWeights"] == nil {
        guard try prepare(steps, pool, isInterrupted, onEvent) else { return .interrupted }
      }
      var round = try openRound()
      while true {
        let trials = try store.trials()
        if let last = trials.last, trials.contains(where: { $0.status == .pending }) {
          onEvent(
            .round(
              last.round, considered: try store.considered(inRound: last.round).count,
              trials: try trials.filter { $0.round == last.round }.map(SearchTrial.init)))
          guard try evaluate(trials, pool, isInterrupted, onEvent) else { return .interrupted }
        }
        if round >= rounds { return .finished }
        guard try propose(round) else { return .exhausted }
        round += 1
      }
    } catch let error as SearchError {
      throw error
    } catch let error as StoreError {
      throw SearchError(error)
    } catch {
      throw SearchError(.inputOutput, "\(directory.path): \(error)")
    }
  }

  /// Rounds that were proposed.
  private func openRound() throws -> Int { try store.roundCount() }

  /// Proposes a round and records it; false if no candidate is left.
  private func propose(_ round: Int) throws -> Bool {
    let history = try SearchHistory(store, directory: directory.path)
    let proposal = settings.strategy.proposal(
      round: round, seed: settings.seed, history: history.observations(beforeRound: round),
      in: space)
    guard !proposal.chosen.isEmpty else { return false }
    try store.record(
      round: round,
      considered: proposal.considered.enumerated().map { index, candidate in
        SearchStore.Candidate(
          candidate, proposal.predictions.isEmpty ? nil : proposal.predictions[index])
      }, chosen: proposal.chosen)
    return true
  }

  /// Trains the supernet; false if interrupted.
  private func prepare(
    _ steps: Int, _ pool: EvaluatorPool, _ isInterrupted: () -> Bool, _ onEvent: (Event) -> Void
  ) throws -> Bool {
    let request = EvaluatorRequest.prepare(
      seed: seed(of: "supernet"), steps: steps, checkpoint: directory.supernet)
    return try pool.perform([request], isInterrupted: isInterrupted) { event in
      switch event {
      case .done(_, _, let result):
        guard let weights = result.weights else {
          throw SearchError(.evaluator, "the evaluator trained a supernet and gave no weights")
        }
        try store.record(settings: ["supernetWeights": weights])
        onEvent(.supernet(weights: weights))
      case .failed(_, _, let reason):
        throw SearchError(.evaluator, "the supernet cannot be trained: the evaluator \(reason)")
      default: try pass(event, onEvent)
      }
    }
  }

  /// Evaluates what is pending; false if interrupted.
  private func evaluate(
    _ trials: [SearchStore.Trial], _ pool: EvaluatorPool, _ isInterrupted: () -> Bool,
    _ onEvent: (Event) -> Void
  ) throws -> Bool {
    let stored = try store.settings()
    var known = Dictionary(uniqueKeysWithValues: trials.map { ("\($0.id)", $0) })
    var requests: [EvaluatorRequest] = []
    for trial in trials where trial.status == .pending {
      let point = try FeasiblePoint(trial.candidate)
      requests.append(
        .evaluate(
          id: "\(trial.id)", seed: seed(of: trial.candidate.encoding), attempts: trial.attempts,
          network: try settings.space.network(of: point.point, rate: point.rate),
          nanoseconds: point.nanoseconds,
          fidelity: settings.fidelity ?? stored["fidelityInUse"].flatMap { Int($0) },
          checkpoint: directory.trial(trial.id), supernet: stored["supernetWeights"]))
    }
    var failedInARow: [SearchStore.Trial] = []
    do {
      return try pool.perform(requests, isInterrupted: isInterrupted) { event in
        switch event {
        case .attemptFailed(let id, let attempt, let reason):
          known[id]?.attempts = attempt
          known[id]?.message = reason
          if let trial = known[id] { try store.record(trial) }
          onEvent(.attemptFailed(id: id, attempt: attempt, reason: reason))
        case .done(let id, let attempts, let result):
          failedInARow = []
          guard var trial = known[id] else { return }
          trial.status = .done
          trial.attempts = attempts
          trial.quality = pool.ready.flatMap { result.quality[$0.metric] }
          trial.qualities = JSON.numbers(result.quality).text
          trial.steps = result.steps
          trial.seconds = result.seconds
          trial.weights = result.weights
          try end(trial, onEvent)
        case .failed(let id, let attempts, let reason):
          guard var trial = known[id] else { return }
          failedInARow.append(trial)
          trial.status = .failed
          trial.attempts = attempts
          trial.message = reason
          try end(trial, onEvent)
        default: try pass(event, onEvent)
        }
      }
    } catch let error as SearchError where error.kind == .evaluator {
      // An evaluator that fails whatever it is asked says nothing about candidates: they are asked again.
      for var trial in failedInARow {
        trial.attempts = 0
        try store.record(trial)
      }
      throw error
    }
  }

  private func end(_ trial: SearchStore.Trial, _ onEvent: (Event) -> Void) throws {
    try store.record(trial)
    let it = try SearchTrial(trial)
    onEvent(.ended(it))
    if try history().best?.id == it.id { onEvent(.best(it)) }
  }

  private func pass(_ event: EvaluatorPool.Event, _ onEvent: (Event) -> Void) throws {
    switch event {
    case .ready(let ready):
      try agree(on: ready)
      onEvent(.ready(ready))
    case .started(let id, let attempt, let worker):
      onEvent(.started(id: id, attempt: attempt, worker: worker))
    case .progress(let id, let step, let value):
      onEvent(.progress(id: id, step: step, value: value))
    case .attemptFailed(let id, let attempt, let reason):
      onEvent(.attemptFailed(id: id, attempt: attempt, reason: reason))
    case .done, .failed: break
    }
  }

  /// Records by what is judged; qualities of another kind cannot be compared.
  private func agree(on ready: EvaluatorReady) throws {
    try agree(metric: ready.metric, maximizes: ready.maximizes)
    if settings.fidelity == nil, try store.settings()["fidelityInUse"] == nil,
      let fidelity = ready.fidelities.first
    {
      try store.record(settings: ["fidelityInUse": "\(fidelity)"])
    }
  }

  private func agree(metric: String, maximizes: Bool) throws {
    let direction = maximizes ? "maximize" : "minimize"
    let stored = try store.settings()
    if let old = stored["metric"], old != metric || stored["direction"] != direction {
      throw SearchError(
        .changed,
        "\(directory.path): the search judges by \(old) (\(stored["direction"] ?? "")), not by "
          + "\(metric) (\(direction)); choose another directory")
    }
    try store.record(settings: ["metric": metric, "direction": direction])
  }

  private func seed(of text: String) -> UInt64 {
    text.utf8.reduce(SplitMix64.mixed(settings.seed)) { SplitMix64.mixed($0 ^ UInt64($1)) }
  }

  // MARK: Without an evaluator

  /// Candidates to evaluate elsewhere, at most so many: those of the round that are not yet given out. A new
  /// round begins when all results of the one before were told.
  ///
  /// - Parameter again: Whether those that were given out before are given out again.
  public func ask(_ count: Int, again: Bool = false) throws(SearchError) -> [SearchTrial] {
    do {
      var trials = try store.trials()
      if !trials.contains(where: { $0.status == .pending }) {
        guard try propose(try store.roundCount()) else { return [] }
        trials = try store.trials()
      }
      var given: [SearchTrial] = []
      for var trial in trials
      where trial.status == .pending && (again || !trial.asked) && given.count < count {
        trial.asked = true
        try store.record(trial)
        given.append(try SearchTrial(trial))
      }
      return given
    } catch let error as SearchError {
      throw error
    } catch let error as StoreError {
      throw SearchError(error)
    } catch {
      throw SearchError(.inputOutput, "\(directory.path): \(error)")
    }
  }

  /// The line of a candidate that was asked for: what an evaluator would be sent, without a deadline.
  public func line(_ trial: SearchTrial) throws(InvalidNetwork) -> String {
    let network = try settings.space.network(of: trial.candidate.point, rate: trial.candidate.rate)
    let mixed = SplitMix64.mixed(
      seed(of: trial.candidate.point.description) &+ 0x9E37_79B9_7F4A_7C15)
    return JSON.object([
      ("id", .text("\(trial.id)")), ("seed", .whole(Int(mixed >> 32))),
      ("latencyNanoseconds", .number(trial.candidate.nanoseconds)),
      ("candidate", .written(network.json)),
    ]).text
  }

  /// Takes results of candidates that were asked for, one JSON object a line, as evaluators write them:
  /// `{"id": "3", "quality": {"psnrY": 34.1}}`, with or without `"type": "result"`, or
  /// `{"type": "failed", "id": "4", "message": "diverged"}`. All or nothing.
  ///
  /// - Parameters:
  ///   - file: What the text is called in errors.
  ///   - metric: The member of the quality that is searched by.
  /// - Returns: The trials that have ended by it. A result that was told before changes nothing.
  public func tell(
    _ lines: [UInt8], file: String, metric: String = "psnrY", maximizes: Bool = true
  ) throws(SearchError) -> [SearchTrial] {
    do {
      try agree(metric: metric, maximizes: maximizes)
      let trials = Dictionary(uniqueKeysWithValues: try store.trials().map { ("\($0.id)", $0) })
      var told: [String: SearchStore.Trial] = [:]
      for (index, line) in lines.split(separator: 0x0a, omittingEmptySubsequences: false)
        .enumerated()
      where line.contains(where: { $0 > 0x20 }) {
        let place = "\(file):\(index + 1)"
        let outcome: Outcome
        do throws(EvaluatorFault) {
          outcome = try Outcome(EvaluatorReply(told: Array(line)))
        } catch {
          throw SearchError(.usage, "\(place): this line \(error.sentence)")
        }
        guard var trial = told[outcome.id] ?? trials[outcome.id] else {
          throw SearchError(.usage, "\(place): there is no candidate '\(outcome.id.prefix(40))'")
        }
        let before = trial
        switch outcome.result {
        case .success(let result):
          guard let quality = result.quality[metric] else {
            throw SearchError(.usage, "\(place): candidate \(outcome.id) has no finite \(metric)")
          }
          trial.status = .done
          trial.quality = quality
          trial.qualities = JSON.numbers(result.quality).text
          trial.steps = result.steps
          trial.seconds = result.seconds
          trial.weights = result.weights
        case .failure(let fault):
          trial.status = .failed
          trial.message = fault.sentence
        }
        if before.status != .pending {
          guard before.status == trial.status, before.quality == trial.quality else {
            throw SearchError(
              .usage, "\(place): candidate \(outcome.id) was told before, with another result")
          }
          continue
        }
        trial.attempts += 1
        told[outcome.id] = trial
      }
      let ended = told.values.sorted { $0.id < $1.id }
      for trial in ended { try store.record(trial) }
      return try ended.map(SearchTrial.init)
    } catch let error as SearchError {
      throw error
    } catch let error as StoreError {
      throw SearchError(error)
    } catch {
      throw SearchError(.inputOutput, "\(directory.path): \(error)")
    }
  }
}

/// What was told of one candidate.
private struct Outcome {
  let id: String
  let result: Result<EvaluatorResult, EvaluatorFault>

  init(_ reply: EvaluatorReply) throws(EvaluatorFault) {
    switch reply {
    case .result(let id, let result): (self.id, self.result) = (id, .success(result))
    case .failed(let id, let kind, let message, _):
      (self.id, self.result) = (id, .failure(EvaluatorFault("says \(kind): \(message)")))
    case .ready, .progress: throw EvaluatorFault("is no result")
    }
  }
}

extension JSON {
  /// Numbers by name, sorted.
  static func numbers(_ members: [String: Double]) -> JSON {
    .object(members.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
  }
}
