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

  /// `nil` while the times give no positive slope.
  public init?(_ times: ChainTimes, quantile: Double, submission: Double, seed: UInt64) {
    guard let slope = times.fit(quantile: quantile, submission: submission)?.slope,
      let interval = times.interval(quantile: quantile, submission: submission, seed: seed)
    else { return nil }
    self.slope = slope
    relativeHalfWidth = max(slope - interval.low, interval.high - slope, 0) / slope
    // Slopes through higher quantiles can come out lower by chance; the figures stay in order.
    median = max(times.fit(quantile: 0.5, submission: submission)?.slope ?? slope, slope)
    p90 = max(times.fit(quantile: 0.9, submission: submission)?.slope ?? median, median)
    samples = times.count
  }
}
