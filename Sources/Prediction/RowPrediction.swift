/// How long one workload takes, and how that is known.
public struct RowPrediction: Hashable, Sendable {
  /// How a latency was had.
  public enum Basis: String, Hashable, Sendable, Codable, CaseIterable {
    /// A row of the table says it.
    case exact
    /// A row of the table and rows of like layers say it together, since the row was measured badly.
    case combined
    /// Rows of like layers explain most of what sets this one apart from the law of its costs.
    case interpolated
    /// The law of costs says it: no row is near.
    case modelled

    /// Whether the table has the row.
    public var isMeasured: Bool { self == .exact || self == .combined }
  }

  /// Undisturbed latency.
  public var nanoseconds: Double
  /// Ends of the 95 % interval: the row's own, or, for a row that is not there, what predicting rows
  /// that are there from the others gets wrong.
  public var lowNanoseconds: Double
  public var highNanoseconds: Double
  public var basis: Basis

  /// Half the width of the interval, as a share of the latency.
  public var relativeHalfWidth: Double { (highNanoseconds - lowNanoseconds) / 2 / nanoseconds }

  public init(
    nanoseconds: Double, lowNanoseconds: Double, highNanoseconds: Double, basis: Basis
  ) {
    self.nanoseconds = nanoseconds
    self.lowNanoseconds = lowNanoseconds
    self.highNanoseconds = highNanoseconds
    self.basis = basis
  }
}
