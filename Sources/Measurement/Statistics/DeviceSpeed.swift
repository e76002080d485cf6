internal import Statistics
public import Store
public import Tables

/// How fast a device is, by a reference kernel that is bound by arithmetic and one that is bound by memory: phones
/// scale the clocks of both apart, and neighbours on a shared host take bandwidth but no cycles.
public struct DeviceSpeed: Sendable {
  /// By the kernel that is bound by arithmetic.
  public private(set) var arithmetic: SpeedMonitor
  /// By the kernel that is bound by memory; without readings where there is none.
  public private(set) var memory: SpeedMonitor

  /// - Parameter readings: Of earlier runs, oldest first.
  public init(readings: [SpeedReading] = []) {
    arithmetic = SpeedMonitor(readings: readings.map(\.arithmeticNanoseconds).filter { $0 > 0 })
    memory = SpeedMonitor(readings: readings.map(\.memoryNanoseconds).filter { $0 > 0 })
  }

  /// Adds a reading.
  public mutating func record(_ reading: SpeedReading) {
    if reading.arithmeticNanoseconds > 0 { arithmetic.record(reading.arithmeticNanoseconds) }
    if reading.memoryNanoseconds > 0 { memory.record(reading.memoryNanoseconds) }
  }

  /// How fast the device is by the latest readings of this run.
  public var level: SpeedReading {
    SpeedReading(arithmeticNanoseconds: arithmetic.level, memoryNanoseconds: memory.level)
  }

  /// Whether a reading was taken at the campaign's speed.
  public func isSteady(_ reading: SpeedReading) -> Bool {
    isSteady(reading, by: judges(of: nil))
  }

  /// Whether what bounds a workload has been slow for so long that it will not come back by itself.
  func hasSettledSlow(_ bound: Bound?) -> Bool {
    judges(of: bound).contains { monitor($0).hasSettledSlow }
  }

  /// The uncertainty of the device's speed when samples were taken of what is bound by one thing, as a share.
  func spread(of samples: [Sample], _ bound: Bound?) -> Double {
    judges(of: bound).map { kernel in
      monitor(kernel).spread(of: kernel.nanoseconds(of: samples.map(\.speed)))
    }.max() ?? 0
  }

  /// The samples taken at the campaign's speed. If those are too few for a figure (three of each
  /// chain length), those taken at the speed that prevailed, since a line through times of two speeds
  /// is the time of neither; all of them if these are too few as well.
  ///
  /// - Parameters:
  ///   - sample: The sample in what is a sample and more.
  ///   - bound: The one thing that bounds what was timed, by whose speed it is judged; by both speeds where that is
  ///     `nil`.
  public func counted<Element>(
    _ elements: [Element], _ sample: (Element) -> Sample, boundBy bound: Bound?
  ) -> (elements: [Element], atSpeed: Bool) {
    let judges = judges(of: bound)
    func suffice(_ some: [Element]) -> Bool { ChainTimes(some.map(sample)).fewest >= 3 }
    let steady = elements.filter { isSteady(sample($0).speed, by: judges) }
    if suffice(steady) { return (steady, true) }
    var alike = elements
    for kernel in judges {
      let prevailing = median(kernel.nanoseconds(of: elements.map { sample($0).speed })) ?? 0
      alike = alike.filter {
        let reading = kernel.nanoseconds(of: sample($0).speed)
        return abs(reading - prevailing) <= prevailing * SpeedMonitor.tolerance
      }
    }
    return (suffice(alike) ? alike : elements, false)
  }

  /// The table's figures of steadiness.
  ///
  /// - Parameters:
  ///   - samples: Samples of all rows.
  ///   - counted: Those of them that count, by what bounds their rows: a kernel says at which speed those were taken
  ///     that are judged by it.
  func summary(samples: Int, counted: [Bound?: [Sample]]) -> Speed {
    func readings(of kernel: Kernel) -> [Double] {
      counted.filter { judges(of: $0.key).contains(kernel) }
        .flatMap { kernel.nanoseconds(of: $0.value.map(\.speed)) }
    }
    let number = counted.values.reduce(0) { $0 + $1.count }
    return Speed(
      readings: arithmetic.readings.count,
      arithmetic: arithmetic.summary(readingsOfCounted: readings(of: .arithmetic)),
      memory: memory.readings.isEmpty
        ? nil : memory.summary(readingsOfCounted: readings(of: .memory)),
      discardedShare: samples > 0 ? 1 - Double(number) / Double(samples) : 0)
  }

  private enum Kernel {
    case arithmetic, memory

    func nanoseconds(of reading: SpeedReading) -> Double {
      switch self {
      case .arithmetic: reading.arithmeticNanoseconds
      case .memory: reading.memoryNanoseconds
      }
    }

    /// Of those readings in which it was timed.
    func nanoseconds(of readings: [SpeedReading]) -> [Double] {
      readings.map(nanoseconds).filter { $0 > 0 }
    }
  }

  private func monitor(_ kernel: Kernel) -> SpeedMonitor {
    switch kernel {
    case .arithmetic: arithmetic
    case .memory: memory
    }
  }

  private func isSteady(_ reading: SpeedReading, by kernels: [Kernel]) -> Bool {
    kernels.allSatisfy { kernel in
      // Memory was not read beside samples of earlier versions, and arithmetic tells of both.
      let known = kernel.nanoseconds(of: reading) > 0 ? kernel : .arithmetic
      return monitor(known).isSteady(known.nanoseconds(of: reading))
    }
  }

  /// Those whose word counts for what is bound by one thing. What a dispatch costs goes with arithmetic, whose clock
  /// is the command processor's too.
  private func judges(of bound: Bound?) -> [Kernel] {
    switch bound {
    case .compute, .launch: [.arithmetic]
    case .memory: [memory.readings.isEmpty ? .arithmetic : .memory]
    case nil: [.arithmetic, .memory].filter { !monitor($0).readings.isEmpty }
    }
  }
}
