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
  }

  /// Ends a row's turn early.
  enum Interruption: Error {
    case failure(Failure)
    case stop(Stop)
  }

  public let plan: Plan
  private let ledger: Ledger
  private let device: DeviceUnderTest
  private let tuner: Tuner
  private let visits: Visits
  private let draws: Draws
  private let shouldStop: () -> Bool
  /// How often finished rows were measured again.
  private var reopenings: [Workload: Int] = [:]

  /// - Parameters:
  ///   - racesElsewhere: Races of devices akin to this one, such as shipped tables have: they say which schedules
  ///     to look at first. Asked before the first race.
  ///   - shouldStop: Asked between submissions; true ends the campaign after the current one.
  ///   - report: Called on the campaign's own thread.
  public init(
    plan: Plan, backend: any Backend, store: Store, racesElsewhere: @escaping () -> [Race] = { [] },
    shouldStop: @escaping () -> Bool = { false },
    report: @escaping (CampaignEvent) -> Void = { _ in }
  ) {
    self.plan = plan
    self.shouldStop = shouldStop
    draws = Draws(seed: plan.seed)
    backend.reportCompiling { report(.compiling(seconds: $0)) }
    let stopwatch = Stopwatch(backend, shouldStop: shouldStop)
    ledger = Ledger(
      plan, on: backend, in: store, stopwatch: stopwatch, racesElsewhere: racesElsewhere,
      report: report)
    device = DeviceUnderTest(
      backend, stopwatch: stopwatch, ledger: ledger, draws: draws, shouldStop: shouldStop)
    let heats = Heats(ledger: ledger, device: device, draws: draws, shouldStop: shouldStop)
    tuner = Tuner(ledger: ledger, device: device, heats: heats, shouldStop: shouldStop)
    let sampler = Sampler(plan: plan, device: device, draws: draws, shouldStop: shouldStop)
    visits = Visits(
      ledger: ledger, device: device, tuner: tuner, sampler: sampler, shouldStop: shouldStop)
  }

  /// Time spent so far.
  public var timeSpent: TimeSpent { device.stopwatch.timeSpent }

  /// The table of all rows that are done; not ``LatencyTable/complete`` while some are not.
  public var table: LatencyTable { ledger.table }

  /// Measures until every row is done or ``shouldStop`` says so, and returns the table.
  public func run() throws(Stop) -> LatencyTable {
    try resume()
    if !ledger.pending.isEmpty, !shouldStop() {
      try device.warmUp()
      try device.listen()
      while !ledger.pending.isEmpty, !shouldStop() {
        try round()
        if ledger.pending.isEmpty { try tuner.challenge() }
        // Last, since races read the device's speed too.
        if ledger.pending.isEmpty { try reopenStaleRows() }
        if ledger.pending.isEmpty { try prolongScatteredRows() }
      }
      try device.raiseCeilings()
    }
    return table
  }

  /// Takes over what earlier runs left in the store. Failed rows are tried again.
  private func resume() throws(Stop) {
    try ledger.resume()
    for workload in plan.workloads {
      // What has no schedule at all fails when its turn comes.
      if let schedule = try? tuner.schedule(for: workload) { ledger.take(schedule, for: workload) }
    }
    ledger.report(
      .resumed(
        done: ledger.results.count,
        begun: ledger.states.keys.count { ledger.results[$0] == nil }, total: plan.workloads.count))
    ledger.note(
      device.backend.standingWarnings + ledger.attempts.suspicions(of: plan.workloads))
  }

  /// Rows on their way at a time: many enough that each is spread over minutes, few enough that a campaign
  /// that is stopped has finished most of what it began.
  private static let rowsAtATime = 48

  /// Races in a round: few, so that rows get done while others still race, and a campaign that is stopped
  /// has some.
  private static let racesAtATime = 2

  /// Rows that are done one after another, each raced and measured at once, so that the first figures are there
  /// within seconds. Their samples are of one moment: where that was a bad one, they get more in the end.
  private static let firstRows = 2
  /// Rows of a plan below which all are done soon, and none goes first.
  private static let fewRows = 12

  /// One step of each row on its way, in random order; rows in which a process ended wait until the others
  /// are done.
  private func round() throws(Stop) {
    let left = ledger.pending
    let safe = left.filter { !ledger.attempts.isSuspect($0) }
    let batch = (safe.isEmpty ? left : safe).prefix(Self.rowsAtATime)
    if let leader = leader(among: safe) {
      device.observe()
      if !shouldStop() { try step(leader) }
      return
    }
    var races = 0
    for workload in draws.shuffled(batch) {
      if ledger.schedules[workload] == nil {
        guard races < Self.racesAtATime else { continue }
        races += 1
      }
      device.observe()
      if shouldStop() { return }
      try step(workload)
    }
  }

  /// The row that goes before all others while few are done: the one with the least work that has not spent its
  /// budget. `nil` if all go together.
  private func leader(among pending: [Workload]) -> Workload? {
    guard plan.workloads.count > Self.fewRows else { return nil }
    func isOverdue(_ workload: Workload) -> Bool {
      ledger.states[workload]?.seconds ?? 0 >= plan.rule.budgetSeconds
    }
    let overdue = pending.count(where: isOverdue)
    guard ledger.results.count + overdue < Self.firstRows else { return nil }
    return pending.filter { !isOverdue($0) }.min {
      ($0.macs, $0.outputShape.count) < ($1.macs, $1.outputShape.count)
    }
  }

  /// A visit to a row, or its race if its schedule is not known.
  private func step(_ workload: Workload) throws(Stop) {
    if let failure = device.warmUpFailure {
      try visits.examine(workload, after: failure)
    } else if let schedule = ledger.schedules[workload] {
      try visits.visit(workload, by: schedule)
    } else {
      try tuner.tune(workload)
    }
  }

  /// Finished rows are measured again this often at most, so that a campaign ends on a device that never
  /// keeps its speed.
  private static let mostReopenings = 3

  /// Measures those rows again whose samples no longer count, the device having proved faster. What was
  /// measured again often enough stays as it is, and is not called stable.
  private func reopenStaleRows() throws(Stop) {
    guard device.warmUpFailure == nil, !shouldStop() else { return }
    var reopened = 0
    for workload in plan.workloads {
      guard case .measured(var measurement) = ledger.results[workload],
        let state = ledger.states[workload]
      else { continue }
      let judgement = ledger.judgement(of: state)
      guard !judgement.verdict.givesFigure else { continue }
      if reopenings[workload, default: 0] < Self.mostReopenings {
        reopenings[workload, default: 0] += 1
        ledger.reopen(workload)
        reopened += 1
      } else {
        if let latency = judgement.latency { measurement.latency = latency }
        measurement.latency.stable = false
        if plan.rule.isTooWide(measurement.latency.relativeHalfWidth) {
          try ledger.finish(workload, .failed(measurement.latency.tooNoisy))
        } else {
          try ledger.record(workload, .measured(measurement))
        }
      }
    }
    if reopened > 0 { ledger.report(.reopened(count: reopened)) }
  }

  /// Gives the time that rows left which were stable early to those whose samples scatter, a visit at a time, the
  /// widest interval first, and no row more than its patience. A row keeps its figure until it has a better one.
  private func prolongScatteredRows() throws(Stop) {
    guard plan.wantsFigures, device.warmUpFailure == nil else { return }
    let most = plan.rule.patience * plan.rule.budgetSeconds
    var left =
      plan.samplingSeconds
      - plan.workloads.reduce(0) { $0 + (ledger.states[$1]?.seconds ?? 0) }
    guard left >= plan.visitSeconds else { return }
    // Rows that failed when they were measured on.
    var spoilt: Set<Workload> = []
    var isFirst = true
    while left >= plan.visitSeconds, !shouldStop() {
      let scattered = plan.workloads.compactMap { workload in
        halfWidthOfScattered(workload).map { (workload: workload, halfWidth: $0) }
      }.filter {
        !spoilt.contains($0.workload) && ledger.states[$0.workload]?.seconds ?? most < most
      }
      if scattered.isEmpty { return }
      if isFirst { ledger.report(.prolonged(count: scattered.count)) }
      isFirst = false
      // In turns, so that visits to a row lie apart.
      for (workload, _) in scattered.sorted(by: { $0.halfWidth > $1.halfWidth })
        .prefix(Self.rowsAtATime)
      where left >= plan.visitSeconds && !shouldStop() {
        let before = ledger.states[workload]?.seconds ?? 0
        if try !visits.prolong(workload) { spoilt.insert(workload) }
        left -= max((ledger.states[workload]?.seconds ?? 0) - before, plan.visitSeconds / 2)
      }
    }
  }

  /// The half width of a done row whose samples, at the campaign's speed, scatter more than asked for; `nil` for
  /// others.
  private func halfWidthOfScattered(_ workload: Workload) -> Double? {
    guard case .measured(let measurement) = ledger.results[workload],
      !measurement.latency.stable, let state = ledger.states[workload],
      ledger.counted(state).atSpeed
    else { return nil }
    return measurement.latency.relativeHalfWidth
  }
}
