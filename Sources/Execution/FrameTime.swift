public import Measurement
public import Prediction
internal import Statistics
public import Store
public import Tables

/// How long one frame takes, from its submission to its end, in nanoseconds.
public struct FrameTime: Hashable, Sendable {
  /// When nothing interferes.
  public let undisturbedNanoseconds: Double
  /// Half width of the 95 % interval of that, as a share.
  public let relativeHalfWidth: Double
  public let medianNanoseconds: Double
  public let samples: Int
  /// Whether the samples were taken at the device's undisturbed speed.
  public let atSpeed: Bool
  /// How many visits came near the undisturbed time.
  public let agreement: VisitAgreement
  /// Whether the undisturbed time was seen: at the device's undisturbed speed, in visits that agree.
  public var isUndisturbed: Bool { atSpeed && agreement.isEnough }
  /// How fast the device was for half of the samples.
  public let speed: SpeedReading
}

extension RelativeSpeed {
  /// How fast the device was for some frames, relative to when a table was measured; ``unchanged`` where readings
  /// differ by no more than they do by themselves. `nil` without frames, or readings.
  public init?(of frames: [FrameTime], to table: LatencyTable) {
    let now = SpeedReading(medianOf: frames.map(\.speed))
    func relative(_ kernel: Speed.Kernel, _ nanoseconds: Double) -> Double? {
      // Rows may have been measured at less than the best speed that was seen.
      let then = kernel.referenceNanoseconds / kernel.relativeSpeed
      guard nanoseconds > 0, then > 0, then.isFinite else { return nil }
      let ratio = then / nanoseconds
      return abs(ratio - 1) <= SpeedMonitor.tolerance ? 1 : ratio
    }
    guard let arithmetic = relative(table.speed.arithmetic, now.arithmeticNanoseconds) else {
      return nil
    }
    // A table from before memory was read tells nothing else of it.
    let memory = table.speed.memory.flatMap { relative($0, now.memoryNanoseconds) }
    self.init(arithmetic: arithmetic, memory: memory ?? arithmetic)
  }
}

extension SpeedReading {
  /// The middle of each kernel's readings, of those that were taken.
  init(medianOf readings: [SpeedReading]) {
    func middle(_ kernel: (SpeedReading) -> Double) -> Double {
      median(readings.map(kernel).filter { $0 > 0 }) ?? 0
    }
    self.init(
      arithmeticNanoseconds: middle(\.arithmeticNanoseconds),
      memoryNanoseconds: middle(\.memoryNanoseconds))
  }
}
