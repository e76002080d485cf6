/// One timed chain, raw.
public struct Sample: Hashable, Sendable {
  /// Dispatches in the chain.
  public var chainLength: Int
  /// Time of the whole chain by the clock of the method.
  public var nanoseconds: Double
  /// Wall-clock time from submission to completion.
  public var wallNanoseconds: Double
  /// The slower of the readings of the reference kernel before and after this sample.
  public var referenceNanoseconds: Double

  public init(
    chainLength: Int, nanoseconds: Double, wallNanoseconds: Double, referenceNanoseconds: Double
  ) {
    self.chainLength = chainLength
    self.nanoseconds = nanoseconds
    self.wallNanoseconds = wallNanoseconds
    self.referenceNanoseconds = referenceNanoseconds
  }
}
