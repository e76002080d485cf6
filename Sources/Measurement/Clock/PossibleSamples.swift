internal import Store
internal import Tables

/// The samples of a row, held against the host's clock, which sees submission and completion.
struct PossibleSamples {
  /// The samples without those whose device time is far below what the chain can take. Where there are
  /// some, those go too that are far below what the host saw of that very chain: it may have been kept
  /// waiting, but a clock that was wrong once is no witness.
  let samples: [Sample]

  private let all: [Sample]
  /// The shortest time that a chain of each length can take by the device's clock: nearly that of the fastest
  /// one by the host's clock, since what the host waits for beyond a chain is only ever added.
  private let shortest: [Int: Double]

  /// The part of the host's time that the device's clock says at least, once others are out of the way.
  private static let leastShare = 0.6
  /// What submitting and waiting may take, of which the device's clock says nothing: up to 0.65 ms was seen.
  private static let waitingNanoseconds = 0.7e6
  /// Of chains this long that is no matter.
  private static let longNanoseconds = 2e6
  /// Latest samples that say what the clock is like now.
  private static let latest = 24

  init(_ all: [Sample]) {
    var walls: [Int: Double] = [:]
    for sample in all {
      walls[sample.chainLength] = min(
        walls[sample.chainLength] ?? .infinity, sample.wallNanoseconds)
    }
    let shortest = walls.mapValues(Self.leastNanoseconds)
    let possible = all.filter { $0.nanoseconds >= shortest[$0.chainLength] ?? 0 }
    samples =
      possible.count == all.count
      ? all : possible.filter { $0.nanoseconds >= Self.leastNanoseconds(of: $0.wallNanoseconds) }
    self.all = all
    self.shortest = shortest
  }

  /// What the device's clock says at least of a chain that takes `wall` nanoseconds by the host's.
  private static func leastNanoseconds(of wall: Double) -> Double {
    leastShare * (wall >= longNanoseconds ? wall : max(wall - waitingNanoseconds, 0))
  }

  /// Why the clock behind the latest samples is not believed; `nil` while it is, or they are fewer than
  /// `fewest`: the host may have been kept waiting for all of a few.
  func clockFailure(fewest: Int) -> Failure? {
    let recent = all.suffix(Self.latest)
    let impossible = recent.filter { $0.nanoseconds < shortest[$0.chainLength] ?? 0 }
    guard recent.count >= fewest, 3 * impossible.count > recent.count, let first = impossible.first
    else { return nil }
    return Failure(
      .implausibleTime,
      "\(impossible.count) of the latest \(recent.count) chains took far less by the device's clock than "
        + "any did by the host's: \(first.nanoseconds) ns of \(first.wallNanoseconds) ns for "
        + "\(first.chainLength) dispatches; --clock wall does without the device's clock")
  }
}
