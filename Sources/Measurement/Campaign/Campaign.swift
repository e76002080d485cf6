internal import Statistics
public import Store
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
    /// Two processes ended in the middle of this schedule's first run; ``Plan/skipCrashed`` goes on
    /// without it.
    case crashed(Store.Attempt)
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
  var stopwatch: Stopwatch
  var random: SplitMix64
  var speed: SpeedMonitor
  var reference: ReferenceKernel?
  var ceilings = Ceilings()
  /// Whether this campaign has measured what a submission and an empty dispatch cost.
  var knowsLaunch = false
  /// The schedules that are known; a row without one has still to be raced.
  var schedules: [Workload: Measurement.Schedule] = [:]
  /// The best race of each workload, of other plans too: neighbours start from their winners.
  var races: [Workload: Race] = [:]
  /// What earlier runs left in the store, for schedules that are chosen later.
  var stored: [Workload: [String: Store.StoredRow]] = [:]
  /// Schedules in whose first run a process ended.
  var attempts: [Store.Attempt] = []
  /// The schedule that is being run for the first time.
  var attempt: (workload: Workload, schedule: String)?
  /// Rows that are begun, and those finished by this campaign.
  var states: [Workload: RowState] = [:]
  /// Rows that are done, by this campaign or before.
  var results: [Workload: Row.Result] = [:]
  var warnings: [String] = []
  /// Failures of rows that are tried again.
  var setbacks: [Workload: Setbacks] = [:]
  /// How often finished rows were measured again.
  private var reopenings: [Workload: Int] = [:]
  /// How often finished rows were raced again.
  private var challenges = 0
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
    scope = backend.scope(at: plan.temperature)
    random = SplitMix64(state: plan.seed)
    speed = SpeedMonitor()
    stopwatch = Stopwatch(.standard(for: backend.device.type))
  }

  /// Measures until every row is done or ``shouldStop`` says so, and returns the table.
  public func run() throws(Stop) -> LatencyTable {
    try resume()
    if !pending.isEmpty, !shouldStop() {
      try warmUp()
      while !pending.isEmpty, !shouldStop() { try round() }
      try raiseCeilings()
    }
    return table
  }

  /// Rows that are not done, in the plan's order.
  var pending: [Workload] { plan.workloads.filter { results[$0] == nil } }

  /// Takes over what earlier runs left in the store. Failed rows are tried again.
  private func resume() throws(Stop) {
    try stopping { () throws(StoreError) in
      try store.record(device: backend.device, fingerprint: scope.fingerprint)
      if plan.start != .resumed {
        try store.erase(plan.workloads, in: scope, races: plan.start == .fresh)
      }
      session = try store.startSession(in: scope)
      speed = SpeedMonitor(readings: try store.readings(in: scope))
      ceilings = plan.start == .fresh ? Ceilings() : try store.ceilings(in: scope) ?? Ceilings()
      stored = try store.stored(in: scope)
      for race in try store.races(in: scope) { remember(race) }
      if plan.skipCrashed { try store.giveUpAttempts(fingerprint: scope.fingerprint) }
      attempts = try store.attempts(fingerprint: scope.fingerprint)
    }
    for workload in plan.workloads {
      // What has no schedule at all fails when its turn comes.
      if let schedule = try? schedule(for: workload) { take(schedule, for: workload) }
    }
    report(
      .resumed(
        done: results.count, begun: states.values.count { results[$0.workload] == nil },
        total: plan.workloads.count))
    note(standingWarnings + suspicions)
  }

  /// Measures a row by a schedule from now on: keeps what is stored of it if that is enough by this
  /// plan's rule too, else carries on with its samples.
  func take(_ schedule: Measurement.Schedule, for workload: Workload) {
    schedules[workload] = schedule
    states[workload] = nil
    guard let row = stored[workload]?[schedule.name], !row.samples.isEmpty else { return }
    guard case .measured(var measurement) = row.result else {
      states[workload] = RowState(workload, samples: row.samples)
      return
    }
    measurement.schedule = schedule
    let state = RowState(workload, samples: row.samples, measurement: measurement)
    states[workload] = state
    let verdict = judged(state).verdict
    guard verdict != .more else { return }
    if verdict == .budgetSpent { measurement.latency.stable = false }
    results[workload] = .measured(measurement)
  }

  /// Rows on their way at a time: many enough that each is spread over minutes, few enough that a campaign
  /// that is stopped has finished most of what it began.
  private static let rowsAtATime = 48

  /// One step of each row on its way, in random order; rows in which a process ended wait until the others
  /// are done. When all are done, those are visited again whose samples no longer count, the device having
  /// proved faster, and those for which a better schedule is found.
  private func round() throws(Stop) {
    let left = pending
    let safe = left.filter { !isSuspect($0) }
    let batch = (safe.isEmpty ? left : safe).prefix(Self.rowsAtATime)
    for workload in batch.shuffled(using: &random) {
      if shouldStop() { return }
      try step(workload)
    }
    guard pending.isEmpty else { return }
    if challenges < Self.mostChallenges {
      challenges += 1
      try challenge()
    }
    // Last, since races read the device's speed too.
    if pending.isEmpty { try reopenStaleRows() }
  }

  /// Finished rows are measured again this often at most, so that a campaign ends on a device that never
  /// keeps its speed.
  private static let mostReopenings = 3

  /// Measures those rows again whose samples no longer count, the device having proved faster. What was
  /// measured again often enough stays as it is, and is not called stable.
  private func reopenStaleRows() throws(Stop) {
    guard warmUpFailure == nil, !shouldStop() else { return }
    var reopened = 0
    for workload in plan.workloads {
      guard case .measured(var measurement) = results[workload], let state = states[workload]
      else { continue }
      let (latency, verdict) = judged(state)
      guard verdict == .more else { continue }
      if reopenings[workload, default: 0] < Self.mostReopenings {
        reopenings[workload, default: 0] += 1
        results[workload] = nil
        reopened += 1
      } else {
        if let latency { measurement.latency = latency }
        measurement.latency.stable = false
        try record(workload, .measured(measurement))
      }
    }
    if reopened > 0 { report(.reopened(count: reopened)) }
  }

  /// What a second race finds may help others once more.
  private static let mostChallenges = 2

  /// Makes a row's result final for now.
  func finish(_ workload: Workload, _ result: Row.Result) throws(Stop) {
    try record(workload, result)
    report(.finished(row(workload, result), progress))
  }

  /// Keeps a row's result, without a word.
  func record(_ workload: Workload, _ result: Row.Result) throws(Stop) {
    results[workload] = result
    try stopping { () throws(StoreError) in
      try store.finish(
        workload, schedule: schedules[workload]?.name ?? "", result: result, in: scope)
    }
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
    var (left, whole) = (0.0, plan.rule.budgetSeconds * Double(plan.workloads.count))
    for workload in pending {
      left += max(plan.rule.budgetSeconds - (states[workload]?.seconds ?? 0), 0)
    }
    if let rule = raceRule {
      left += rule.seconds * Double(pending.count { schedules[$0] == nil })
      whole += rule.seconds * Double(plan.workloads.count)
    }
    return Progress(
      done: results.count, total: plan.workloads.count, share: 1 - left / whole,
      secondsLeft: left / max(timeSpent.submissionShare, 0.5))
  }
}
