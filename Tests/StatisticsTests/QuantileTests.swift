import Statistics
import Testing

@Suite struct `Quantiles and means` {
  @Test(arguments: zip([0, 0.1, 0.5, 1], [1, 1.4, 3, 5]))
  func `a quantile is linear between neighbours`(q: Double, expected: Double) throws {
    let value = try #require(quantile(q, ofSorted: [1, 2, 3, 4, 5]))
    #expect(abs(value - expected) < 1e-12)
  }

  @Test func `no values have no quantile, median, or mean`() {
    #expect(quantile(0.5, ofSorted: [Double]()) == nil)
    #expect(median([]) == nil)
    #expect(conformalQuantile(0.95, []) == nil)
    #expect(geometricMean([]) == nil)
  }

  @Test func `a median is the middle value, or halfway between two`() {
    #expect(median([5, 1, 3]) == 3)
    #expect(median([8, 1, 4, 3]) == 3.5)
  }

  @Test func `a conformal quantile counts the next value too`() {
    let values = (1...99).map(Double.init)
    #expect(conformalQuantile(0.9, values.reversed()) == 90)
    #expect(conformalQuantile(0.99, values) == 99)
    #expect(conformalQuantile(0.9, [7, 2]) == 7)
  }

  @Test func `the geometric mean of twice and half is one`() throws {
    let mean = try #require(geometricMean([2, 0.5, 4, 0.25]))
    #expect(abs(mean - 1) < 1e-12)
  }
}
