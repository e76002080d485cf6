/// How fast a device is at a moment, by kernels that one thing bounds each.
public struct SpeedReading: Hashable, Sendable {
  /// Nanoseconds of a dispatch of the kernel that is bound by arithmetic; 0 where it was not timed.
  public var arithmeticNanoseconds: Double
  /// The same of the kernel that is bound by memory.
  public var memoryNanoseconds: Double

  public init(arithmeticNanoseconds: Double, memoryNanoseconds: Double = 0) {
    self.arithmeticNanoseconds = arithmeticNanoseconds
    self.memoryNanoseconds = memoryNanoseconds
  }

  /// Where nothing was timed.
  public static let none = SpeedReading(arithmeticNanoseconds: 0)
}
