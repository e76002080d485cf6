import Networks
import Prediction
import Statistics
import Tables
import Testing
import Workloads

@Suite struct LatencyModelTests {
  private let space: SearchSpace
  private let predictor: LatencyPredictor

  init() throws {
    space = try SearchSpace.wdsr(
      scale: 2, input: ImageSize(width: 160, height: 90), channels: 16, cells: 16,
      prunings: [.init(.pattern), .init(.pattern, rate: 3.6)]
        + [2, 4, 8].map { .init(.blockPunched, rate: $0) } + [.init(.unstructured, rate: 10)])
    var workloads = Set(space.fixed)
    for block in space.cells[0] {
      for layer in block.layers { workloads.formUnion(layer.options.flatMap(\.workloads)) }
    }
    var table = SyntheticDevice().table(workloads.sorted())
    table.additivity = Additivity(
      perDispatchNanoseconds: 2500, perSubmissionNanoseconds: 40_000, relativeSpread: 0.01,
      networks: 3)
    predictor = try LatencyPredictor(table: table)
  }

  /// Every workload of a candidate, added up.
  private func slow(_ candidate: EncodedCandidate) throws -> Double {
    var counts: [Workload: Int] = [:]
    for workload in space.fixed { counts[workload, default: 0] += 1 }
    for (cell, blocks) in space.cells.enumerated() {
      for (layer, it) in blocks[candidate.block(ofCell: cell)].layers.enumerated() {
        for workload in it.options[candidate.option(ofCell: cell, layer: layer)].workloads {
          counts[workload, default: 0] += 1
        }
      }
    }
    return try NetworkPrediction(
      counts.map { ($0.key, $0.value) }, predictor: predictor, exactOnly: true
    ).nanoseconds
  }

  @Test func theSpaceHasTheLayersOfWDSR() {
    #expect(space.fixed.count == 3)
    #expect(space.cells[0].map(\.layers.count) == [2, 3])
    // 3x3 takes every pruning, 1x1 no pattern.
    #expect(space.cells[0][0].layers.map(\.options.count) == [7, 7])
    #expect(space.cells[0][1].layers.map(\.options.count) == [5, 5, 7])
  }

  @Test func lookUpsAreTheSumOfTheRows() throws {
    let model = try LatencyModel(space, predictor: predictor)
    var generator = SplitMix64(state: 3)
    for _ in 0..<1000 {
      let candidate = EncodedCandidate(in: space, using: &generator)
      // Entries are whole nanoseconds.
      #expect(abs(model.latency(candidate) - (try slow(candidate))) <= 51)
    }
  }

  @Test func aMutationIsTheDifferenceItMakes() throws {
    let model = try LatencyModel(space, predictor: predictor)
    var generator = SplitMix64(state: 4)
    var candidate = EncodedCandidate(in: space, using: &generator)
    var current = model.latency(candidate)
    for _ in 0..<1000 {
      let cell = Int.random(in: 0..<16, using: &generator)
      let mutation: Mutation
      if Bool.random(using: &generator) {
        let block = Int.random(in: 0..<2, using: &generator)
        mutation = .cell(
          cell: cell, block: block,
          options: space.cells[cell][block].layers.map {
            Int.random(in: $0.options.indices, using: &generator)
          })
      } else {
        let layers = space.cells[cell][candidate.block(ofCell: cell)].layers
        let layer = Int.random(in: layers.indices, using: &generator)
        mutation = .layer(
          cell: cell, layer: layer,
          option: Int.random(in: layers[layer].options.indices, using: &generator))
      }
      current = model.latency(after: mutation, of: candidate, current: current)
      candidate.apply(mutation)
      #expect(current == model.latency(candidate))
    }
  }

  @Test func keepingFewerWeightsIsNeverSlower() throws {
    // A device on which pruning costs time: the dense time is always within reach.
    let layer = space.cells[0][0].layers[0]
    let table = SyntheticDevice(noise: 0.4).table(
      (space.fixed + layer.options.flatMap(\.workloads)).sorted())
    let small = try #require(
      SearchSpace(cells: [[.init(name: "one", layers: [layer])]], fixed: []))
    let model = try LatencyModel(small, predictor: LatencyPredictor(table: table))
    var candidate = EncodedCandidate(in: small)
    let dense = model.latency(candidate)
    var latest: [String: Double] = [:]
    for (index, option) in layer.options.enumerated() {
      candidate.apply(.layer(cell: 0, layer: 0, option: index))
      let scheme = String(option.name.prefix { $0 != " " })
      let time = model.latency(candidate)
      #expect(time <= min(latest[scheme] ?? dense, dense))
      latest[scheme] = time
    }
  }

  @Test func aSpaceWithNothingToChooseIsNone() {
    #expect(SearchSpace(cells: [[]], fixed: []) == nil)
    #expect(
      SearchSpace(cells: [[.init(name: "a", layers: [.init(options: [])])]], fixed: []) == nil)
  }
}

@Suite struct DepthBudgetTests {
  @Test func theLargestNumberOfCellsFitsAndOneMoreDoesNot() throws {
    let budget = try #require(DepthBudget(oneCell: 13, twoCells: 16))
    #expect(budget.fixedNanoseconds == 10 && budget.nanosecondsPerCell == 3)
    for target in [9.0, 12.9, 13, 15.9, 16, 40] {
      let count = budget.cells(within: target)
      #expect(count == 0 || budget.nanoseconds(cells: count) <= target)
      #expect(budget.nanoseconds(cells: count + 1) > target)
    }
  }

  @Test func aCellThatCostsNothingHasNoLargestNumber() {
    #expect(DepthBudget(oneCell: 5, twoCells: 5) == nil)
  }
}

@Suite struct RateCurveTests {
  @Test func theSmallestRateMeetsTheLatencyAndTheOneBeforeDoesNot() throws {
    let curve = RateCurve { 1e6 + 9e6 / $0 }
    #expect(curve.points.first?.rate == 1 && curve.points.last?.rate == 32)
    for target in [9.9e6, 5e6, 2e6] {
      let point = try #require(curve.smallestRate(within: target))
      #expect(point.nanoseconds <= target)
      let before = try #require(curve.points.last { $0.rate < point.rate })
      #expect(before.nanoseconds > target)
    }
    #expect(curve.smallestRate(within: 2e7)?.rate == 1)
    #expect(curve.smallestRate(within: 1.1e6) == nil)
  }

  @Test func latencyNeverRisesWithTheRate() {
    let curve = RateCurve(rates: [1, 2, 3, 4]) { [10, 6, 7, 5][Int($0) - 1] }
    #expect(curve.points.map(\.nanoseconds) == [10, 6, 6, 5])
    #expect(curve.smallestRate(within: 6.5)?.rate == 2)
  }

  @Test func ratesAtWhichALayerDoesNotRunAreLeftOut() {
    let curve = RateCurve(rates: [1, 2, 3, 4]) { [.infinity, 6, .infinity, 5][Int($0) - 1] }
    #expect(curve.points.map(\.rate) == [2, 3, 4])
    #expect(curve.points.map(\.nanoseconds) == [6, 6, 5])
  }

  @Test func theCurveEndsWhereLayersCannotBePrunedMore() {
    let curve = RateCurve(rates: [1, 2, 3]) { $0 < 2.5 ? 10 / $0 : nil }
    #expect(curve.points.map(\.rate) == [1, 2])
  }
}

@Suite struct ParetoFrontTests {
  @Test func theFrontIsWhatNoOtherPointBeats() {
    let costs: [Double] = [1, 2, 2, 3, 4, 4]
    let values: [Double] = [5, 4, 6, 6, 9, 9]
    #expect(ParetoFront.indices(costs: costs, values: values) == [0, 2, 4])
    #expect(ParetoFront.indices(costs: [], values: []) == [])
  }
}
