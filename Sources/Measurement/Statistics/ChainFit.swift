/// A straight line through chain times: `time = intercept + slope * length`.
public struct ChainFit: Hashable, Sendable {
  /// Time of one dispatch inside a chain, in nanoseconds.
  public let slope: Double
  /// Time of a submission without dispatches, in nanoseconds.
  public let intercept: Double

  /// Fits the line by least squares of the *relative* deviations (weights `1 / length^2`), since a
  /// long chain meets as much more interference as it is longer.
  ///
  /// With one length only, the line goes through `submission` at length zero.
  /// `nil` without points, or if the slope is not positive: such times cannot be.
  public init?(_ times: [(length: Int, nanoseconds: Double)], submission: Double = 0) {
    guard let first = times.first else { return nil }
    if times.allSatisfy({ $0.length == first.length }) {
      let mean = times.reduce(0) { $0 + $1.nanoseconds } / Double(times.count)
      self.init(slope: (mean - submission) / Double(first.length), intercept: submission)
    } else {
      var (weight, x, y) = (0.0, 0.0, 0.0)
      for time in times {
        let w = 1 / Double(time.length * time.length)
        weight += w
        x += w * Double(time.length)
        y += w * time.nanoseconds
      }
      (x, y) = (x / weight, y / weight)
      var (covariance, variance) = (0.0, 0.0)
      for time in times {
        let w = 1 / Double(time.length * time.length)
        let distance = Double(time.length) - x
        covariance += w * distance * (time.nanoseconds - y)
        variance += w * distance * distance
      }
      self.init(slope: covariance / variance, intercept: y - covariance / variance * x)
    }
  }

  /// Shorter dispatches, in nanoseconds, are errors of rounding: a picosecond.
  private static let shortest = 1e-3

  private init?(slope: Double, intercept: Double) {
    guard slope.isFinite, slope >= Self.shortest else { return nil }
    self.slope = slope
    self.intercept = intercept
  }
}
