/// Latency of the points of a space of WDSR, at the rate of a place in ``WDSRSpace/rates``.
public protocol PointLatency: Sendable {
  /// Predicted nanoseconds; infinite for a network that is none, or that the device cannot run.
  func nanoseconds(_ point: Point, rate: Int) -> Double

  /// How far the upper end of the 95 % interval is above the latency.
  func upperHalfWidth(_ point: Point, rate: Int) -> Double
}
