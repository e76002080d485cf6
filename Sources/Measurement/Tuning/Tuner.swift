internal import Kernels
import Tables
import Workloads

/// Finds the schedules of rows: by rule, by name, or by races.
final class Tuner {
  private let plan: Plan
  private let ledger: Ledger
  private let device: DeviceUnderTest
  private let heats: Heats
  private let shouldStop: () -> Bool
  /// How races are run; `nil` for a plan without them.
  private let rule: RaceRule?
  /// How often finished rows were raced again.
  private var challenges = 0

  /// What a second race finds may help others once more.
  private static let mostChallenges = 2

  init(
    ledger: Ledger, device: DeviceUnderTest, heats: Heats, shouldStop: @escaping () -> Bool
  ) {
    plan = ledger.plan
    rule = RaceRule(ledger.plan)
    self.ledger = ledger
    self.device = device
    self.heats = heats
    self.shouldStop = shouldStop
  }

  private var backend: any Backend { device.backend }

  /// The schedule a row is measured with; `nil` if a race has to find it.
  func schedule(for workload: Workload) throws(Failure) -> Measurement.Schedule? {
    switch plan.schedules {
    case .named(let name): return Measurement.Schedule(name: name, tuning: .fixed)
    case .standard:
      let names = try backend.schedules(for: workload, effort: .quick)
      return names.first.map { Measurement.Schedule(name: $0, tuning: .off) }
    case .raced(let effort):
      if let race = ledger.races[workload], race.effort.satisfies(effort),
        let schedule = race.schedule
      {
        return schedule
      }
      let names = try backend.schedules(for: workload, effort: effort)
      guard names.count == 1, let name = names.first else { return nil }
      return Measurement.Schedule(name: name, tuning: Tuning(effort), candidates: 1)
    }
  }

  /// The schedule a row would be measured with, or the standard one where a race would find it.
  func likelySchedule(for workload: Workload) throws(Failure) -> String {
    if let known = try schedule(for: workload) { return known.name }
    if let standard = try backend.schedules(for: workload, effort: .quick).first { return standard }
    throw Failure(.unsupported, "there is no schedule for \(workload)")
  }

  /// Finds a row's schedule, by a race if need be. The row fails only if all candidates fail, with the reason
  /// of the standard one. Stopped in the middle of a race, nothing is kept.
  func tune(_ workload: Workload) throws(Campaign.Stop) {
    let known: Measurement.Schedule?
    do throws(Failure) {
      known = try schedule(for: workload)
    } catch {
      return try ledger.finish(workload, .failed(error))
    }
    if let known {
      ledger.take(known, for: workload)
    } else if let rule {
      try race(workload, by: rule)
    }
  }

  private func race(_ workload: Workload, by rule: RaceRule) throws(Campaign.Stop) {
    let start = device.stopwatch.timeSpent.totalSeconds
    defer { device.stopwatch.countRace(since: start) }
    let neighbours = neighbours(of: workload)
    var entrants: Entrants
    do throws(Failure) {
      entrants = try Entrants(
        workload, on: backend, rule: rule, neighbours: neighbours,
        most: rule.most(neighbours: neighbours)
      ) {
        ledger.attempts.isSuspect(workload, $0)
      }
    } catch {
      return try ledger.finish(workload, .failed(error))
    }
    var course = Course(workload: workload, rule: rule, contenders: entrants.contenders)
    try heats.run(&course, lookSeconds: rule.lookSeconds(neighbours: neighbours))
    if shouldStop() { return }
    if course.best == nil, let reserve = entrants.reserve {
      var last = Course(workload: workload, rule: rule, contenders: [reserve])
      try heats.run(&last, lookSeconds: .infinity)
      if shouldStop() { return }
      course.contenders += last.contenders
    }
    let race = Race(
      workload: workload, effort: Tuning(rule.effort),
      candidates: course.contenders.filter(\.hasRun).map(\.candidate))
    guard try keep(race) else { return }
    if let schedule = race.schedule { return ledger.take(schedule, for: workload) }
    let failed =
      race.candidates.first { $0.schedule == entrants.standard } ?? race.candidates.first
    let failure = failed?.failure ?? Failure(.driver, "no schedule could be run")
    try ledger.finish(workload, .failed(failure))
  }

  private func neighbours(of workload: Workload) -> Neighbours {
    Neighbours(
      of: workload, among: ledger.races, and: ledger.racesElsewhere, on: backend)
  }

  /// Keeps a race, and lets go of the losers' pipelines. False if it was interrupted.
  private func keep(_ race: Race) throws(Campaign.Stop) -> Bool {
    let reading = try device.readingAfter()
    if shouldStop() { return false }
    try ledger.record(race, reading: reading)
    backend.release(race.workload, except: race.winner?.schedule)
    return true
  }

  /// Puts the next best schedule in the place of a winner that failed when it was measured. False if
  /// there is none.
  func demote(
    _ schedule: Measurement.Schedule, of workload: Workload, _ failure: Failure
  ) throws(Campaign.Stop) -> Bool {
    guard case .raced = plan.schedules, var race = ledger.races[workload],
      let place = race.candidates.firstIndex(where: { $0.schedule == schedule.name })
    else { return false }
    race.candidates[place].failure = failure
    try ledger.record(race)
    backend.release(workload, except: race.winner?.schedule)
    if let next = race.schedule {
      ledger.take(next, for: workload)
      return true
    }
    // A race of few candidates need not have had the standard one, which runs where others fail.
    guard let standard = try? backend.schedules(for: workload, effort: .quick).first,
      !race.candidates.contains(where: { $0.schedule == standard })
    else { return false }
    race.candidates.append(Race.Candidate(schedule: standard))
    try ledger.record(race)
    ledger.take(
      Measurement.Schedule(
        name: standard, tuning: race.effort, candidates: race.candidates.count), for: workload)
    return true
  }
}

/// Second races, once all rows are done. Which candidates a quick race looks at depends on what is known by
/// then: the races of similar rows that come later may find better ones.
extension Tuner {
  /// Lets the winner of each row's race meet what did better for similar rows and was never tried for this
  /// one. A row that has another winner then is no longer done.
  func challenge() throws(Campaign.Stop) {
    guard challenges < Self.mostChallenges else { return }
    challenges += 1
    guard let rule, rule.effort == .quick else { return }
    var changed = 0
    for workload in plan.workloads {
      guard case .measured(var measurement) = ledger.results[workload],
        let race = ledger.races[workload],
        race.effort == .quick, race.winner?.schedule == measurement.schedule.name,
        let again = try repeated(race, by: rule), let schedule = again.schedule,
        try keep(again)
      else { continue }
      if schedule.name == measurement.schedule.name {
        measurement.schedule = schedule
        try ledger.record(workload, .measured(measurement))
      } else {
        ledger.reopen(workload)
        ledger.take(schedule, for: workload)
        changed += 1
      }
    }
    if changed > 0 { ledger.report(.rescheduled(count: changed)) }
  }

  /// The race with the rounds that its winner and its challengers then run; `nil` if there are none, or if
  /// they are stopped.
  private func repeated(_ race: Race, by rule: RaceRule) throws(Campaign.Stop) -> Race? {
    guard !shouldStop(), let winner = race.winner?.schedule else { return nil }
    let start = device.stopwatch.timeSpent.totalSeconds
    let challengers = challengers(of: winner, in: race)
    guard !challengers.isEmpty else { return nil }
    defer { device.stopwatch.countRace(since: start) }
    var course = Course(
      workload: race.workload, rule: rule,
      contenders: ([winner] + challengers).map { Contender($0) })
    try heats.run(&course, lookSeconds: .infinity)
    if shouldStop() { return nil }
    var race = race
    let before = race.candidates.map(\.rounds).max() ?? 0
    for contender in course.contenders where contender.hasRun {
      var candidate = contender.candidate
      candidate.rounds += before
      race.candidates.removeAll { $0.schedule == candidate.schedule }
      race.candidates.append(candidate)
    }
    return race
  }

  /// Schedules that are ahead of the winner in the races of similar rows; to the driver, none is the same as
  /// one that was tried.
  private func challengers(of winner: String, in race: Race) -> [String] {
    let workload = race.workload
    let tried = Set(race.candidates.map(\.schedule))
    let neighbours = neighbours(of: workload)
    let listed = (try? backend.schedules(for: workload, effort: .quick)) ?? []
    let ahead = neighbours.order(of: listed).prefix { $0 != winner }
      .filter(neighbours.know).prefix(RaceRule.finalists)
      .filter { !tried.contains($0) && !ledger.attempts.isSuspect(workload, $0) }
    guard !ahead.isEmpty else { return [] }
    var identities = Set(tried.compactMap { try? backend.identity(of: workload, schedule: $0) })
    return ahead.filter { name in
      // A neighbour's schedule may well not fit.
      guard let identity = try? backend.identity(of: workload, schedule: name) else { return false }
      return identities.insert(identity).inserted
    }
  }
}

extension Race {
  /// The winner, for the row to be measured by.
  fileprivate var schedule: Measurement.Schedule? {
    winner.map {
      Measurement.Schedule(name: $0.schedule, tuning: effort, candidates: candidates.count)
    }
  }
}

extension Tuning {
  /// The tuning a race of an effort is.
  fileprivate init(_ effort: Schedule.Effort) {
    switch effort {
    case .quick: self = .quick
    case .full: self = .full
    }
  }

  /// Whether a race of this effort makes another of `effort` needless.
  fileprivate func satisfies(_ effort: Schedule.Effort) -> Bool {
    self == .full || self == Tuning(effort)
  }
}
