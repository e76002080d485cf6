import Statistics
import Testing

@Suite struct `The bootstrap` {
  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func `the same seed draws the same interval`() throws {
    let values: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    let first = try #require(Bootstrap.interval(clusters: values, seed: 5, mean))
    let second = try #require(Bootstrap.interval(clusters: values, seed: 5, mean))
    #expect(first == second)
    #expect(first.low < mean(values) && mean(values) < first.high)
  }

  @Test func `clusters that are alike have an interval without width`() throws {
    let interval = try #require(Bootstrap.interval(clusters: [2, 2, 2], seed: 1, mean))
    #expect(interval == (2, 2))
  }

  @Test func `two clusters widen the interval more than many of the same spread`() throws {
    let two = try #require(Bootstrap.interval(clusters: [1, 3], seed: 1, mean))
    let many = try #require(
      Bootstrap.interval(
        clusters: Array(repeating: [1, 3], count: 20).flatMap(\.self), seed: 1, mean))
    #expect(two.high - two.low > 4 * (many.high - many.low))
  }

  @Test func `no interval comes from draws without a figure`() {
    #expect(Bootstrap.interval(clusters: [1, 2], seed: 1) { _ in nil } == nil)
  }
}
