internal import Store
internal import Tables

extension [Sample] {
  /// The part of the host's time that the device's clock says at least, once others are out of the way.
  private static var leastShare: Double { 0.6 }
  /// What submitting and waiting may take, of which the device's clock says nothing: up to 0.65 ms was seen.
  private static var waitingNanoseconds: Double { 0.7e6 }
  /// Of chains this long that is no matter.
  private static var longNanoseconds: Double { 2e6 }
  /// Latest samples that say what the clock is like now.
  private static var latest: Int { 24 }

  /// The shortest time that a chain of each length can take by the device's clock: nearly that of the fastest
  /// one by the host's clock, since what the host waits for beyond a chain is only ever added.
  private var shortestPossible: [Int: Double] {
    var walls: [Int: Double] = [:]
    for sample in self {
      walls[sample.chainLength] = Swift.min(
        walls[sample.chainLength] ?? .infinity, sample.wallNanoseconds)
    }
    return walls.mapValues(Self.leastNanoseconds)
  }

  /// What the device's clock says at least of a chain that takes `wall` nanoseconds by the host's.
  private static func leastNanoseconds(of wall: Double) -> Double {
    leastShare * (wall >= longNanoseconds ? wall : Swift.max(wall - waitingNanoseconds, 0))
  }

  /// The samples without those whose device time is far below what the chain can take. Where there are
  /// some, those go too that are far below what the host saw of that very chain: it may have been kept
  /// waiting, but a clock that was wrong once is no witness.
  var possible: [Sample] {
    let shortest = shortestPossible
    let possible = filter { $0.nanoseconds >= shortest[$0.chainLength] ?? 0 }
    guard possible.count < count else { return self }
    return possible.filter { $0.nanoseconds >= Self.leastNanoseconds(of: $0.wallNanoseconds) }
  }

  /// Why the clock behind the latest samples is not believed; `nil` while it is, or they are fewer than
  /// `fewest`: the host may have been kept waiting for all of a few.
  func clockFailure(fewest: Int) -> Failure? {
    let shortest = shortestPossible
    let recent = suffix(Self.latest)
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
