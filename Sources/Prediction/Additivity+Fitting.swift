public import Tables

extension Additivity {
  /// A network that was executed, beside what the table says.
  public struct Observation: Hashable, Sendable {
    /// Row of each dispatch, in nanoseconds.
    public var rows: [Double]
    /// Undisturbed latency of the whole network, in nanoseconds; above zero.
    public var measured: Double

    public init(rows: [Double], measured: Double) {
      self.rows = rows
      self.measured = measured
    }
  }

  /// Networks that two constants and their spread are fitted to at least.
  public static let fewestNetworks = 3

  /// The most that a dispatch can save against its row, as a share of it: inside a network a layer may find
  /// its operands warmer than in the ring it was measured with.
  public static let mostSaved = 0.1

  /// What a dispatch adds to its row: the constant, or what the row can save at most.
  public func added(toRow nanoseconds: Double) -> Double {
    max(perDispatchNanoseconds, -Self.mostSaved * nanoseconds)
  }

  /// Fits the constants so that the rows, what each dispatch adds and one submission come near to what was
  /// measured: the sum of the absolute relative deviations is least, so that a wild network changes
  /// little. A dispatch may add less than nothing (``mostSaved``), a submission may not.
  ///
  /// The spread is that of the deviations' middle (1.4826 times their median absolute value, which is
  /// the standard deviation of normal ones). The two smallest do not count: two constants can be fitted so
  /// that two networks do not deviate at all.
  ///
  /// - Returns: `nil` for fewer than ``fewestNetworks``, for networks that all have as many dispatches, which
  ///   do not tell the constants apart, or a latency that is not above zero.
  public init?(fitting observations: [Observation]) {
    guard observations.count >= Self.fewestNetworks, Set(observations.map(\.rows.count)).count > 1,
      observations.allSatisfy({ $0.measured > 0 && $0.measured.isFinite && !$0.rows.isEmpty })
    else { return nil }
    // The deviation falls and then rises with the constant of a dispatch: thirds close in on the least.
    var low = -Self.mostSaved * (observations.flatMap(\.rows).max() ?? 0)
    var high = observations.map { $0.measured / Double($0.rows.count) }.max() ?? 0
    for _ in 0..<200 {
      let (first, second) = (low + (high - low) / 3, high - (high - low) / 3)
      if Self.best(perDispatch: first, observations).deviation
        <= Self.best(perDispatch: second, observations).deviation
      {
        high = second
      } else {
        low = first
      }
    }
    let fit = Self.best(perDispatch: (low + high) / 2, observations).additivity
    let deviations = observations.map { abs(fit.left(of: $0)) / $0.measured }.sorted()
    self = fit
    relativeSpread = 1.4826 * (median(Array(deviations.dropFirst(2))) ?? 0)
  }

  /// The best constant of a submission beside one of a dispatch: none, or what explains a network entirely.
  private static func best(
    perDispatch: Double, _ observations: [Observation]
  ) -> (additivity: Additivity, deviation: Double) {
    var fit = Additivity(
      perDispatchNanoseconds: perDispatch, perSubmissionNanoseconds: 0, relativeSpread: 0,
      networks: observations.count)
    let lefts = observations.map { fit.left(of: $0) }
    var least = Double.infinity
    for submission in [0] + lefts where submission >= 0 {
      let deviation = zip(lefts, observations).reduce(0) {
        $0 + abs($1.0 - submission) / $1.1.measured
      }
      if deviation < least { (least, fit.perSubmissionNanoseconds) = (deviation, submission) }
    }
    return (fit, least)
  }

  /// What a network took beyond its prediction.
  private func left(of observation: Observation) -> Double {
    observation.rows.reduce(observation.measured - perSubmissionNanoseconds) {
      $0 - $1 - added(toRow: $1)
    }
  }
}
