/// When a row has enough samples.
public struct StoppingRule: Hashable, Sendable {
  /// Half width of the 95 % interval at which a row is stable, as a share of the figure.
  public var targetHalfWidth: Double
  /// Seconds of timed submissions after which a row is accepted as it is.
  public var budgetSeconds: Double
  /// Samples of each chain length below which no interval is believed.
  public var fewestSamples: Int
  /// Visits below which no interval is believed.
  public var fewestVisits: Int

  public init(
    targetHalfWidth: Double = 0.02, budgetSeconds: Double = 5, fewestSamples: Int = 5,
    fewestVisits: Int = 5
  ) {
    self.targetHalfWidth = targetHalfWidth
    self.budgetSeconds = budgetSeconds
    self.fewestSamples = fewestSamples
    self.fewestVisits = fewestVisits
  }

  public enum Verdict: Hashable, Sendable {
    /// More samples are needed.
    case more
    /// The interval is narrow enough.
    case stable
    /// The budget is spent; the interval is what it is.
    case budgetSpent
  }

  /// What to do after `seconds` of timed submissions in a number of visits that gave at least
  /// `fewest` samples of each length and an interval of the given half width, `nil` if there is none.
  ///
  /// A budget too small for three visits and three samples of each length is stretched up to fourfold.
  public func verdict(
    fewest: Int, visits: Int, seconds: Double, relativeHalfWidth: Double?
  ) -> Verdict {
    if fewest >= fewestSamples, visits >= fewestVisits, let relativeHalfWidth,
      relativeHalfWidth <= targetHalfWidth
    {
      return .stable
    }
    let enough =
      (fewest >= 3 && visits >= 3) || (fewest >= 1 && seconds >= 4 * budgetSeconds)
    return seconds >= budgetSeconds && enough ? .budgetSpent : .more
  }
}
