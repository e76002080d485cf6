/// How long one submission took.
public struct Timing: Sendable, Hashable {
  /// Nanoseconds between the timestamps around the dispatches; nil where the queue has none, and 0,
  /// which no work takes, where the device never wrote them.
  public let deviceNanoseconds: Double?
  /// Nanoseconds of the host from submitting to seeing it done (CLOCK_MONOTONIC).
  public let wallNanoseconds: Double
  /// Nanoseconds of each dispatch with the barrier behind it, where that was asked for; nil where the queue
  /// has no timestamps.
  public let dispatchNanoseconds: [Double]?

  /// A timing with its parts.
  public init(
    deviceNanoseconds: Double?, wallNanoseconds: Double, dispatchNanoseconds: [Double]?
  ) {
    self.deviceNanoseconds = deviceNanoseconds
    self.wallNanoseconds = wallNanoseconds
    self.dispatchNanoseconds = dispatchNanoseconds
  }
}
