internal import Search
internal import SearchExamples
internal import Statistics

/// Strategies on NAS-Bench-201: search-bench [SEEDS]. Reports, and asserts nothing.
@main struct SearchBench {
  static func main() {
    let seeds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100
    guard let benchmark = try? NASBench201() else {
      print("nas-bench-201.bin is not where it was when this was built")
      return
    }
    print(
      "NAS-Bench-201, limit: median FPGA latency; regret in CIFAR-100 validation points, \(seeds) seeds"
    )
    print("evaluations [must; aim]:    40 [2.27; 1.5]    100 [0.9; 0.6]")
    let strategies: [(String, Strategy)] = [
      ("random", Strategy(.random)), ("evolution", Strategy(.evolution)),
      ("bo, gp, ei", Strategy()), ("bo, gp, ei, batches of 5", Strategy(batch: 5)),
      ("bo, gp, its", Strategy(acquisition: .thompson)),
      ("bo, gp, ucb", Strategy(acquisition: .upperConfidenceBound)),
    ]
    for (name, strategy) in strategies { report(name, strategy, benchmark, seeds) }
    report("bo, ensemble, ei", Strategy(surrogate: .ensemble), benchmark, max(2, seeds / 10))
    time(benchmark)
    timeLargeSpace()
  }

  private static func report(
    _ name: String, _ strategy: Strategy, _ benchmark: NASBench201, _ seeds: Int
  ) {
    let start = ContinuousClock.now
    let curves = (1...max(seeds, 2)).map {
      benchmark.regrets(of: strategy, evaluations: 100, seed: UInt64($0))
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    var line = name + String(repeating: " ", count: max(1, 28 - name.count))
    for count in [40, 100] {
      let regrets = curves.map { $0[count - 1] }
      let mean = regrets.reduce(0, +) / Double(regrets.count)
      let squares = regrets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / Double(regrets.count - 1) / Double(regrets.count)).squareRoot()
      line += "\(rounded(mean, 2)) +-\(rounded(error, 2))     "
    }
    print(line + "\(rounded(seconds, 1)) s")
  }

  /// A round of 100 points that are known.
  private static func time(_ benchmark: NASBench201) {
    var random = SplitMix64(state: 1)
    var history: [Observation] = []
    while history.count < 100 {
      let point = benchmark.random(using: &random)
      if benchmark.feasible(point) != nil {
        history.append(Observation(point: point, quality: benchmark.accuracy(point)))
      }
    }
    for surrogate in Strategy.Surrogate.allCases {
      for candidates in [5, 300] {
        let strategy = Strategy(surrogate: surrogate, candidates: candidates)
        let times = (0..<10).map { round in
          let start = ContinuousClock.now
          _ = strategy.proposal(round: round + 1, seed: 1, history: history, in: benchmark)
          return (ContinuousClock.now - start) / .milliseconds(1)
        }
        print(
          "\(surrogate.rawValue), 100 points, \(candidates) candidates: "
            + "\(rounded(times.min() ?? 0, 1)) ms a round"
            + (candidates == 5 ? " (a fit) [50; 5]" : ""))
      }
    }
  }

  /// Candidates of sixteen cells, with 100 that are known.
  private static func timeLargeSpace() {
    let start = ContinuousClock.now
    guard let space = try? WDSRSpace.large() else { return print("there is no large space") }
    // It is prepared twice: once to see what is possible.
    let preparation = (ContinuousClock.now - start) / .milliseconds(2)
    print("16 cells: prepared in \(rounded(preparation, 1)) ms")
    var random = SplitMix64(state: 1)
    let points = (0..<100).map { _ in space.random(using: &random) }
    let known = Strategy(.random, first: 100).proposal(
      round: 0, seed: 1, history: [], in: space)
    let history = known.considered.enumerated().map {
      Observation(point: $1.point, quality: Double($0 % 17))
    }
    let feasible = (0..<10).map { _ in
      let start = ContinuousClock.now
      for point in points { _ = space.feasible(point) }
      return (ContinuousClock.now - start) / .milliseconds(1)
    }
    let rounds = (1...10).map { round in
      let start = ContinuousClock.now
      _ = Strategy(candidates: 100).proposal(
        round: round, seed: 1, history: history, in: space)
      return (ContinuousClock.now - start) / .milliseconds(1)
    }
    print(
      "16 cells, 100 candidates: \(rounded(feasible.min() ?? 0, 2)) ms made feasible; "
        + "\(rounded(rounds.min() ?? 0, 1)) ms drawn, made feasible and scored, "
        + "\(history.count) points known [50; 5]")
  }

  private static func rounded(_ value: Double, _ digits: Int) -> String {
    let factor = digits == 1 ? 10.0 : 100
    return "\((value * factor).rounded() / factor)"
  }
}
