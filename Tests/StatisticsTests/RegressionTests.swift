import Statistics
import Testing

@Suite struct `Regressions` {
  private typealias Pool = IsotonicRegression.Pool<Int>

  private func pools(_ values: [Double], root: Double? = nil) -> [Pool] {
    IsotonicRegression.pools(
      chains: [values.enumerated().map { Pool(value: $1, weight: 1, members: [$0]) }],
      root: root.map { Pool(value: $0, weight: 1, members: [-1]) })
  }

  @Test func `values that rise stay as they are`() {
    #expect(pools([1, 2, 3]).map(\.value) == [1, 2, 3])
  }

  @Test func `neighbours that fall share their mean`() {
    let pools = pools([1, 5, 3, 7])
    #expect(pools.map(\.value) == [1, 4, 7])
    #expect(pools.map { $0.members.sorted() } == [[0], [1, 2], [3]])
  }

  @Test func `no chain passes its root`() {
    #expect(pools([1, 2, 6], root: 4).map(\.value) == [1, 2, 5])
  }

  @Test func `coefficients that are not negative are found exactly`() {
    typealias Terms = NonnegativeLeastSquares.Terms
    let terms = (1...9).map { index in
      var terms = Terms.zero
      terms[0] = 1
      terms[3] = Double(index * index)
      return terms
    }
    let fit = NonnegativeLeastSquares.fit(
      terms: terms, targets: terms.map { 5 * $0[0] + 2 * $0[3] }, tolerance: 1)
    #expect(abs(fit.coefficients[0] - 5) < 1e-3)
    #expect(abs(fit.coefficients[3] - 2) < 1e-3)
  }

  @Test func `a coefficient that would be negative is zero`() {
    typealias Terms = NonnegativeLeastSquares.Terms
    let terms = (1...9).map { index in
      var terms = Terms.zero
      terms[0] = Double(index)
      return terms
    }
    let fit = NonnegativeLeastSquares.fit(
      terms: terms, targets: terms.map { -$0[0] }, tolerance: 100)
    #expect(fit.coefficients == .zero)
  }

  @Test func `a factored matrix solves its equations`() {
    let solution = Cholesky([3, 0, 1, 2], count: 2, added: [1, 1]).solve([9, 10])
    #expect(abs(solution[0] - 17.0 / 11) < 1e-12)
    #expect(abs(solution[1] - 31.0 / 11) < 1e-12)
  }
}
