/// One timed chain, raw.
public struct Sample: Hashable, Sendable {
  /// Number of the visit to the row in which it was taken, from 0; samples of a visit share operands
  /// and a moment.
  public var visit: Int
  /// Dispatches in the chain.
  public var chainLength: Int
  /// Time of the whole chain by the clock of the method.
  public var nanoseconds: Double
  /// Wall-clock time from submission to completion.
  public var wallNanoseconds: Double
  /// How fast the device was.
  public var speed: SpeedReading

  public init(
    visit: Int = 0, chainLength: Int, nanoseconds: Double, wallNanoseconds: Double,
    speed: SpeedReading = .none
  ) {
    self.visit = visit
    self.chainLength = chainLength
    self.nanoseconds = nanoseconds
    self.wallNanoseconds = wallNanoseconds
    self.speed = speed
  }
}
