internal import Store
import Tables
import Workloads

/// What a campaign knows of its rows, in memory as in the store: schedules, races, samples and results.
final class Ledger {
  let plan: Plan
  let backend: any Backend
  let stopwatch: Stopwatch
  let scope: Store.Scope
  let attempts: Attempts
  let report: (CampaignEvent) -> Void

  private(set) var ceilings = Ceilings()
  private(set) var telemetry: Telemetry?
  private(set) var warnings: [String] = []
  /// The schedules that are known; a row without one has still to be raced.
  private(set) var schedules: [Workload: Measurement.Schedule] = [:]
  /// The best race of each workload, of other plans too: neighbours start from their winners.
  private(set) var races: [Workload: Race] = [:]
  /// The times of winners in races of this campaign.
  private var sightings: [Workload: Sighting] = [:]
  /// Races of devices akin to this one, read when the first race asks.
  private(set) lazy var racesElsewhere = readRacesElsewhere()
  private let readRacesElsewhere: () -> [Race]
  /// Rows that are begun, and those finished by this campaign.
  private(set) var states: [Workload: RowState] = [:]
  /// Rows that are done, by this campaign or before.
  private(set) var results: [Workload: Row.Result] = [:]

  private let store: Store
  private var session: Store.Session?
  /// What earlier runs left in the store, for schedules that are chosen later.
  private var stored: [Workload: [String: Store.StoredRow]] = [:]

  init(
    _ plan: Plan, on backend: any Backend, in store: Store, stopwatch: Stopwatch,
    racesElsewhere: @escaping () -> [Race], report: @escaping (CampaignEvent) -> Void
  ) {
    self.plan = plan
    self.backend = backend
    self.store = store
    self.stopwatch = stopwatch
    readRacesElsewhere = racesElsewhere
    self.report = report
    scope = backend.scope(at: plan.temperature)
    attempts = Attempts(store)
  }

  /// Takes over what earlier runs left in the store, but for results: those go by the schedules that
  /// ``take(_:for:)`` is told.
  func resume() throws(Campaign.Stop) {
    try stopping { () throws(StoreError) in
      try store.record(device: backend.device, fingerprint: scope.fingerprint)
      if plan.start != .resumed {
        try store.erase(plan.workloads, in: scope, races: plan.start == .fresh)
      }
      let session = try store.startSession(in: scope)
      self.session = session
      stopwatch.recall(try store.readings(in: scope))
      take(plan.start == .fresh ? Ceilings() : try store.ceilings(in: scope) ?? Ceilings())
      stored = try store.stored(in: scope)
      for race in try store.races(in: scope) { remember(race) }
      try attempts.resume(in: session)
    }
  }

  /// Takes a reading of clocks and heat.
  func take(_ reading: Telemetry.Reading) {
    if telemetry == nil { telemetry = Telemetry(reading) } else { telemetry?.add(reading) }
  }

  /// Turns an error of the store into the end of the campaign.
  private func stopping(_ body: () throws(StoreError) -> Void) throws(Campaign.Stop) {
    do { try body() } catch { throw .store(error) }
  }
}

/// Rows.
extension Ledger {
  /// Rows that are not done, in the plan's order.
  var pending: [Workload] { plan.workloads.filter { results[$0] == nil } }

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
    let verdict = judgement(of: state).verdict
    guard verdict.givesFigure else { return }
    if verdict == .budgetSpent { measurement.latency.stable = false }
    results[workload] = .measured(measurement)
  }

  /// Keeps a row's state after a visit, and the samples that are new.
  ///
  /// - Parameter reading: Of the reference kernels after the visit.
  func add(
    _ samples: [Sample], to state: RowState, by schedule: Measurement.Schedule,
    reading: SpeedReading?
  ) throws(Campaign.Stop) {
    states[state.workload] = state
    guard let session else { return }
    try stopping { () throws(StoreError) in
      try store.append(
        samples, to: state.workload, schedule: schedule.name,
        readings: reading.map { [$0] } ?? [], session: session)
    }
  }

  /// Forgets a row's samples.
  func discard(_ workload: Workload) {
    states[workload] = nil
  }

  /// Makes a row's result final for now.
  func finish(_ workload: Workload, _ result: Row.Result) throws(Campaign.Stop) {
    try record(workload, result)
    report(.finished(row(workload, result), progress))
  }

  /// Keeps a row's result, and the schedule it was measured by, without a word.
  func record(_ workload: Workload, _ result: Row.Result) throws(Campaign.Stop) {
    results[workload] = result
    if case .measured(let measurement) = result { schedules[workload] = measurement.schedule }
    try stopping { () throws(StoreError) in
      try store.finish(
        workload, schedule: schedules[workload]?.name ?? "", result: result, in: scope)
    }
  }

  /// Makes a row one that is not done.
  func reopen(_ workload: Workload) {
    results[workload] = nil
  }

  /// What a row's samples say by now.
  func judgement(of state: RowState) -> Judgement {
    Judgement(
      of: state, by: plan, speed: stopwatch.speed, boundBy: bound(of: state.workload),
      sighting: schedules[state.workload].flatMap { schedule in
        sightings[state.workload].flatMap { $0.schedule == schedule.name ? $0 : nil }
      },
      submission: stopwatch.submissionNanoseconds)
  }

  /// The samples of a row that count, and whether they were taken at the campaign's speed.
  func counted(_ state: RowState) -> (elements: [Sample], atSpeed: Bool) {
    stopwatch.speed.counted(state.samples, \.self, boundBy: bound(of: state.workload))
  }

  /// The thing that keeps a workload from being faster, by the ceilings; `nil` where they are not known.
  func bound(of workload: Workload) -> Bound? {
    ceilings.roof(
      of: workload, ringSize: plan.ringSize, channelBlock: backend.traits.channelBlock)?.bound
  }

  var progress: Progress {
    var (left, whole) = (0.0, plan.rule.budgetSeconds * Double(plan.workloads.count))
    for workload in pending {
      let seconds = states[workload]?.seconds ?? 0
      // A row that is beyond its budget is a noisy one, which may take all its patience.
      let budgets = seconds < plan.rule.budgetSeconds ? 1 : plan.rule.patience
      left += max(budgets * plan.rule.budgetSeconds - seconds, 0)
    }
    var races = 0.0
    if let rule = RaceRule(plan) {
      let each = stopwatch.timeSpent.secondsOfRace(usually: rule.seconds)
      races = each * Double(pending.count { schedules[$0] == nil })
      whole += each * Double(plan.workloads.count)
    }
    return Progress(
      done: results.count, total: plan.workloads.count, share: max(0, 1 - (left + races) / whole),
      secondsLeft: left / max(stopwatch.timeSpent.submissionShare, 0.5) + races)
  }
}

extension [Workload: Race] {
  /// Keeps a race unless a full one is known and it is none.
  mutating func keep(_ race: Race) {
    if self[race.workload]?.effort == .full, race.effort != .full { return }
    self[race.workload] = race
  }
}

/// What holds for all rows.
extension Ledger {
  /// Keeps ceilings for this campaign.
  func take(_ ceilings: Ceilings) {
    self.ceilings = ceilings
    stopwatch.submissionNanoseconds = ceilings.submissionNanoseconds ?? 0
  }

  /// Keeps the ceilings for later campaigns too.
  func storeCeilings() throws(Campaign.Stop) {
    try stopping { () throws(StoreError) in try store.record(ceilings, in: scope) }
  }

  /// Keeps a race.
  ///
  /// - Parameter reading: Of the reference kernels after the race.
  func record(_ race: Race, reading: SpeedReading? = nil) throws(Campaign.Stop) {
    remember(race)
    if reading != nil, let winner = race.winner, let nanoseconds = winner.nanoseconds {
      sightings[race.workload] = Sighting(
        schedule: winner.schedule, nanoseconds: nanoseconds, speed: stopwatch.speed.level)
    }
    guard let session else { return }
    try stopping { () throws(StoreError) in
      try store.record(race, readings: reading.map { [$0] } ?? [], session: session)
    }
  }

  /// Keeps a race unless a better one is known.
  private func remember(_ race: Race) {
    races.keep(race)
  }

  /// Adds warnings not given before.
  func note(_ new: [String]) {
    for warning in new where !warnings.contains(warning) {
      warnings.append(warning)
      report(.warning(warning))
    }
  }
}
