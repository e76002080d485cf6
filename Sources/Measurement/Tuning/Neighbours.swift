internal import Glibc
import Tables
import Workloads

/// What the races of similar workloads say about the schedules of one: those that were near the winner
/// there are likely to be near it again.
struct Neighbours {
  /// Schedules that ran in the nearest races, suited to the workload, the most promising first: for a pruned
  /// workload the dense one's winner, so that pruning costs no time where that can run over zeros; then by
  /// how near they were to the winners.
  let promising: [String]
  /// How many races were asked.
  let count: Int
  /// Whether the two nearest, at least, have the same winner.
  let agree: Bool

  /// Races that are asked.
  private static let most = 6
  /// Those farther away know nothing: three doublings of a size, or three other words.
  private static let farthest = 3.0

  /// - Parameter adapt: A schedule of another workload with sizes that suit this one; `nil` for what is no
  ///   schedule.
  init(
    of workload: Workload, among races: some Collection<Race>,
    adapt: (String, Workload) -> String?
  ) {
    let near = races.compactMap { race -> (distance: Double, race: Race, winner: String)? in
      guard race.workload != workload, let winner = race.winner,
        let distance = workload.distance(to: race.workload), distance <= Self.farthest
      else { return nil }
      return (distance, race, winner.schedule)
    }.sorted { ($0.distance, $0.race.workload.name) < ($1.distance, $1.race.workload.name) }
      .prefix(Self.most)
    // How far behind the winner each was, the nearer the race the more it counts.
    var behind: [String: (sum: Double, weight: Double)] = [:]
    for (distance, race, _) in near {
      guard let best = race.winner?.nanoseconds, best > 0 else { continue }
      for candidate in race.ranking {
        guard let nanoseconds = candidate.nanoseconds,
          let name = adapt(candidate.schedule, race.workload)
        else { continue }
        let weight = 1 / (1 + distance)
        behind[name, default: (0, 0)].sum += weight * log(max(nanoseconds / best, 1))
        behind[name, default: (0, 0)].weight += weight
      }
    }
    let dense = workload.isPruned ? races.first { $0.workload == workload.dense }?.winner : nil
    let first = (dense?.schedule).flatMap { adapt($0, workload.dense) }
    promising =
      [first].compactMap(\.self)
      + behind.map { (name: $0, behind: $1.sum / $1.weight) }
      .sorted { ($0.behind, $0.name) < ($1.behind, $1.name) }.map(\.name).filter { $0 != first }
    count = near.count
    let winners = near.prefix(2).compactMap { adapt($0.winner, $0.race.workload) }
    agree = winners.count == 2 && winners[0] == winners[1]
  }
}

extension Workload {
  /// How unlike two workloads are for a tuner: doublings of channels and kernel, half of those of the
  /// map (schedules hardly care), and one for each word of the name that only one of them has, such as
  /// an activation, a stride or another element type; `nil` for different operators.
  func distance(to other: Workload) -> Double? {
    guard kind == other.kind else { return nil }
    let sizes = zip(logarithms, other.logarithms).reduce(0) { $0 + abs($1.0 - $1.1) }
    // The operator, the channels and the map come first.
    let (mine, theirs) = (Set(words.dropFirst(3)), Set(other.words.dropFirst(3)))
    return sizes + Double(mine.symmetricDifference(theirs).count)
  }

  private var kind: String {
    switch operation {
    case .convolution(let it): it.isDepthwise ? "depthwise" : "convolution"
    case .resize(let mode, _, _): mode.rawValue
    default: operatorName
    }
  }

  /// Sizes as points of a space in which a doubling is one step, half a one for the map.
  private var logarithms: [Double] {
    let sizes: [Int] =
      switch operation {
      case .convolution(let it): [it.kernel, it.inputs, it.outputs]
      case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
        .multiply(let channels), .copy(let channels):
        [channels]
      case .pixelShuffle(let factor, let channels), .resize(_, let factor, let channels):
        [factor, channels]
      case .concat(let first, let second): [first, second]
      }
    return sizes.map(Self.log2) + [Self.log2(height * width) / 2]
  }

  /// Linear between powers of two, which is near enough and the same on every machine.
  private static func log2(_ size: Int) -> Double {
    let size = Double(size)
    return Double(size.exponent) + size.significand - 1
  }
}
