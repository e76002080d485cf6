import Files
import Networks
import Prediction
import Search
import SearchExamples
import Statistics
import TableExamples
import Testing
import Workloads

@Suite struct `Pruning by one threshold` {
  private static func candidate(_ schemes: [PruningScheme]) -> Candidate {
    Candidate(
      scale: 2, input: ImageSize(width: 20, height: 12), channels: 16,
      cells: [
        Candidate.Cell(
          .wdsrA, middle: [24], layers: schemes.prefix(2).map { Candidate.Layer($0) }),
        Candidate.Cell(
          .wdsrB, middle: [32, 12], layers: schemes.suffix(3).map { Candidate.Layer($0) }),
      ])
  }

  /// Blocks with depthwise convolutions, of which one follows filters that are pruned.
  private static let lightweight = Candidate(
    scale: 2, input: ImageSize(width: 20, height: 12), channels: 16,
    cells: [
      Candidate.Cell(
        .invertedResidual, middle: [36], layers: [.init(.filter), .init(.blockPunched)]),
      Candidate.Cell(.ghost, middle: [24], layers: [.init(.unstructured), .init(.none)]),
      Candidate.Cell(.shuffle, middle: [10], layers: [.init(.filter), .init(.unstructured)]),
      Candidate.Cell(.idle, middle: [20], layers: [.init(.blockPunched), .init(.none)]),
      Candidate.Cell(.splitSR, middle: [], layers: [.init(.pattern)]),
    ])

  private static let mixed = candidate([.blockPunched, .pattern, .filter, .unstructured, .pattern])

  /// Seeded weights of the dense candidate.
  private static func weights(_ candidate: Candidate) throws -> Safetensors {
    var dense = candidate
    for cell in dense.cells.indices {
      dense.cells[cell].layers = dense.cells[cell].layers.map { _ in Candidate.Layer(.none) }
    }
    var generator = SplitMix64(state: 3)
    var tensors: [String: Safetensors.Values] = [:]
    for (name, shape) in try dense.graph().weightShapes {
      let numbers = (0..<shape.reduce(1, *)).map { _ in
        Float(generator.below(2001)) / 1000 - 1.0005
      }
      tensors[name] = Safetensors.Values(shape: shape, numbers)
    }
    return Safetensors(tensors)
  }

  @Test(arguments: [0.0, 0.3, 1, 1.4, 1e9], [mixed, lightweight])
  func `gives a network whose layers take the weights that are left`(
    threshold: Double, candidate: Candidate
  ) throws {
    let network = try PrunableNetwork(candidate, weights: Self.weights(candidate))
    let pruned = try network.pruned(by: .threshold(threshold))
    let graph = try pruned.candidate.graph().replacingWeights(by: pruned.weights)
    #expect(try Candidate(json: Array(pruned.candidate.json.utf8)) == pruned.candidate)
    for share in pruned.shares {
      #expect(Double(share.kept) * PrunableNetwork.largestRate * 2.3 >= Double(share.total))
      guard share.scheme != .filter else { continue }
      let values = try #require(pruned.weights["\(share.layer).weight"])
      let mask = try #require(pruned.masks["\(share.layer).weight"])
      #expect(values.count { $0 != 0 } == share.kept && mask.count { $0 == 1 } == share.kept)
      #expect(zip(values, mask).allSatisfy { ($0 != 0) == ($1 == 1) })
    }
    // The layers of the graph are lowered with the masks that were trained, and keep as many.
    // A permutation of channels may be a convolution without weights of its own.
    let steps = try LoweredNetwork(graph, fusingSplitBlocks: true).steps.filter { step in
      step.nodes.contains { pruned.weights.entries["\($0).weight"] != nil }
    }
    let kept = steps.reduce(0) { sum, step in
      guard case .convolution(let it) = step.workload.operation else { return sum }
      return sum + it.keptWeights
    }
    let names = pruned.weights.entries.keys.filter { $0.hasSuffix(".weight") }
    let left = names.reduce(0) { sum, name in
      sum + (pruned.weights[name] ?? []).count { $0 != 0 }
    }
    #expect(kept == left)
  }

  @Test func `keeps the groups of largest norm, whatever the scale of their layer`() throws {
    let candidate = Self.candidate([.unstructured, .filter, .none, .none, .none].map { $0 })
    var flat = candidate
    flat.cells[0].layers[1] = Candidate.Layer(.unstructured)
    let weights = try Self.weights(flat)
    var tensors: [String: Safetensors.Values] = [:]
    for (name, entry) in weights.entries {
      // One layer a hundred times as large prunes no less of the other.
      let factor: Float = name == "cell0.conv1.weight" ? 100 : 1
      tensors[name] = Safetensors.Values(
        shape: entry.shape, (weights[name] ?? []).map { $0 * factor })
    }
    let one = try PrunableNetwork(flat, weights: weights).pruned(by: .threshold(1))
    let other = try PrunableNetwork(flat, weights: Safetensors(tensors)).pruned(by: .threshold(1))
    #expect(one.shares == other.shares)
    let values = try #require(weights["cell0.conv0.weight"])
    let left = try #require(one.weights["cell0.conv0.weight"])
    let smallestKept = left.filter { $0 != 0 }.map(abs).min() ?? 0
    #expect(zip(values, left).allSatisfy { $1 != 0 || abs($0) <= smallestKept })
  }

  @Test func `prunes just so much that the latency is met, and says what cannot be met`() throws {
    let network = try PrunableNetwork(Self.mixed, weights: Self.weights(Self.mixed))
    var asked = 0
    func latency(_ candidate: Candidate) throws -> Double {
      asked += 1
      return Double(try candidate.graph().keptMacs)
    }
    let dense = try latency(network.pruned(by: .rate(1)).candidate)
    let fastest = try latency(network.pruned(by: .rate(PrunableNetwork.largestRate)).candidate)
    for share in [0.9, 0.5, 0.2] {
      let limit = fastest + share * (dense - fastest)
      let met = try network.least(within: limit, latency: latency)
      #expect(met.nanoseconds <= limit && met.nanoseconds > 0.97 * limit)
      let uniform = try network.leastUniform(within: limit, latency: latency)
      #expect(uniform.nanoseconds <= limit && uniform.nanoseconds > 0.9 * limit)
    }
    #expect(asked < 120)
    #expect(throws: UnreachablePruning.self) { try network.least(within: 1, latency: latency) }
  }

  @Test func `refuses weights of other shapes, and a candidate without schemes`() throws {
    let none = Self.candidate([.none, .none, .none, .none, .none])
    let error = #expect(throws: InvalidNetwork.self) {
      try PrunableNetwork(none, weights: Self.weights(none))
    }
    #expect(error?.description.contains("nothing to prune") == true)
    var wider = Self.mixed
    wider.cells[0].middle = [28]
    let other = #expect(throws: InvalidNetwork.self) {
      try PrunableNetwork(wider, weights: Self.weights(Self.mixed))
    }
    #expect(other?.description.contains("'cell0.conv0.weight'") == true)
  }

  @Test func `says that nothing is pruned before an evaluator is asked`() throws {
    try inTemporaryFolder { folder in
      let none = Self.candidate([.none, .none, .none, .none, .none])
      let run = try PruningRun(
        PruningPlan(candidate: none, nanoseconds: 1), directory: folder + "/prune",
        evaluator: EvaluatorOptions(command: "exit 1"), latency: { _ in 2 })
      let error = #expect(throws: InvalidNetwork.self) { try run.run() }
      #expect(error?.description.contains("nothing to prune") == true)
    }
  }

  @Test func `finds rates by an evaluator, and goes on where it was ended`() throws {
    try inTemporaryFolder { folder in
      var plan = PruningPlan(
        candidate: Self.mixed, nanoseconds: 0, denseSteps: 5, steps: 5, retrainSteps: 5,
        lambdas: [1e-5])
      plan.nanoseconds = 0.75 * Double(try Self.mixed.graph().macs)
      let log = folder + "/log"
      func run(_ isInterrupted: @escaping () -> Bool = { false }) throws -> PruningReport? {
        try PruningRun(
          plan, directory: folder + "/prune", evaluator: SmallSearch.evaluator("prune", log: log)
        ) { Double(try $0.graph().keptMacs) }.run(isInterrupted: isInterrupted)
      }
      let report = try #require(try run())
      #expect(report.outcomes.count == 3 && report.metric == "psnrY")
      #expect(report.outcomes.allSatisfy { $0.nanoseconds <= plan.nanoseconds })
      let asked = try FileContents.read(log).count { $0 == 10 }
      #expect(asked == 6)
      // Nothing is asked for twice.
      let again = try #require(try run())
      #expect(again.outcomes.map(\.quality) == report.outcomes.map(\.quality))
      #expect(try FileContents.read(log).count { $0 == 10 } == asked)
      plan.retrainSteps = 6
      _ = try run()
      #expect(try FileContents.read(log).count { $0 == 10 } == asked + 3)
    }
  }
}
