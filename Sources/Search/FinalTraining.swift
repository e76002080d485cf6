internal import Files
internal import Networks

/// Trains a candidate of a search longer than its evaluation was. The same call goes on where a process was killed.
public struct FinalTraining {
  private let history: SearchHistory
  private let trial: SearchTrial
  private let steps: Int

  /// - Parameter steps: Training steps, from the weights of the supernet if the search has one.
  public init(_ trial: SearchTrial, of history: SearchHistory, steps: Int) {
    self.trial = trial
    self.history = history
    self.steps = steps
  }

  /// Trains and judges.
  ///
  /// - Returns: `nil` after an interruption.
  public func run(
    evaluator: EvaluatorOptions, isInterrupted: @escaping () -> Bool = { false },
    onEvent: @escaping (EvaluatorPool.Event) -> Void = { _ in }
  ) throws(SearchError) -> EvaluatorResult? {
    let directory = SearchDirectory(history.directory)
    let lock = try directory.lock()
    defer { withExtendedLifetime(lock) {} }
    let network: SearchedNetwork
    do throws(InvalidNetwork) { network = try history.network(trial.candidate) } catch {
      throw SearchError(.damaged, "candidate \(trial.id): \(error.description)")
    }
    var options = evaluator
    options.workers = 1
    let pool = try EvaluatorPool(
      options, directory: directory.evaluators, space: history.space, seed: history.seed,
      mostFailures: 1)
    defer { pool.close() }
    let name = "final-\(trial.id)-\(steps)"
    let results = KeptResults(
      pool, readyPath: "\(directory.path)/ready.json", isInterrupted: isInterrupted,
      onEvent: onEvent)
    do {
      return try results.results([
        .evaluate(
          id: name, seed: history.seed, network: network,
          nanoseconds: trial.candidate.nanoseconds, fidelity: steps,
          checkpoint: "\(directory.path)/\(name)", supernet: history.supernet)
      ])?.first
    } catch let error as SearchError {
      throw error
    } catch {
      throw SearchError(.inputOutput, "\(directory.path): \(error)")
    }
  }
}
