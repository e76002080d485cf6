internal import Tables

/// Holds a device's timestamps against the host's clock, which sees submission and completion: over a long
/// chain both say nearly the same, unless the timestamps are no times (a wrong period, a clock that stands still,
/// or one that moves in steps as long as a chain).
enum ClockTrial {
  enum Verdict: Equatable {
    case agrees
    /// Why timestamps are not believed, as a sentence without its full stop.
    case refused(String)
    /// Not even the longest chain takes long enough to tell.
    case undecided
  }

  /// A chain this long rises far above what submitting and waiting take (0.1 to 0.6 ms on an NVIDIA H200).
  private static let nanoseconds = 20e6
  /// Shorter chains tell nothing.
  private static let fewestNanoseconds = 4e6
  /// The part of the host's time that a device's clock says at least. The host may be kept waiting longer
  /// by others, so that the best of some chains counts.
  private static let share = 0.75
  private static let chains = 12
  /// Chains that must agree: a single one may do so by chance.
  private static let enough = 2

  /// Steps of a clock that chains are long enough for.
  private static let longestStep = 50e3

  /// - Parameters:
  ///   - tick: Nanoseconds of a tick of the device's clock.
  ///   - watchdog: Nanoseconds after which a submission is given up.
  static func verdict(
    on chain: any TimedChain, tick: Double, watchdog: Double
  ) throws(Failure) -> Verdict {
    var step = ClockStep(tick: tick)
    // The shorter of two, since the first may compile, wake the device up, or be disturbed.
    func wall(_ length: Int) throws(Failure) -> Double {
      var shortest = Double.infinity
      for _ in 0..<2 {
        let time = try chain.run(length: length, watchdogNanoseconds: watchdog)
        step.add(time)
        shortest = min(shortest, time.wallNanoseconds)
      }
      return shortest
    }
    var length = 1
    var taken = try wall(length)
    while taken < nanoseconds, length < ChainPlan.longest {
      let missing = min(nanoseconds / max(taken, 1), 64)
      length = min(max(2 * length, Int(missing * Double(length))), ChainPlan.longest)
      taken = try wall(length)
    }
    var agreeing = 0
    var (best, shortest) = (0.0, Double.infinity)
    for _ in 0..<chains {
      let time = try chain.run(length: length, watchdogNanoseconds: watchdog)
      shortest = min(shortest, time.wallNanoseconds)
      step.add(time)
      guard let plausible = try? time.plausible() else { continue }
      best = max(best, plausible.nanoseconds)
      if plausible.nanoseconds >= share * plausible.wallNanoseconds { agreeing += 1 }
      if agreeing == enough {
        guard step.nanoseconds > longestStep else { return .agrees }
        return .refused("its timestamps move in steps of \(milliseconds(step.nanoseconds))")
      }
    }
    guard shortest >= fewestNanoseconds else { return .undecided }
    let most = best > 0 ? "say at most \(milliseconds(best))" : "say nothing that can be"
    return .refused(
      "its timestamps \(most) of chains that take \(milliseconds(shortest)) by the host's clock")
  }

  /// The greatest common divisor of all readings of a clock.
  private struct ClockStep {
    private let tick: Double
    private var ticks: UInt64 = 0

    init(tick: Double) {
      self.tick = tick
    }

    var nanoseconds: Double { Double(ticks) * tick }

    mutating func add(_ time: ChainTime) {
      guard var next = UInt64(exactly: (time.nanoseconds / tick).rounded()) else { return }
      while next != 0 { (ticks, next) = (next, ticks % next) }
    }
  }

  private static func milliseconds(_ nanoseconds: Double) -> String {
    "\((nanoseconds / 1e3).rounded() / 1e3) ms"
  }
}
