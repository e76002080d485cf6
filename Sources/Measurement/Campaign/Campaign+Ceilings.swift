internal import Tables
import Workloads

extension Campaign {
  private var meter: CeilingMeter {
    CeilingMeter(backend, seed: random.next()) { (chain, length) throws(Failure) in
      try self.timed(chain, length)
    }
  }

  /// Learns what a submission and an empty dispatch cost.
  func measureLaunch() throws(Failure) {
    var meter = meter
    let launch = try meter.launch(quantile: plan.quantile)
    ceilings.emptyDispatchNanoseconds = launch.emptyDispatchNanoseconds
    ceilings.submissionNanoseconds = launch.submissionNanoseconds
  }

  /// Learns the rates of arithmetic and of copying on a device at its clock, once: the store keeps them
  /// for later campaigns.
  func measureRates() throws(Failure) {
    guard ceilings.copyGigabytesPerSecond == nil || ceilings.fp32GigaflopsPerSecond == nil else {
      return
    }
    note(try meter.addRates(to: &ceilings))
  }

  /// Rows that are faster than the device should allow: their times are wrong, or a ceiling is.
  ///
  /// Winograd schedules need fewer multiply-accumulates than the workload has, so that only their
  /// share of memory and launches would be an error.
  func rowsAboveCeiling(_ rows: [Row]) -> [String] {
    let names = rows.filter { row in
      guard let it = row.measurement, let share = it.efficiency.ofCeiling else { return false }
      let allowed = it.latency.highNanoseconds / it.latency.undisturbedNanoseconds
      let needsFewer = it.efficiency.bound == .compute && it.schedule.name.hasPrefix("winograd")
      return share > allowed && !needsFewer
    }.map(\.workload.name)
    guard let first = names.first else { return [] }
    let others = names.count > 1 ? " and \(names.count - 1) others" : ""
    return [
      "\(first)\(others) took less time than the ceilings allow at best: do not trust them, or "
        + "measure the ceilings again on a quiet device (--fresh)."
    ]
  }
}
