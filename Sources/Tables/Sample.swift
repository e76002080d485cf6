/// One timed chain, raw.
public struct Sample: Hashable, Sendable {
  /// Dispatches in the chain.
  public var chainLength: Int
  /// Time of the whole chain by the clock of the method.
  public var nanoseconds: Double
  /// Wall-clock time from submission to completion.
  public var wallNanoseconds: Double
  /// The reading of the reference kernel nearest before this sample.
  public var referenceNanoseconds: Double
  /// Whether the sample counts; false if the device was slower then than in the rest of the campaign.
  public var counts: Bool

  public init(
    chainLength: Int, nanoseconds: Double, wallNanoseconds: Double, referenceNanoseconds: Double,
    counts: Bool = true
  ) {
    self.chainLength = chainLength
    self.nanoseconds = nanoseconds
    self.wallNanoseconds = wallNanoseconds
    self.referenceNanoseconds = referenceNanoseconds
    self.counts = counts
  }
}
