internal import Statistics
internal import Tables

/// Judges how fast the device is from readings of one fixed reference kernel.
///
/// Interference makes single readings long; heat and clock changes make all of them long. So the device is
/// as fast as the shortest of its latest readings says, and a sample counts only if that is near the
/// *undisturbed* reading of the campaign. What interfered with single samples is left to the low quantile
/// that figures go through: on a processor whose cores are shared, where half of all readings were
/// disturbed, figures by all samples repeated within 3 % and those of samples between two good readings
/// did not, for there were hardly any.
public struct SpeedMonitor: Sendable {
  /// Readings further than this above the undisturbed one are slow.
  public static let tolerance = 0.05
  /// Readings of earlier runs that still say how fast the device is.
  public static let memory = 500
  /// Slow readings in a row after which the new speed is taken as it is.
  public static let patience = 30

  /// Latest readings of which the shortest tells how fast the device is.
  public static let latest = 16

  /// All readings of the campaign in nanoseconds, oldest first.
  public private(set) var readings: [Double]
  private var sorted: [Double]
  /// Readings of earlier runs.
  private let earlier: Int

  /// Readings of earlier runs count if they are not too old.
  public init(readings: [Double] = []) {
    self.readings = readings.suffix(Self.memory)
    sorted = self.readings.sorted()
    earlier = self.readings.count
  }

  /// Adds a reading.
  public mutating func record(_ nanoseconds: Double) {
    readings.append(nanoseconds)
    let place = sorted.firstIndex { $0 > nanoseconds } ?? sorted.endIndex
    sorted.insert(nanoseconds, at: place)
  }

  /// The reading nothing disturbs: the 2 % quantile, but at least the third shortest, so that freak
  /// readings do not set the standard; 0 before the first reading.
  public var undisturbed: Double { sorted.prefix(max(3, sorted.count / 50)).last ?? 0 }

  /// The shortest of the latest readings of this run; 0 before the first.
  public var level: Double { readings.dropFirst(earlier).suffix(Self.latest).min() ?? 0 }

  /// How far the median of readings lies above the undisturbed one, as a share.
  private func spread(_ readings: [Double]) -> Double {
    guard let median = quantile(0.5, ofSorted: readings), undisturbed > 0 else { return 0 }
    return max(median / undisturbed - 1, 0)
  }

  /// The uncertainty of the device's speed by these readings, in any order, as a share.
  func spread(of readings: [Double]) -> Double {
    spread(readings.sorted())
  }

  /// Whether a reading, or the shortest of some, was taken at the campaign's speed.
  public func isSteady(_ reading: Double) -> Bool {
    reading <= undisturbed * (1 + Self.tolerance)
  }

  /// Whether the device has been slow for so long that it will not come back by itself.
  public var hasSettledSlow: Bool {
    readings.count >= Self.patience && readings.suffix(Self.patience).allSatisfy { !isSteady($0) }
  }

  /// The table's figures of this kernel.
  ///
  /// - Parameter counted: The readings beside samples that count.
  func summary(readingsOfCounted counted: [Double]) -> Speed.Kernel {
    let level = undisturbed
    let beside = median(counted) ?? level
    return Speed.Kernel(
      referenceNanoseconds: level, medianOverUndisturbed: 1 + spread(sorted),
      relativeSpeed: beside > 0 && level > 0 ? min(1, level / beside) : 1)
  }
}
