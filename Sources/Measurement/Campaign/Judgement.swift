internal import Store
internal import Tables

/// The verdict on the samples of a row.
struct Judgement {
  /// The figures of the samples that count; `nil` while they give none.
  let latency: Latency?
  /// The stopping rule's answer to them.
  let verdict: StoppingRule.Verdict
  /// Why the row's times are not believed, where the clock behind them gives none; `nil` otherwise.
  let clockFailure: Failure?

  /// Samples by which a clock is judged while more are to come.
  private static let enoughForClock = 12
  /// Budgets after which a row is given up that has no sample of some length that can be.
  private static let mostBudgets = 8.0

  /// - Parameters:
  ///   - bound: The one thing that bounds the row, whose speed its samples are judged by.
  ///   - sighting: The time of the row's kernel in a race of this campaign.
  init(
    of row: RowState, by plan: Plan, speed: DeviceSpeed, boundBy bound: Bound?,
    sighting: Sighting?, submission: Double
  ) {
    let seconds = row.seconds
    let possible = PossibleSamples(row.samples)
    let counted = CountedSamples(possible.samples, \.self, at: speed, boundBy: bound)
    let estimate = counted.estimate(
      quantile: plan.quantile, submission: submission, seed: plan.seed)
    let seen = estimate.flatMap {
      sighting?.contradicts($0.slope, of: counted.elements, by: speed)
    }
    var verdict = counted.verdict(
      by: plan.rule, seconds: seconds,
      relativeHalfWidth: seen == nil ? estimate?.relativeHalfWidth : nil)
    latency = estimate.map {
      Latency(
        $0, speedSpread: speed.spread(of: counted.elements, bound), seen: seen,
        stable: verdict == .stable && counted.atSpeed)
    }
    if verdict == .budgetSpent, let latency {
      verdict = plan.rule.verdictAfterBudget(
        seconds: seconds, relativeHalfWidth: latency.relativeHalfWidth)
    }
    self.verdict = verdict
    // Of a row that would be done now, the samples there are must do.
    clockFailure =
      possible.clockFailure(fewest: verdict == .more ? Self.enoughForClock : 3)
      ?? Self.missingLengths(
        of: row.samples, among: possible.samples,
        isOverdue: seconds > Self.mostBudgets * plan.rule.budgetSeconds)
  }

  /// Why the times of a row are not believed whose chains of some length never got one that can be.
  private static func missingLengths(
    of samples: [Sample], among possible: [Sample], isOverdue: Bool
  ) -> Failure? {
    let lengths = Set(samples.map(\.chainLength))
    let left = Set(possible.map(\.chainLength))
    guard isOverdue, left != lengths else { return nil }
    return Failure(
      .implausibleTime,
      "no chain of \(lengths.subtracting(left).sorted()) dispatches got a time that can be, of "
        + "\(samples.count) chains")
  }
}

extension Latency {
  /// The least difference between two campaigns on one quiet device, as a share (95 %): another process has
  /// its code and operands elsewhere in memory. Measured on lavapipe with `make bench`, where half
  /// the rows of two runs differ by more than 0.8 %.
  static let repeatability = 0.015
  /// Wider intervals say nothing more, as a share.
  private static let widest = 100.0

  /// The row's figures. The interval is one for repeating the campaign: beside the scatter of the
  /// samples it holds what the device's speed was uncertain by, which more samples do not mend.
  ///
  /// - Parameter seen: A lower time that the kernel took elsewhere in the campaign: the interval reaches to it.
  init(_ estimate: SlopeEstimate, speedSpread: Double, seen: Double?, stable: Bool) {
    let share = min(
      (estimate.relativeHalfWidth * estimate.relativeHalfWidth
        + speedSpread * speedSpread + Self.repeatability * Self.repeatability).squareRoot(),
      Self.widest)
    let slope = estimate.slope
    self.init(
      undisturbedNanoseconds: slope.toPicoseconds,
      lowNanoseconds: min(slope * max(1 - share, 0.01), seen ?? .infinity).toPicoseconds,
      highNanoseconds: (slope * (1 + share)).toPicoseconds,
      medianNanoseconds: estimate.median.toPicoseconds,
      p90Nanoseconds: estimate.p90.toPicoseconds, samples: estimate.samples, stable: stable)
  }

  /// The failure of a row whose interval is this wide.
  var tooNoisy: Failure {
    let (unit, name) =
      highNanoseconds < 1e3 ? (1, "ns") : highNanoseconds < 1e6 ? (1e3, "us") : (1e6, "ms")
    func time(_ nanoseconds: Double) -> String { "\((nanoseconds / unit * 10).rounded() / 10)" }
    return Failure(
      .tooNoisy,
      "\(samples) samples lie too far apart: a dispatch takes \(time(lowNanoseconds)) to "
        + "\(time(highNanoseconds)) \(name); measure again on a quieter device, or with more --patience"
    )
  }
}

extension Double {
  /// Nanoseconds without digits that no clock gives, which tables would carry; very short times stay as they
  /// are.
  var toPicoseconds: Double { self < 1 ? self : (self * 1000).rounded() / 1000 }
}
