/// What the samples of a row say about one dispatch, in nanoseconds.
public struct SlopeEstimate: Hashable, Sendable {
  /// Slope through the low quantiles: the undisturbed time.
  public let slope: Double
  /// Half width of the 95 % bootstrap interval of ``slope``, as a share of it; the farther end counts.
  public let relativeHalfWidth: Double
  /// Slope through the medians.
  public let median: Double
  /// Slope through the 90 % quantiles.
  public let p90: Double
  /// Samples behind the figures.
  public let samples: Int

  /// What a figure of fewer than three visits is believed to, as a share.
  public static let fewVisitsHalfWidth = 0.25

  /// `nil` while the times give no positive slope.
  public init?(_ times: ChainTimes, quantile: Double, submission: Double, seed: UInt64) {
    guard let slope = times.fit(quantile: quantile, submission: submission)?.slope,
      let interval = times.interval(quantile: quantile, submission: submission, seed: seed)
    else { return nil }
    self.slope = slope
    // Slopes through higher quantiles can come out lower by chance; the figures stay in order.
    median = max(times.fit(quantile: 0.5, submission: submission)?.slope ?? slope, slope)
    p90 = max(times.fit(quantile: 0.9, submission: submission)?.slope ?? median, median)
    samples = times.count
    let half = max(slope - interval.low, interval.high - slope, 0) / slope
    // Two visits cannot tell how much visits differ: an interval from them is any number.
    relativeHalfWidth =
      times.visits < 3 ? max(p90 / slope - 1, Self.fewVisitsHalfWidth) : half
  }
}
