/// When a row has enough samples.
public struct StoppingRule: Hashable, Sendable {
  /// Half width of the 95 % interval at which a row is stable, as a share of the figure.
  public var targetHalfWidth: Double
  /// Seconds of timed submissions after which a row is accepted as it is, unless its interval is too wide.
  public var budgetSeconds: Double
  /// Budgets that a row may take whose interval is too wide.
  public var patience: Double
  /// Samples of each chain length below which no interval is believed.
  public var fewestSamples: Int
  /// Visits below which no interval is believed.
  public var fewestVisits: Int

  public init(
    targetHalfWidth: Double = 0.02, budgetSeconds: Double = 5, patience: Double = 4,
    fewestSamples: Int = 5, fewestVisits: Int = 5
  ) {
    self.targetHalfWidth = targetHalfWidth
    self.budgetSeconds = budgetSeconds
    self.patience = patience
    self.fewestSamples = fewestSamples
    self.fewestVisits = fewestVisits
  }

  /// Half width of an interval, as a share, beyond which it says too little about a row.
  public static let widestHalfWidth = 0.25

  /// Seconds of timed submissions before which no row is given up as too noisy.
  private static let fewestSeconds = 2.5

  public enum Verdict: Hashable, Sendable {
    /// More samples are needed.
    case more
    /// The interval is narrow enough.
    case stable
    /// The budget is spent, and the interval is wider than was asked for.
    case budgetSpent
    /// All patience is spent, and the interval is too wide.
    case tooNoisy

    /// Whether the row has a figure.
    var givesFigure: Bool { self == .stable || self == .budgetSpent }
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

  /// Whether an interval of this half width, as a share, says too little about a row: beyond ``widestHalfWidth``, or
  /// the half width that was asked for where that is wider.
  ///
  /// None does where a row may not even take two and a half seconds: its interval is wide for want of time.
  public func isTooWide(_ relativeHalfWidth: Double) -> Bool {
    patience * budgetSeconds >= Self.fewestSeconds
      && relativeHalfWidth > max(Self.widestHalfWidth, targetHalfWidth)
  }

  /// The verdict on a row whose budget is spent, by the half width of the interval that a table would have: a row
  /// whose interval is too wide gets ``patience`` budgets.
  public func verdictAfterBudget(seconds: Double, relativeHalfWidth: Double) -> Verdict {
    guard isTooWide(relativeHalfWidth) else { return .budgetSpent }
    return seconds >= patience * budgetSeconds ? .tooNoisy : .more
  }
}
