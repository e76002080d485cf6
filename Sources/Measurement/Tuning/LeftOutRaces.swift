internal import Kernels
public import Store
public import Tables
public import Workloads

/// How well the candidates that races look at first are chosen: each known race is left out in turn, and the
/// others say what would be looked at first for its workload. Executes nothing.
public struct LeftOutRaces {
  /// A candidate that would be looked at.
  public struct Look: Hashable, Sendable {
    public let schedule: String
    /// Whether the race that was left out tried it.
    public let wasTried: Bool
    /// Its time in the race that was left out, over the winner's; `nil` where it was not tried, or failed.
    public let ratio: Double?
  }

  /// A race that was left out.
  public struct Outcome: Hashable, Sendable {
    public let workload: Workload
    /// The schedule that won it.
    public let winner: String
    /// Whether all schedules took part.
    public let isFull: Bool
    /// The candidates that would be looked at, in that order.
    public let looks: [Look]

    /// The least ratio among the first looks; `nil` where none of them has one.
    public func ratio(first count: Int) -> Double? {
      looks.prefix(count).compactMap(\.ratio).min()
    }
  }

  public let outcomes: [Outcome]

  /// Leaves out each race that has a winner; of two races of one workload the full one counts.
  ///
  /// - Parameters:
  ///   - looks: How many candidates are looked at.
  ///   - report: Told the share of the races that are done, before each; compiling their candidates takes long.
  public init(
    _ races: [Race], on backend: any Backend, looks: Int, report: (Double) -> Void = { _ in }
  ) {
    var known: [Workload: Race] = [:]
    for race in races { known.keep(race) }
    let rule = RaceRule(effort: .quick, rowSeconds: StoppingRule().budgetSeconds)
    let sorted = known.values.sorted { $0.workload < $1.workload }
    outcomes = sorted.enumerated().compactMap { index, race in
      report(Double(index) / Double(sorted.count))
      // A race is not among its own neighbours.
      let neighbours = Neighbours(of: race.workload, among: known, on: backend)
      guard let winner = race.winner,
        let entrants = try? Entrants(
          // The last place may be the standard schedule's.
          race.workload, on: backend, rule: rule, neighbours: neighbours, most: looks + 1,
          isSuspect: { _ in false })
      else { return nil }
      defer { backend.release(race.workload, except: nil) }
      let looked = entrants.contenders.filter { $0.failure == nil }.prefix(looks).map(\.schedule)
      return Outcome(
        workload: race.workload, winner: winner.schedule, isFull: race.effort == .full,
        looks: race.looks(at: looked, winner, on: backend))
    }
  }

  /// Share of the workloads where one of the first looks takes no more than `tolerance` longer than the winner.
  public func share(within tolerance: Double, first count: Int) -> Double {
    let near = outcomes.count { ($0.ratio(first: count) ?? .infinity) <= 1 + tolerance }
    return Double(near) / Double(max(outcomes.count, 1))
  }

  /// How many of the first looks were never tried in the race that was left out.
  public func untried(first count: Int) -> Int {
    outcomes.reduce(0) { $0 + $1.looks.prefix(count).count { !$0.wasTried } }
  }

  /// The workloads that the first looks serve worst, those without any time first.
  public func worst(first count: Int) -> [Outcome] {
    outcomes.sorted {
      ($1.ratio(first: count) ?? .infinity, $0.workload.name)
        < ($0.ratio(first: count) ?? .infinity, $1.workload.name)
    }
  }
}

extension Race {
  /// The race's times of schedules; one that is the same to the driver as another is known by that.
  fileprivate func looks(
    at schedules: [String], _ winner: Candidate, on backend: any Backend
  ) -> [LeftOutRaces.Look] {
    var byIdentity: [String: Candidate]?
    func candidate(_ schedule: String) -> Candidate? {
      if let candidate = candidates.first(where: { $0.schedule == schedule }) { return candidate }
      let all =
        byIdentity
        ?? Dictionary(
          candidates.compactMap { candidate in
            (try? backend.identity(of: workload, schedule: candidate.schedule)).map {
              ($0, candidate)
            }
          }, uniquingKeysWith: { first, _ in first })
      byIdentity = all
      return (try? backend.identity(of: workload, schedule: schedule)).flatMap { all[$0] }
    }
    return schedules.map { schedule in
      let candidate = candidate(schedule)
      let times = (candidate?.validNanoseconds, winner.nanoseconds)
      let ratio: Double? =
        if case (let own?, let best?) = times, best > 0 { own / best } else { nil }
      return LeftOutRaces.Look(schedule: schedule, wasTried: candidate != nil, ratio: ratio)
    }
  }
}

extension Store {
  /// The races of a back end's device at in-network temperature, by the clock that has most of them: which clock
  /// the device is measured by is known only once it was tried.
  public func races(of backend: any Backend) throws(StoreError) -> [Race] {
    var most: [Race] = []
    for clock in Method.Clock.allCases {
      let found = try races(in: backend.scope(at: .inNetwork, by: clock))
      if found.count > most.count { most = found }
    }
    return most
  }
}
