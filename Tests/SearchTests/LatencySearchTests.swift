import Search
import Testing

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
