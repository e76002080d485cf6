internal import Resources

extension LatencyTable {
  /// The races that its rows' schedules won.
  public var races: [Race] {
    rows.filter { !$0.race.isEmpty }.map { row in
      Race(
        workload: row.workload, effort: row.measurement?.schedule.tuning == .full ? .full : .quick,
        candidates: row.race)
    }
  }

  /// The races of those tables which the program carries that were made on devices akin to one; of several of a
  /// workload, any.
  public static func shippedRaces(akinTo device: DeviceDescription) -> [Race] {
    let tables = EmbeddedFiles.texts(in: "Reports/").sorted { $0.key < $1.key }
      .compactMap { try? LatencyTable(json: Array($0.value.utf8)) }
    let races = tables.filter { $0.device.isAkin(to: device) }.flatMap(\.races)
    return Array(Dictionary(races.map { ($0.workload, $0) }, uniquingKeysWith: { $1 }).values)
  }
}

extension DeviceDescription {
  /// Whether two devices are of one maker and run by the same driver, so that schedules which win on one are likely
  /// to win on the other.
  public func isAkin(to other: DeviceDescription) -> Bool {
    (type, vendorID, driver.id) == (other.type, other.vendorID, other.driver.id)
  }
}
