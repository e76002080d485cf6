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

  /// How much of a deviation a change by the constants counts as (a lasso: Tibshirani, 1996).
  private static let shrinkage = 0.2

  /// What a dispatch adds to its row: the constant, or what the row can save at most.
  public func added(toRow nanoseconds: Double) -> Double {
    max(perDispatchNanoseconds, -Self.mostSaved * nanoseconds)
  }

  /// Fits the constants so that the rows, what each dispatch adds and one submission come near to what was
  /// measured: the sum of the absolute relative deviations is least, so that a wild network changes
  /// little. A dispatch may add less than nothing (``mostSaved``), a submission may not; neither adds more than
  /// an empty one takes, since rows have a launch already: what is beyond that is another speed of the device
  /// while the networks ran, and no constant. What the constants change counts too, by a fifth: those that make
  /// up for each other explain nothing.
  ///
  /// The spread is that of the deviations' middle (1.4826 times their median absolute value, which is
  /// the standard deviation of normal ones). The two smallest do not count: two constants can be fitted so
  /// that two networks do not deviate at all.
  ///
  /// - Parameter ceilings: What an empty dispatch and a submission take; constants are not bounded by what is
  ///   not there.
  /// - Returns: `nil` for fewer than ``fewestNetworks``, for networks that all have as many dispatches, which
  ///   do not tell the constants apart, or a latency that is not above zero.
  public init?(fitting observations: [Observation], ceilings: Ceilings = Ceilings()) {
    guard observations.count >= Self.fewestNetworks, Set(observations.map(\.rows.count)).count > 1,
      observations.allSatisfy({ $0.measured > 0 && $0.measured.isFinite && !$0.rows.isEmpty })
    else { return nil }
    func best(perDispatch: Double) -> (additivity: Additivity, deviation: Double) {
      Self.best(
        perDispatch: perDispatch, mostPerSubmission: ceilings.submissionNanoseconds ?? .infinity, observations)
    }
    let constants = Self.constants(
      observations, most: ceilings.emptyDispatchNanoseconds ?? .infinity)
    let nearest =
      constants.indices.min {
        best(perDispatch: constants[$0]).deviation < best(perDispatch: constants[$1]).deviation
      } ?? 0
    // Between its neighbours the deviation falls and then rises: thirds close in on the least.
    var low = constants[max(nearest - 1, 0)]
    var high = constants[min(nearest + 1, constants.count - 1)]
    for _ in 0..<200 {
      let (first, second) = (low + (high - low) / 3, high - (high - low) / 3)
      if best(perDispatch: first).deviation <= best(perDispatch: second).deviation {
        high = second
      } else {
        low = first
      }
    }
    let fit = best(perDispatch: (low + high) / 2).additivity
    let deviations = observations.map { abs(fit.left(of: $0)) / $0.measured }.sorted()
    self = fit
    relativeSpread = 1.4826 * (median(Array(deviations.dropFirst(2))) ?? 0)
  }

  /// Constants of a dispatch to begin with, rising and closer together near none: from the most that the
  /// longest row can save to what explains a network entirely, or `most`.
  private static func constants(_ observations: [Observation], most: Double) -> [Double] {
    let low = -mostSaved * (observations.flatMap(\.rows).max() ?? 0)
    let high = min(most, observations.map { $0.measured / Double($0.rows.count) }.max() ?? 0)
    let steps = (-100...100).map { Double($0) / 100 }
    return steps.map { $0 * $0 * $0 * ($0 < 0 ? -low : high) }
  }

  /// The best constant of a submission beside one of a dispatch: none, what explains a network entirely, or
  /// the most it may be.
  private static func best(
    perDispatch: Double, mostPerSubmission: Double, _ observations: [Observation]
  ) -> (additivity: Additivity, deviation: Double) {
    var fit = Additivity(
      perDispatchNanoseconds: perDispatch, perSubmissionNanoseconds: 0, relativeSpread: 0,
      networks: observations.count)
    let lefts = observations.map { fit.left(of: $0) }
    let dispatches = observations.map { observation in
      abs(observation.rows.reduce(0) { $0 + fit.added(toRow: $1) })
    }
    var least = Double.infinity
    for submission in [0] + lefts.map({ min($0, mostPerSubmission) }) where submission >= 0 {
      let deviation = observations.indices.reduce(0) { sum, index in
        let changed = dispatches[index] + submission
        return sum + (abs(lefts[index] - submission) + Self.shrinkage * changed)
          / observations[index].measured
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
