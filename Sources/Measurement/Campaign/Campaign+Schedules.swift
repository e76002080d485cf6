internal import Kernels
internal import Store
import Tables
import Workloads

extension Campaign {
  /// The schedule a row is measured with; `nil` if a race has to find it.
  func schedule(for workload: Workload) throws(Failure) -> Measurement.Schedule? {
    switch plan.schedules {
    case .named(let name): return Measurement.Schedule(name: name, tuning: .fixed)
    case .standard:
      let names = try backend.schedules(for: workload, effort: .quick)
      return names.first.map { Measurement.Schedule(name: $0, tuning: .off) }
    case .raced(let effort):
      if let race = races[workload], race.effort.satisfies(effort), let schedule = race.schedule {
        return schedule
      }
      let names = try backend.schedules(for: workload, effort: effort)
      guard names.count == 1, let name = names.first else { return nil }
      return Measurement.Schedule(name: name, tuning: Tuning(effort), candidates: 1)
    }
  }

  /// A visit to a row, or its race if its schedule is not known.
  func step(_ workload: Workload) throws(Stop) {
    if let warmUpFailure { return try examine(workload, after: warmUpFailure) }
    if let schedule = schedules[workload] { return try visit(workload, by: schedule) }
    let known: Measurement.Schedule?
    do throws(Failure) {
      known = try schedule(for: workload)
    } catch {
      return try finish(workload, .failed(error))
    }
    if let known {
      take(known, for: workload)
    } else if let rule = raceRule {
      try race(workload, by: rule)
    }
  }

  /// How races are run; `nil` for a plan without them.
  var raceRule: RaceRule? {
    guard case .raced(let effort) = plan.schedules else { return nil }
    return RaceRule(effort: effort, rowSeconds: plan.rule.budgetSeconds)
  }

  /// Keeps a race unless a better one is known.
  func remember(_ race: Race) {
    if races[race.workload]?.effort == .full, race.effort != .full { return }
    races[race.workload] = race
  }

  /// Puts the next best schedule in the place of a winner that failed when it was measured. False if
  /// there is none.
  func demote(
    _ schedule: Measurement.Schedule, of workload: Workload, _ failure: Failure
  ) throws(Stop) -> Bool {
    guard case .raced = plan.schedules, var race = races[workload], let session,
      let place = race.candidates.firstIndex(where: { $0.schedule == schedule.name })
    else { return false }
    race.candidates[place].failure = failure
    races[workload] = race
    try stopping { () throws(StoreError) in try store.record(race, session: session) }
    backend.release(workload, except: race.winner?.schedule)
    guard let next = race.schedule else { return false }
    take(next, for: workload)
    return true
  }
}

extension Tuning {
  /// The tuning a race of an effort is.
  init(_ effort: Schedule.Effort) {
    switch effort {
    case .quick: self = .quick
    case .full: self = .full
    }
  }

  /// Whether a race of this effort makes another of `effort` needless.
  func satisfies(_ effort: Schedule.Effort) -> Bool { self == .full || self == Tuning(effort) }
}
