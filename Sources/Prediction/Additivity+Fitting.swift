public import Tables

extension Additivity {
  /// A network that was executed, beside what the table says.
  public struct Observation: Hashable, Sendable {
    /// Sum of its rows, in nanoseconds.
    public var rows: Double
    public var dispatches: Int
    /// Undisturbed latency of the whole network, in nanoseconds; above zero.
    public var measured: Double

    public init(rows: Double, dispatches: Int, measured: Double) {
      self.rows = rows
      self.dispatches = dispatches
      self.measured = measured
    }
  }

  /// Networks that two constants and their spread are fitted to at least.
  public static let fewestNetworks = 3

  /// Fits the constants so that `rows + perDispatch * dispatches + perSubmission` comes near to what
  /// was measured: relative deviations, with those beyond 5 % counted less, and no constant below zero.
  ///
  /// The spread is that of the deviations' middle (1.4826 times their median absolute value, which is
  /// the standard deviation of normal ones), widened for the two constants that were fitted.
  ///
  /// - Returns: `nil` for fewer than ``fewestNetworks``, or a latency that is not above zero.
  public init?(fitting observations: [Observation]) {
    guard observations.count >= Self.fewestNetworks,
      observations.allSatisfy({ $0.measured > 0 && $0.measured.isFinite && $0.rows.isFinite })
    else { return nil }
    let constants = NonnegativeLeastSquares.fit(
      terms: observations.map { [Double($0.dispatches) / $0.measured, 1 / $0.measured] },
      targets: observations.map { 1 - $0.rows / $0.measured }, tolerance: 0.05)
    let deviations = observations.map {
      let predicted = $0.rows + constants[0] * Double($0.dispatches) + constants[1]
      return abs(predicted / $0.measured - 1)
    }.sorted()
    let count = deviations.count
    let median = (deviations[(count - 1) / 2] + deviations[count / 2]) / 2
    let widening = (Double(count) / Double(count - 2)).squareRoot()
    self.init(
      perDispatchNanoseconds: constants[0], perSubmissionNanoseconds: constants[1],
      relativeSpread: 1.4826 * median * widening, networks: count)
  }
}
