internal import Tables
internal import Workloads

/// A row on its way: its samples so far, and what they say.
struct RowState {
  let workload: Workload
  var samples: [Sample] = []
  /// Chain lengths, once a dispatch has been timed.
  var chains: ChainPlan?
  var schedule: Measurement.Schedule?
  var compiled: Measurement.Compiled?
  /// The check with the largest error so far.
  var check: Measurement.Check?

  init(_ workload: Workload, samples: [Sample] = []) {
    self.workload = workload
    self.samples = samples
  }

  /// Seconds of timed submissions.
  var seconds: Double { samples.reduce(0) { $0 + $1.wallNanoseconds } / 1e9 }

  /// Keeps what a preparation says, and the worse of the checks.
  mutating func note(_ prepared: any PreparedWorkload, check new: Measurement.Check) {
    schedule = prepared.schedule
    compiled = prepared.compiled
    if new.maxRelativeError >= (check?.maxRelativeError ?? 0) { check = new }
  }

  /// The figures of the samples that count, and what the stopping rule makes of them.
  func judged(
    by plan: Plan, speed: SpeedMonitor, submission: Double
  ) -> (latency: Latency?, verdict: StoppingRule.Verdict) {
    let (counted, atSpeed) = speed.counted(samples, fewest: plan.rule.fewestSamples)
    let times = ChainTimes(counted)
    let latency = Latency(times, plan: plan, submission: submission)
    var verdict = plan.rule.verdict(
      fewest: times.fewest, seconds: seconds, relativeHalfWidth: latency?.relativeHalfWidth)
    // Samples of a slow minute are replaced if the device recovers; that is waited for, not for ever.
    if !atSpeed, verdict != .more, !speed.hasSettledSlow, seconds < 3 * plan.rule.budgetSeconds {
      verdict = .more
    }
    guard var latency else { return (nil, verdict) }
    latency.stable = verdict == .stable && atSpeed
    return (latency, verdict)
  }
}

extension Latency {
  /// The figures of chain times; `nil` while they give no positive slope.
  init?(_ times: ChainTimes, plan: Plan, submission: Double) {
    guard let undisturbed = times.fit(quantile: plan.quantile, submission: submission)?.slope,
      let interval = times.interval(
        quantile: plan.quantile, submission: submission, seed: plan.seed)
    else { return nil }
    // Slopes through higher quantiles can come out lower by chance; the figures stay in order.
    let median = times.fit(quantile: 0.5, submission: submission)?.slope ?? undisturbed
    let p90 = times.fit(quantile: 0.9, submission: submission)?.slope ?? median
    self.init(
      undisturbedNanoseconds: undisturbed, lowNanoseconds: min(interval.low, undisturbed),
      highNanoseconds: max(interval.high, undisturbed),
      medianNanoseconds: max(median, undisturbed), p90Nanoseconds: max(p90, median, undisturbed),
      samples: times.count, stable: false)
  }
}
