public import Networks
public import Tables
public import Workloads

/// The schedule of each workload, by what is known: those of a table first, so that what runs is what was
/// measured, then winners of races.
public struct ScheduleBook: Sendable {
  public private(set) var names: [Workload: String] = [:]

  /// - Parameters:
  ///   - table: Measured on this very device.
  ///   - races: Of this device's store.
  public init(table: LatencyTable?, races: [Race]) {
    for row in table?.rows ?? [] {
      if let measurement = row.measurement { names[row.workload] = measurement.schedule.name }
    }
    add(races)
  }

  /// Adds the winners of races for what has no schedule yet.
  public mutating func add(_ races: [Race]) {
    for race in races where names[race.workload] == nil {
      names[race.workload] = race.winner?.schedule
    }
  }

  /// Workloads of networks without a schedule, each once.
  public func missing(for networks: [LoweredNetwork]) -> [Workload] {
    var seen: Set<Workload> = []
    return networks.flatMap(\.steps).map(\.workload)
      .filter { names[$0] == nil && seen.insert($0).inserted }
  }
}
