internal import Store

/// A search in a directory, held by this process: rounds of candidates, each round a function of the seed and of
/// what the rounds before found, whoever evaluates them and in whatever order. Everything is recorded as it
/// happens; the same settings on the same directory go on where a process was killed.
public final class SearchRun {
  /// A step of a search.
  public enum Event: Sendable {
    case ready(EvaluatorReady)
    case supernet(weights: String)
    /// A round begins, or goes on, with trials.
    case round(Int, considered: Int, trials: [SearchTrial])
    case started(id: String, attempt: Int, worker: Int)
    case progress(id: String, step: Double, value: Double?)
    /// An attempt failed; another one follows.
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

  private let record: SearchRecord
  private let lock: SearchLock

  /// Begins a search in a directory, or goes on with the one that is there.
  ///
  /// - Parameter space: The settings' space under their limit (see
  ///   ``SearchSpace/limited(to:table:predictor:)``).
  /// - Throws: Who runs the search now, what has changed, or why the directory cannot be used.
  public init(
    directory: String, settings: SearchSettings, space: any FeasibleSpace
  ) throws(SearchError) {
    let directory = SearchDirectory(directory)
    lock = try directory.lock()
    record = try SearchRecord(directory, settings, space)
  }

  /// The findings so far.
  public func history() throws(SearchError) -> SearchHistory { try record.history() }

  /// Searches until so many rounds are done, those before this call included.
  ///
  /// - Parameters:
  ///   - isInterrupted: Asked ten times a second.
  ///   - onEvent: Called on this thread.
  /// - Throws: Why the evaluator cannot be used, or the directory cannot be written.
  public func run(
    rounds: Int, evaluator: EvaluatorOptions, isInterrupted: () -> Bool = { false },
    onEvent: (Event) -> Void = { _ in }
  ) throws(SearchError) -> Ending {
    try record.wrapping {
      let pool = try EvaluatorPool(
        evaluator, directory: record.directory.evaluators, space: record.settings.space,
        seed: record.settings.seed, mostFailures: record.settings.strategy.batch)
      defer { pool.close() }
      if let steps = record.settings.supernetSteps, try record.supernet() == nil {
        guard try prepare(steps, pool, isInterrupted, onEvent) else { return .interrupted }
      }
      while true {
        let trials = try record.trials()
        if let last = trials.last, trials.contains(where: { $0.status == .pending }) {
          let inRound = try trials.filter { $0.round == last.round }.map(SearchTrial.init)
          onEvent(
            .round(
              last.round, considered: try record.considered(inRound: last.round), trials: inRound))
          guard try evaluate(trials, pool, isInterrupted, onEvent) else { return .interrupted }
        }
        if try record.rounds() >= rounds { return .finished }
        guard try record.propose() else { return .exhausted }
      }
    }
  }

  /// Trains the supernet; false if interrupted.
  private func prepare(
    _ steps: Int, _ pool: EvaluatorPool, _ isInterrupted: () -> Bool, _ onEvent: (Event) -> Void
  ) throws -> Bool {
    let request = EvaluatorRequest.prepare(
      seed: record.seed(of: "supernet"), steps: steps, checkpoint: record.directory.supernet)
    return try pool.perform([request], isInterrupted: isInterrupted) { event in
      switch event {
      case .done(_, _, let result):
        guard let weights = result.weights else {
          throw SearchError(.evaluator, "the evaluator trained a supernet and gave no weights")
        }
        try record.take(supernet: weights)
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
    var known = Dictionary(uniqueKeysWithValues: trials.map { ("\($0.id)", $0) })
    let requests = try trials.filter { $0.status == .pending }.map(record.request)
    var failedInARow: [SearchStore.Trial] = []
    do {
      return try pool.perform(requests, isInterrupted: isInterrupted) { event in
        switch event {
        case .attemptFailed(let id, let attempt, let reason):
          known[id]?.attempts = attempt
          known[id]?.message = reason
          if let trial = known[id] { try record.take(trial) }
          try pass(event, onEvent)
        case .done(let id, let attempts, let result):
          failedInARow = []
          guard var trial = known[id] else { return }
          trial.attempts = attempts
          trial.take(result, metric: pool.ready?.metric ?? "")
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
        try record.take(trial)
      }
      throw error
    }
  }

  private func end(_ trial: SearchStore.Trial, _ onEvent: (Event) -> Void) throws {
    try record.take(trial)
    let it = try SearchTrial(trial)
    onEvent(.ended(it))
    if try history().best?.id == it.id { onEvent(.best(it)) }
  }

  private func pass(_ event: EvaluatorPool.Event, _ onEvent: (Event) -> Void) throws {
    switch event {
    case .ready(let ready):
      try record.agree(
        metric: ready.metric, maximizes: ready.maximizes, fidelity: ready.fidelities.first)
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

  /// Candidates to evaluate elsewhere, at most so many: those of the round that are not yet given out. A new
  /// round begins when all results of the one before were told.
  ///
  /// - Parameter again: Whether those that were given out before are given out again.
  public func ask(_ count: Int, again: Bool = false) throws(SearchError) -> [SearchTrial] {
    try record.wrapping {
      var trials = try record.trials()
      if !trials.contains(where: { $0.status == .pending }) {
        guard try record.propose() else { return [] }
        trials = try record.trials()
      }
      var given: [SearchTrial] = []
      for var trial in trials
      where trial.status == .pending && (again || !trial.asked) && given.count < count {
        trial.asked = true
        try record.take(trial)
        given.append(try SearchTrial(trial))
      }
      return given
    }
  }

  /// The line of a candidate that was asked for: what an evaluator would be sent.
  public func line(_ trial: SearchTrial) throws(SearchError) -> String {
    try record.wrapping {
      guard let stored = try record.trials().first(where: { $0.id == trial.id }) else {
        throw SearchError(.usage, "there is no candidate '\(trial.id)'")
      }
      return try record.request(stored).message(attempt: 1)
    }
  }

  /// Takes results of candidates that were asked for, one JSON object a line, as evaluators write them:
  /// `{"id": "3", "quality": {"psnrY": 34.1}}`, with or without `"type": "result"`, or
  /// `{"type": "failed", "id": "4", "message": "diverged"}`. Lines with a mistake leave all as it was.
  ///
  /// - Parameters:
  ///   - file: What the text is called in errors.
  ///   - metric: The member of the quality that is searched by.
  /// - Returns: The trials that have ended by it. A result that was told before changes nothing.
  public func tell(
    _ lines: [UInt8], file: String, metric: String = "psnrY", maximizes: Bool = true
  ) throws(SearchError) -> [SearchTrial] {
    try record.wrapping {
      try record.agree(metric: metric, maximizes: maximizes, fidelity: nil)
      var trials = Dictionary(uniqueKeysWithValues: try record.trials().map { ("\($0.id)", $0) })
      var ended: [SearchStore.Trial] = []
      for one in try ToldResult.all(lines, file: file) {
        guard let before = trials[one.id] else {
          throw SearchError(.usage, "\(one.place): there is no candidate '\(one.id.prefix(40))'")
        }
        let trial = try one.told(of: before, metric: metric)
        guard before.status == .pending else { continue }
        trials[one.id] = trial
        ended.append(trial)
      }
      for trial in ended { try record.take(trial) }
      return try ended.map(SearchTrial.init)
    }
  }
}
