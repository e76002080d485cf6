internal import Glibc
import Tables
import Workloads

/// What the races of similar workloads say about the schedules of one: those that were near the winner
/// there are likely to be near it again.
struct Neighbours {
  /// How many races were asked.
  let count: Int
  /// Whether the two nearest, at least, have the same winner.
  let agree: Bool
  /// Whether this device's races of the same layer on other maps or with another activation, two at least, have the
  /// same winner. It was within 5 % of the best in 191 of 195 such races of 350 on a software driver.
  let areSure: Bool
  /// Whether a device akin to this one raced the workload itself.
  let haveOwn: Bool

  /// The winner of a pruned workload's dense one, so that pruning costs no time where that can run over zeros.
  private let dense: String?
  /// Evidence by schedule, suited to the workload.
  private let evidence: [String: Evidence]

  /// How far behind the winners a schedule was.
  private struct Evidence {
    /// Sum of the weighted logarithms of its time over the winner's.
    var behind = 0.0
    var weight = 0.0

    mutating func add(_ behind: Double, weight: Double) {
      self.behind += weight * min(max(behind, 0), Neighbours.hopeless)
      self.weight += weight
    }
  }

  /// Races that are asked.
  private static let most = 12
  /// Those farther away know nothing: four doublings of channels, or four other words.
  private static let farthest = 4.0
  /// How much farther away a race is that another device ran.
  private static let otherDevice = 0.25
  /// The distance at which a race counts e times less.
  private static let reach = 1.5
  /// How far behind counts as much as any more, and as a failure: as a logarithm.
  private static let hopeless = 1.5

  /// The expectation of a schedule that no race knows, as the logarithm of its time over the winner's: the
  /// first of the back end's list is behind by the first figure, each that follows by the second more. It
  /// weighs as much as a tenth of a race of the same workload, so that what hardly any race tried stays near it.
  private static let prior = (first: 0.35, step: 0.06, weight: 0.1)

  /// - Parameters:
  ///   - races: Races of the device.
  ///   - racesElsewhere: Races of devices akin to it. Of workloads that the device raced too, only this one's count:
  ///     a race is not among its own neighbours.
  init(
    of workload: Workload, among races: [Workload: Race], and racesElsewhere: [Race] = [],
    on backend: any Backend
  ) {
    func adapted(_ schedule: String, of race: Race) -> String? {
      backend.adapted(schedule, of: race.workload, to: workload)
    }
    func neighbour(
      _ race: Race, _ farther: Double
    ) -> (distance: Double, race: Race, winner: Race.Candidate)? {
      guard let winner = race.winner, let distance = workload.distance(to: race.workload),
        distance + farther <= Self.farthest
      else { return nil }
      return (distance + farther, race, winner)
    }
    let own = races.values.filter { $0.workload != workload }.compactMap { neighbour($0, 0) }
    let others = racesElsewhere.filter { races[$0.workload] == nil || $0.workload == workload }
      .compactMap { neighbour($0, Self.otherDevice) }
    let near = (own + others).sorted {
      ($0.distance, $0.race.workload.name) < ($1.distance, $1.race.workload.name)
    }.prefix(Self.most)
    var evidence: [String: Evidence] = [:]
    for (distance, race, winner) in near {
      guard let best = winner.nanoseconds, best > 0 else { continue }
      let weight = exp(-distance / Self.reach)
      for candidate in race.candidates {
        guard let name = adapted(candidate.schedule, of: race) else { continue }
        let behind = candidate.validNanoseconds.map { log($0 / best) } ?? Self.hopeless
        evidence[name, default: Evidence()].add(behind, weight: weight)
      }
    }
    self.evidence = evidence
    let dense = workload.isPruned ? races[workload.dense] : nil
    self.dense = dense.flatMap { race in race.winner.flatMap { adapted($0.schedule, of: race) } }
    count = near.count
    haveOwn = near.contains { $0.race.workload == workload }
    func agree(_ races: some Collection<(distance: Double, race: Race, winner: Race.Candidate)>)
      -> Bool
    {
      let winners = races.map { adapted($0.winner.schedule, of: $0.race) }
      return winners.count >= 2 && winners[0] != nil && Set(winners).count == 1
    }
    self.agree = agree(near.prefix(2))
    areSure = agree(own.filter { workload.isTwin(of: $0.race.workload) })
  }

  /// The schedules of a list and those that the races know, the most promising first: for a pruned workload the
  /// dense one's winner; then by how near they are expected to be to the winner.
  ///
  /// - Parameter listed: The back end's schedules of the workload, the most promising first.
  func order(of listed: [String]) -> [String] {
    let places = Dictionary(
      listed.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func ranked(_ name: String) -> (behind: Double, place: Int, name: String) {
      let place = places[name] ?? listed.count
      let prior = Self.prior.first + Self.prior.step * Double(place)
      let known = evidence[name] ?? Evidence()
      let behind =
        (known.behind + Self.prior.weight * prior) / (known.weight + Self.prior.weight)
      return (behind, place, name)
    }
    let order = Set(listed).union(evidence.keys).map(ranked).sorted(by: <).map(\.name)
    guard let dense else { return order }
    return [dense] + order.filter { $0 != dense }
  }

  /// Whether one of the races, or the dense workload's, has tried a schedule.
  func know(_ schedule: String) -> Bool {
    evidence[schedule] != nil || schedule == dense
  }
}
