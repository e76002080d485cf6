public import Tables
internal import Workloads

/// Measures a plan's workloads on a back end, in rounds, and keeps everything in a store.
///
/// Prints nothing: what happens is reported as ``CampaignEvent`` values, and the outcome is a table,
/// which can also be asked for after an error. What a row needs from the store is there again after
/// any interruption, so the same plan carries on where it stopped.
public final class Campaign {
  /// Ends a campaign early; everything measured so far is stored.
  public enum Stop: Error {
    /// The store cannot be read or written.
    case store(StoreError)
    /// The device was lost and cannot be opened again, or cannot run even the reference kernel.
    case device(Failure)
  }

  public let plan: Plan
  let backend: any Backend
  let store: Store
  let scope: Store.Scope
  var session: Store.Session?
  let shouldStop: () -> Bool
  let report: (CampaignEvent) -> Void

  /// Time spent so far.
  public internal(set) var timeSpent = TimeSpent()
  var random: SplitMix64
  var speed: SpeedMonitor
  var reference: ReferenceKernel?
  var ceilings = Ceilings()
  /// Rows that are begun, and those finished by this campaign.
  var states: [Workload: RowState] = [:]
  /// Rows that are done, by this campaign or before.
  var results: [Workload: Row.Result] = [:]
  var warnings: [String] = []
  /// How often the device was lost while the reference kernel ran.
  var readingsLost = 0
  /// Why the device could not be warmed up, though it is there.
  var warmUpFailure: Failure?

  /// - Parameters:
  ///   - shouldStop: Asked between submissions; true ends the campaign after the current one.
  ///   - report: Called on the campaign's own thread.
  public init(
    plan: Plan, backend: any Backend, store: Store, shouldStop: @escaping () -> Bool = { false },
    report: @escaping (CampaignEvent) -> Void = { _ in }
  ) {
    self.plan = plan
    self.backend = backend
    self.store = store
    self.shouldStop = shouldStop
    self.report = report
    scope = Store.Scope(
      fingerprint: fingerprint(of: backend.device, compiler: backend.compiler),
      condition: plan.condition(clock: backend.clock))
    random = SplitMix64(state: plan.seed)
    speed = SpeedMonitor()
  }

  /// Measures until every row is done or ``shouldStop`` says so, and returns the table.
  public func run() throws(Stop) -> LatencyTable {
    try resume()
    if !pending.isEmpty, !shouldStop() {
      try warmUp()
      while !pending.isEmpty, !shouldStop() { try round() }
    }
    return table
  }

  /// Rows that are not done, in the plan's order.
  var pending: [Workload] { plan.workloads.filter { results[$0] == nil } }

  /// Takes over what earlier runs left in the store. Failed rows are tried again.
  private func resume() throws(Stop) {
    let stored = try stopping { () throws(StoreError) in
      try store.record(device: backend.device, fingerprint: scope.fingerprint)
      if plan.fresh { try store.erase(plan.workloads, in: scope) }
      session = try store.startSession(in: scope)
      speed = SpeedMonitor(readings: try store.readings(in: scope))
      ceilings = plan.fresh ? Ceilings() : try store.ceilings(in: scope) ?? Ceilings()
      return try store.stored(in: scope)
    }
    for workload in plan.workloads {
      guard let row = stored[workload] else { continue }
      resume(workload, row)
    }
    report(
      .resumed(
        done: results.count, begun: states.count - results.count, total: plan.workloads.count))
    note(standingWarnings)
  }

  /// Keeps a stored row if it is done by this plan's rule too, else carries on with its samples.
  private func resume(_ workload: Workload, _ row: Store.StoredRow) {
    guard !row.samples.isEmpty else { return }
    guard case .measured(var measurement) = row.result else {
      states[workload] = RowState(workload, samples: row.samples)
      return
    }
    let state = RowState(workload, samples: row.samples, measurement: measurement)
    states[workload] = state
    let verdict = judged(state).verdict
    guard verdict != .more else { return }
    if verdict == .budgetSpent { measurement.latency.stable = false }
    results[workload] = .measured(measurement)
  }

  /// One visit to each row that is not done, in random order. When all are done, those are visited
  /// again whose samples no longer count, the device having proved faster.
  private func round() throws(Stop) {
    for workload in pending.shuffled(using: &random) {
      if shouldStop() { return }
      try visit(workload)
    }
    guard pending.isEmpty else { return }
    let stale = states.values.filter { judged($0).verdict == .more }.map(\.workload)
    for workload in stale { results[workload] = nil }
    if !stale.isEmpty { report(.reopened(count: stale.count)) }
  }

  /// Makes a row's result final for now.
  func finish(_ workload: Workload, _ result: Row.Result) throws(Stop) {
    results[workload] = result
    try stopping { () throws(StoreError) in
      try store.finish(workload, result: result, in: scope)
    }
    report(.finished(Row(workload: workload, result: result), progress))
  }

  func judged(
    _ state: RowState
  ) -> (latency: Latency?, verdict: StoppingRule.Verdict) {
    state.judged(by: plan, speed: speed, submission: ceilings.submissionNanoseconds ?? 0)
  }

  /// Turns an error of the store into the end of the campaign.
  func stopping<Value>(_ body: () throws(StoreError) -> Value) throws(Stop) -> Value {
    do { return try body() } catch { throw .store(error) }
  }

  /// Adds warnings not given before.
  func note(_ new: [String]) {
    for warning in new where !warnings.contains(warning) {
      warnings.append(warning)
      report(.warning(warning))
    }
  }

  var progress: Progress {
    let left = pending.reduce(0.0) { sum, workload in
      sum + max(plan.rule.budgetSeconds - (states[workload]?.seconds ?? 0), 0)
    }
    let whole = plan.rule.budgetSeconds * Double(plan.workloads.count)
    return Progress(
      done: results.count, total: plan.workloads.count, share: 1 - left / whole,
      secondsLeft: left / max(timeSpent.submissionShare, 0.5))
  }
}

extension Plan {
  /// Everything of the method that changes figures: samples are shared within it only.
  func condition(clock: Method.Clock) -> String {
    "\(clock.rawValue) \(temperature.rawValue) ring \(ringSize)"
  }
}
