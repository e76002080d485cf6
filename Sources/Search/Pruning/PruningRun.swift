internal import Files
public import Networks

/// The third stage of a search: finds each layer's rate by training, and holds it against simpler ways at equal steps.
///
/// Every part that ends is kept in the directory; the same plan goes on where a process was killed.
public final class PruningRun {
  private let plan: PruningPlan
  private let directory: SearchDirectory
  private let lock: SearchLock
  private let pool: EvaluatorPool
  private let latency: (Candidate) throws -> Double

  /// - Parameters:
  ///   - latency: Predicted latency of a candidate in nanoseconds.
  /// - Throws: Who works in the directory now, or why it cannot be used.
  public init(
    _ plan: PruningPlan, directory: String, evaluator: EvaluatorOptions,
    latency: @escaping (Candidate) throws -> Double
  ) throws(SearchError) {
    self.plan = plan
    self.directory = SearchDirectory(directory)
    self.latency = latency
    lock = try self.directory.lock()
    let candidate = plan.candidate
    let space: WDSRSpace
    do throws(InvalidNetwork) {
      space = try WDSRSpace(
        scale: candidate.scale,
        output: ImageSize(
          width: candidate.input.width * candidate.scale,
          height: candidate.input.height * candidate.scale), channels: [candidate.channels],
        cells: candidate.cells.count...candidate.cells.count,
        blocks: candidate.cells.map(\.block))
    } catch {
      throw SearchError(.usage, error.description)
    }
    pool = try EvaluatorPool(
      evaluator, directory: self.directory.evaluators, space: .wdsr(space), seed: plan.seed,
      mostFailures: 1)
  }

  /// Trains, prunes and compares.
  ///
  /// - Returns: `nil` after an interruption.
  /// - Throws: ``UnreachablePruning`` before anything is trained, or ``SearchError``.
  public func run(
    isInterrupted: @escaping () -> Bool = { false },
    onEvent: @escaping (EvaluatorPool.Event) -> Void = { _ in }
  ) throws -> PruningReport? {
    defer { pool.close() }
    try requireReachable()
    let denseNanoseconds = try latency(plan.dense)
    let work = KeptResults(
      pool, readyPath: "\(directory.path)/ready.json", isInterrupted: isInterrupted,
      onEvent: onEvent)
    let begin = EvaluatorRequest.evaluate(
      id: "dense", seed: plan.seed, network: .candidate(plan.dense), nanoseconds: denseNanoseconds,
      fidelity: plan.weights == nil ? plan.denseSteps : 0, checkpoint: folder("dense"),
      weights: plan.weights)
    guard let dense = try work.results([begin])?.first, let start = dense.weights else {
      return nil
    }
    let lambdas = [0] + plan.lambdas
    let runs = lambdas.map { lambda in
      EvaluatorRequest.reweight(
        id: Self.name(lambda), seed: plan.seed, steps: plan.steps, lambda: lambda,
        network: .candidate(plan.candidate), weights: start, checkpoint: folder(Self.name(lambda)))
    }
    guard let trained = try work.results(runs) else { return nil }
    var methods: [PruningMethod] = [.uniform, .oneShot]
    methods += plan.lambdas.map { .reweighted(lambda: $0) }
    var parts: [Part] = []
    for method in methods {
      guard let index = lambdas.firstIndex(of: method.lambda), let weights = trained[index].weights
      else { continue }
      parts.append(try part(method, weights: weights))
    }
    guard let retrained = try work.results(parts.map(\.request)) else { return nil }
    guard let ready = work.ready else {
      throw SearchError(.evaluator, "the evaluator did not say by what it judges")
    }
    let outcomes = zip(parts, retrained).map { $0.outcome($1) }.sorted { one, other in
      let scores = [one, other].map { ($0.quality[ready.metric] ?? -.infinity) }
      return ready.maximizes ? scores[0] > scores[1] : scores[0] < scores[1]
    }
    return PruningReport(
      metric: ready.metric, maximizes: ready.maximizes, dense: dense.quality,
      denseLonger: trained[0].quality, denseNanoseconds: denseNanoseconds, outcomes: outcomes)
  }

  private static func name(_ lambda: Double) -> String {
    lambda == 0 ? "longer" : "reweighted-\(JSON.number(lambda).text)"
  }

  private func folder(_ name: String) -> String { "\(directory.path)/\(name)" }

  /// Throws if not even pruning by the largest rate meets the latency.
  private func requireReachable() throws {
    guard plan.candidate.cells.contains(where: { $0.layers.contains { $0.scheme != .none } })
    else { throw InvalidNetwork("no layer has a scheme, so there is nothing to prune") }
    let reachable = try latency(plan.candidate.mostPruned)
    if reachable > plan.nanoseconds { throw UnreachablePruning(reachableNanoseconds: reachable) }
  }

  /// A method's network before it is trained on.
  private struct Part {
    let method: PruningMethod
    let met: MetNetwork
    let undecided: Double?
    let masks: String
    let request: EvaluatorRequest

    func outcome(_ result: EvaluatorResult) -> PruningOutcome {
      PruningOutcome(
        method: method, candidate: met.network.candidate, shares: met.network.shares,
        nanoseconds: met.nanoseconds, undecided: undecided, quality: result.quality,
        weights: result.weights, masks: masks)
    }
  }

  private func part(_ method: PruningMethod, weights: String) throws -> Part {
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(weights) } catch {
      throw SearchError(.inputOutput, "\(weights): \(error.reason)")
    }
    let network: PrunableNetwork
    do {
      network = try PrunableNetwork(plan.candidate, weights: Safetensors(bytes))
    } catch {
      throw SearchError(.evaluator, "the evaluator's \(weights): \(error)")
    }
    let met: MetNetwork
    var undecided: Double?
    if method == .uniform {
      met = try network.leastUniform(within: plan.nanoseconds, latency: latency)
    } else {
      met = try network.least(within: plan.nanoseconds, latency: latency)
      if case .threshold(let threshold) = met.choice {
        undecided = network.undecidedShare(at: threshold)
      }
    }
    let name = "pruned-" + "\(method)".replacing(" ", with: "-")
    let folder = folder(name)
    let files = ["weights": met.network.weights, "masks": met.network.masks]
    for (file, tensors) in files {
      let path = "\(folder)/begin-\(file).safetensors"
      do throws(FileContents.Failure) {
        try FileContents.prepareToWrite(path)
        try FileContents.replace(path, with: tensors.contents)
      } catch {
        throw SearchError(.inputOutput, "\(path): \(error.reason)")
      }
    }
    let masks = "\(folder)/begin-masks.safetensors"
    return Part(
      method: method, met: met, undecided: undecided, masks: masks,
      request: .retrain(
        id: name, seed: plan.seed, steps: plan.retrainSteps,
        network: .candidate(met.network.candidate), masks: masks,
        weights: "\(folder)/begin-weights.safetensors", checkpoint: folder))
  }
}
