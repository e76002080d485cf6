import Search
import SearchExamples
import Statistics
import Testing

@Suite struct `On NAS-Bench-201 within half of the latencies` {
  private let benchmark: NASBench201

  init() throws { benchmark = try NASBench201() }

  private func regrets(
    _ strategy: Strategy, evaluations: Int = 100, seeds: Int = 24
  ) -> [[Double]] {
    (1...seeds).map {
      benchmark.regrets(of: strategy, evaluations: evaluations, seed: UInt64($0))
    }
  }

  private func mean(_ regrets: [[Double]], after count: Int) -> Double {
    regrets.reduce(0) { $0 + $1[count - 1] } / Double(regrets.count)
  }

  @Test func `the surrogate at 40 evaluations beats random search at 100`() {
    let regrets = regrets(Strategy())
    #expect(mean(regrets, after: 40) < 2.27)
    #expect(mean(regrets, after: 100) < 0.9)
  }

  @Test func `evolution beats random search, and every acquisition beats evolution's half way`() {
    let random = mean(regrets(Strategy(.random)), after: 100)
    #expect(mean(regrets(Strategy(.evolution)), after: 100) < random)
    for acquisition in [Acquisition.thompson, .upperConfidenceBound] {
      #expect(mean(regrets(Strategy(acquisition: acquisition)), after: 100) < 0.7 * random)
    }
  }

  @Test func `the ensemble of networks beats random search`() {
    let strategy = Strategy(surrogate: .ensemble, batch: 20)
    #expect(mean(regrets(strategy, seeds: 4), after: 100) < 2.3)
  }

  @Test(arguments: [
    Strategy(.random), Strategy(.evolution), Strategy(), Strategy(acquisition: .thompson),
    Strategy(surrogate: .ensemble, candidates: 30),
  ])
  func `a seed gives one search, whose candidates are new and meet the limit`(strategy: Strategy) {
    var history: [Observation] = []
    for round in 0..<5 {
      let proposal = strategy.proposal(round: round, seed: 3, history: history, in: benchmark)
      #expect(
        proposal == strategy.proposal(round: round, seed: 3, history: history, in: benchmark))
      #expect(proposal.chosen.count == (round == 0 ? strategy.first : strategy.batch))
      #expect(
        proposal.predictions.isEmpty || proposal.predictions.count == proposal.considered.count)
      #expect(proposal.predictions.isEmpty == (round == 0 || strategy.method != .bo))
      for index in proposal.chosen {
        let point = proposal.considered[index].point
        #expect(benchmark.feasible(point) != nil)
        // Every fifth fails.
        history.append(
          Observation(
            point: point,
            quality: history.count % 5 == 4 ? nil : benchmark.accuracy(point)))
      }
    }
    #expect(Set(history.map(\.point)).count == history.count)
  }

  @Test func `predictions are qualities, and tell good candidates from bad ones`() {
    var history: [Observation] = []
    var random = SplitMix64(state: 1)
    while history.count < 80 {
      let point = benchmark.random(using: &random)
      guard benchmark.feasible(point) != nil else { continue }
      history.append(Observation(point: point, quality: benchmark.accuracy(point)))
    }
    let proposal = Strategy().proposal(round: 1, seed: 1, history: history, in: benchmark)
    let pairs = zip(proposal.considered, proposal.predictions).map {
      (found: benchmark.accuracy($0.point), predicted: $1)
    }
    let order = pairs.sorted { $0.predicted.mean < $1.predicted.mean }
    let half = order.count / 2
    #expect(
      order.suffix(half).reduce(0) { $0 + $1.found }
        > order.prefix(half).reduce(0) { $0 + $1.found })
    #expect(pairs.allSatisfy { $0.predicted.deviation > 0 && $0.predicted.mean < 80 })
  }

  @Test func `a space is exhausted when nothing is left`() {
    // All that is known: nothing can be proposed.
    struct Small: FeasibleSpace {
      let fastest = FeasiblePoint(
        point: Point([0]), rate: 1, nanoseconds: 1, highNanoseconds: 1)
      func random(using generator: inout SplitMix64) -> Point {
        Point([UInt8(generator.below(3))])
      }
      func mutated(_ point: Point, using generator: inout SplitMix64) -> Point {
        random(using: &generator)
      }
      func feasible(_ point: Point) -> FeasiblePoint? {
        FeasiblePoint(point: point, rate: 1, nanoseconds: 1, highNanoseconds: 1)
      }
    }
    let first = Strategy().proposal(round: 0, seed: 1, history: [], in: Small())
    #expect(first.chosen.count == 3)
    let history = first.considered.map { Observation(point: $0.point, quality: 1) }
    for method in Strategy.Method.allCases {
      let next = Strategy(method).proposal(round: 1, seed: 1, history: history, in: Small())
      #expect(next.chosen.isEmpty)
    }
  }
}
