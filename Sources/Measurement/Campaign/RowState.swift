internal import Store
internal import Tables
internal import Workloads

/// A row on its way: its samples so far, and what was found beside them.
struct RowState {
  let workload: Workload
  var samples: [Sample] = []
  /// Chain lengths, once a dispatch has been timed.
  var chains: ChainPlan?
  /// `nil` where nothing is compiled.
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
    if compiled?.spirvHash != prepared.compiled?.spirvHash { compiled = prepared.compiled }
    if new.maxRelativeError >= (check?.maxRelativeError ?? 0) { check = new }
  }
}
