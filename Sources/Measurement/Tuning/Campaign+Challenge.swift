internal import Kernels
import Tables
import Workloads

/// Second races, once all rows are done. Which candidates a quick race looks at depends on what is known by
/// then: the races of similar rows that come later may find better ones.
extension Campaign {
  /// Lets the winner of each row's race meet what did better for similar rows and was never tried for this
  /// one. A row that has another winner then is no longer done.
  func challenge() throws(Stop) {
    guard let rule = raceRule, rule.effort == .quick else { return }
    var changed = 0
    for workload in plan.workloads {
      guard case .measured(var measurement) = results[workload], let race = races[workload],
        race.effort == .quick, race.winner?.schedule == measurement.schedule.name,
        let again = try repeated(race, by: rule), let schedule = again.schedule,
        try keep(again)
      else { continue }
      if schedule.name == measurement.schedule.name {
        schedules[workload] = schedule
        measurement.schedule = schedule
        try record(workload, .measured(measurement))
      } else {
        results[workload] = nil
        take(schedule, for: workload)
        changed += 1
      }
    }
    if changed > 0 { report(.rescheduled(count: changed)) }
  }

  /// The race with the rounds that its winner and its challengers then run; `nil` if there are none, or if
  /// they are stopped.
  private func repeated(_ race: Race, by rule: RaceRule) throws(Stop) -> Race? {
    guard !shouldStop(), let winner = race.winner?.schedule else { return nil }
    let challengers = challengers(of: winner, in: race)
    guard !challengers.isEmpty else { return nil }
    var course = Course(
      workload: race.workload, rule: rule,
      contenders: ([winner] + challengers).map { Contender($0) })
    try run(&course, lookSeconds: .infinity)
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
    let neighbours = Neighbours(of: workload, among: races.values) {
      backend.adapted($0, to: workload)
    }
    let tried = Set(race.candidates.map(\.schedule))
    let ahead = neighbours.promising.prefix { $0 != winner }.prefix(RaceRule.finalists)
      .filter { !tried.contains($0) && !isSuspect(workload, $0) }
    guard !ahead.isEmpty else { return [] }
    var identities = Set(tried.compactMap { try? backend.identity(of: workload, schedule: $0) })
    return ahead.filter { name in
      // A neighbour's schedule may well not fit.
      guard let identity = try? backend.identity(of: workload, schedule: name) else { return false }
      return identities.insert(identity).inserted
    }
  }
}
