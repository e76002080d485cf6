import Tables
import Workloads

/// The workloads most like one, of those whose races are known: their winners are likely to win again.
struct Neighbours {
  /// Winners of the nearest races, the nearest first, each once.
  let winners: [String]
  /// Whether the two nearest, at least, have the same winner.
  let agree: Bool

  /// Races that are asked.
  private static let count = 4
  /// Those farther away know nothing: three doublings of a size, or three other words.
  private static let farthest = 3.0

  init(of workload: Workload, among races: some Collection<Race>) {
    let near = races.compactMap { race -> (distance: Double, name: String, winner: String)? in
      guard race.workload != workload, let winner = race.winner,
        let distance = workload.distance(to: race.workload), distance <= Self.farthest
      else { return nil }
      return (distance, race.workload.name, winner.schedule)
    }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(Self.count).map(\.winner)
    var seen: Set<String> = []
    winners = near.filter { seen.insert($0).inserted }
    agree = near.count >= 2 && near[0] == near[1]
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
