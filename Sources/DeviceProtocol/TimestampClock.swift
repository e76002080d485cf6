/// The clock of a queue's timestamps: how many bits of them count, and how long a tick is.
///
/// Source: Vulkan specification, "Timestamp Queries": bits beyond the valid ones are undefined, and
/// the counter wraps.
public struct TimestampClock: Sendable, Hashable {
  /// Bits that count, 0 to 64; 0 where the queue has no timestamps.
  public let validBits: Int
  /// Nanoseconds of one tick (`timestampPeriod`).
  public let period: Double

  /// A clock; `validBits` outside 0 to 64 count as the nearest of these.
  public init(validBits: Int, period: Double) {
    self.validBits = min(max(validBits, 0), 64)
    self.period = period
  }

  /// Nanoseconds from one timestamp to a later one, less than one turn of the counter apart; nil
  /// without timestamps.
  public func nanoseconds(from start: UInt64, to end: UInt64) -> Double? {
    guard validBits > 0 else { return nil }
    let ticks = (end &- start) & (UInt64.max >> UInt64(64 - validBits))
    return Double(ticks) * period
  }
}
