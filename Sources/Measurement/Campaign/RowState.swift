internal import Store
internal import Tables
internal import Workloads

/// A row on its way: its samples so far, and what they say.
struct RowState {
  let workload: Workload
  var samples: [Sample] = []
  /// Chain lengths, once a dispatch has been timed.
  var chains: ChainPlan?
  var compiled: Measurement.Compiled?
  /// The check with the largest error so far.
  var check: Measurement.Check?

  init(
    _ workload: Workload, samples: [Sample] = [], measurement: Measurement? = nil
  ) {
    self.workload = workload
    self.samples = samples
    chains = ChainPlan(lengthsOf: samples)
    compiled = measurement?.compiled
    check = measurement?.check
  }

  /// Number of the visit to come.
  var nextVisit: Int { (samples.last?.visit ?? -1) + 1 }

  /// Seconds of timed submissions.
  var seconds: Double { samples.reduce(0) { $0 + $1.wallNanoseconds } / 1e9 }

  /// Keeps what a preparation says, and the worse of the checks.
  mutating func note(_ prepared: any PreparedWorkload, check new: Measurement.Check) {
    // Later pipelines come from a cache.
    if compiled?.spirvHash != prepared.compiled.spirvHash { compiled = prepared.compiled }
    if new.maxRelativeError >= (check?.maxRelativeError ?? 0) { check = new }
  }

  /// Budgets that a row may spend on samples at the campaign's speed, in place of those of a slow
  /// minute; a disturbed device would take for ever.
  private static let patience = 1.5

  /// Samples by which a clock is judged while more are to come.
  private static let enoughForClock = 12
  /// Budgets after which a row is given up that has no sample of some length that can be.
  private static let mostBudgets = 8.0

  /// Why the row's times are not believed, where the clock behind them gives none; `nil` otherwise.
  ///
  /// - Parameter isLast: Whether the row would be done now, so that the samples there are must do.
  func clockFailure(isLast: Bool, budgetSeconds: Double) -> Failure? {
    if let failure = samples.clockFailure(fewest: isLast ? 3 : Self.enoughForClock) {
      return failure
    }
    let lengths = Set(samples.map(\.chainLength))
    let left = Set(samples.possible.map(\.chainLength))
    guard seconds > Self.mostBudgets * budgetSeconds, left != lengths else { return nil }
    return Failure(
      .implausibleTime,
      "no chain of \(lengths.subtracting(left).sorted()) dispatches got a time that can be, of "
        + "\(samples.count) chains")
  }

  /// The figures of the samples that count, and what the stopping rule makes of them.
  func judged(
    by plan: Plan, speed: SpeedMonitor, submission: Double
  ) -> (latency: Latency?, verdict: StoppingRule.Verdict) {
    let samples = samples.possible
    let (counted, atSpeed) = speed.counted(samples)
    let times = ChainTimes(counted)
    let estimate = SlopeEstimate(
      times, quantile: plan.quantile, submission: submission, seed: plan.seed)
    var verdict = plan.rule.verdict(
      fewest: times.fewest, visits: times.visits, seconds: seconds,
      relativeHalfWidth: estimate?.relativeHalfWidth)
    if seconds < Self.patience * plan.rule.budgetSeconds, !speed.hasSettledSlow {
      if !atSpeed { verdict = .more }
    } else if verdict == .more {
      // Enough was taken, though little of it counts.
      let taken = ChainTimes(samples)
      verdict = plan.rule.verdict(
        fewest: taken.fewest, visits: taken.visits, seconds: seconds, relativeHalfWidth: nil)
    }
    let latency = estimate.map {
      Latency($0, speedSpread: speed.spread(of: counted), stable: verdict == .stable && atSpeed)
    }
    return (latency, verdict)
  }
}

extension Latency {
  /// What two campaigns on one quiet device differ by at least, as a share (95 %): another process has
  /// its code and operands elsewhere in memory. Measured on lavapipe with `make bench`, where half
  /// the rows of two runs differ by more than 0.8 %.
  static let repeatability = 0.015
  /// Wider intervals say nothing more, as a share.
  private static let widest = 100.0

  /// The row's figures. The interval is one for repeating the campaign: beside the scatter of the
  /// samples it holds what the device's speed was uncertain by, which more samples do not mend.
  init(_ estimate: SlopeEstimate, speedSpread: Double, stable: Bool) {
    let share = min(
      (estimate.relativeHalfWidth * estimate.relativeHalfWidth
        + speedSpread * speedSpread + Self.repeatability * Self.repeatability).squareRoot(),
      Self.widest)
    let slope = estimate.slope
    self.init(
      undisturbedNanoseconds: slope.toPicoseconds,
      lowNanoseconds: (slope * max(1 - share, 0.01)).toPicoseconds,
      highNanoseconds: (slope * (1 + share)).toPicoseconds,
      medianNanoseconds: estimate.median.toPicoseconds,
      p90Nanoseconds: estimate.p90.toPicoseconds, samples: estimate.samples, stable: stable)
  }
}

extension Double {
  /// Nanoseconds without digits that no clock gives, which tables would carry; very short times stay as they
  /// are.
  var toPicoseconds: Double { self < 1 ? self : (self * 1000).rounded() / 1000 }
}
