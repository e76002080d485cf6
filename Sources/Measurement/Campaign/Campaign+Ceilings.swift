internal import Statistics
internal import Store
internal import Tables
import Workloads

extension Campaign {
  private var meter: CeilingMeter {
    CeilingMeter(backend, seed: random.next()) { (chain, length) throws(Failure) in
      if self.shouldStop() { throw Failure(.timedOut, "it was interrupted") }
      return try self.timed(chain, length)
    }
  }

  /// Learns what a submission and an empty dispatch cost, once a campaign.
  func measureLaunch() throws(Failure) {
    guard !knowsLaunch else { return }
    var meter = meter
    let launch = try meter.launch(quantile: plan.quantile)
    ceilings.emptyDispatchNanoseconds = launch.emptyDispatchNanoseconds
    ceilings.submissionNanoseconds = launch.submissionNanoseconds
    knowsLaunch = true
  }

  /// Learns the rates of arithmetic and of copying on a device at its clock, once: the store keeps them
  /// for later campaigns.
  func measureRates() throws(Failure) {
    guard ceilings.copyGigabytesPerSecond == nil || ceilings.fp32GigaflopsPerSecond == nil else {
      return
    }
    var measured = ceilings
    let notes = try meter.addRates(to: &measured)
    // Rates that were interrupted are of small buffers alone, or lower than they are.
    if shouldStop() { return }
    ceilings = measured
    note(notes)
  }

  /// Where rows came out above their ceilings, measures those again and keeps the better figures: a busy
  /// moment makes a ceiling look low, never high.
  func raiseCeilings() throws(Stop) {
    guard reference != nil, !rowsAboveCeiling(rows).isEmpty, !shouldStop() else { return }
    var again = Ceilings()
    let notes: [String]
    do throws(Failure) {
      notes = try meter.addRates(to: &again)
    } catch {
      // The rows are measured; the warning stays.
      return
    }
    if shouldStop() { return }
    note(notes)
    ceilings = ceilings.raised(by: again)
    try stopping { () throws(StoreError) in try store.record(ceilings, in: scope) }
  }

  /// A result with its efficiency by the ceilings as they are known now.
  func ranked(_ workload: Workload, _ result: Row.Result) -> Row.Result {
    guard case .measured(var measurement) = result else { return result }
    measurement.efficiency = efficiency(of: workload, measurement.latency)
    return .measured(measurement)
  }

  /// What a row reaches, by the ceilings as they are known now.
  func efficiency(of workload: Workload, _ latency: Latency) -> Measurement.Efficiency {
    Measurement.Efficiency(
      workload: workload, nanoseconds: latency.undisturbedNanoseconds, ceilings: ceilings,
      ringSize: plan.ringSize,
      channelBlock: Method.channelBlock(ofLayout: backend.activationLayout))
  }

  /// Rows that are faster than the device should allow: their times are wrong, or a ceiling is.
  ///
  /// Winograd schedules need fewer multiply-accumulates than the workload has, and what reads more than
  /// it writes may move more bytes than copying does: those are no errors.
  func rowsAboveCeiling(_ rows: [Row]) -> [String] {
    let names = rows.filter { row in
      guard let it = row.measurement, let share = it.efficiency.ofCeiling else { return false }
      let allowed = it.latency.highNanoseconds / it.latency.undisturbedNanoseconds
      let isFree =
        switch it.efficiency.bound {
        case .compute: it.schedule.name.hasPrefix("winograd")
        case .memory: row.workload.readsMoreThanItWrites
        case .launch, nil: false
        }
      return share > allowed && !isFree
    }.map(\.workload.name)
    guard let first = names.first else { return [] }
    let others = names.count > 1 ? " (and \(names.count - 1) more)" : ""
    return [
      "\(first)\(others) took less time than the ceilings allow at best: do not trust them, or "
        + "measure the ceilings again on a quiet device (--fresh)."
    ]
  }
}

extension Workload {
  /// Whether its inputs have more elements than its output.
  fileprivate var readsMoreThanItWrites: Bool {
    activations.reduce(0) { $0 + ($1.operand == .output ? -1 : 1) * $1.shape.count } > 0
  }
}
