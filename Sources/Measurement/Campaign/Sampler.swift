internal import Store
import Tables
import Workloads

/// Takes the samples of a visit to a row.
struct Sampler {
  let plan: Plan
  let device: DeviceUnderTest
  let draws: Draws
  let shouldStop: () -> Bool

  /// Prepares, warms up, checks, times and checks, in that order.
  ///
  /// Operands are laid out anew for each visit: where they happen to lie in memory changes the time
  /// of a kernel by some per cent, and a figure must not depend on one such accident. Samples taken
  /// before a failure stay in `samples`.
  func sample(
    _ row: inout RowState, by schedule: String, into samples: inout [Sample]
  ) throws(Failure) {
    let stopwatch = device.stopwatch
    let start = stopwatch.timeSpent.totalSeconds
    let prepared = try device.backend.prepare(
      row.workload, schedule: schedule, ringSize: plan.ringSize)
    // Laying out a large workload takes long, and is made worth it.
    let seconds = max(
      plan.visitSeconds,
      min(stopwatch.timeSpent.totalSeconds - start, plan.rule.budgetSeconds / 2))
    try prepared.poison()
    let single = try stopwatch.runWhole(prepared, ringSize: plan.ringSize)
    row.note(prepared, check: try prepared.check())
    let chains: ChainPlan
    if let known = row.chains {
      chains = known
    } else {
      chains = try stopwatch.chainPlan(for: prepared, single: single)
    }
    row.chains = chains
    try stopwatch.awaken()
    try prepared.poison()
    try passes(prepared, chains, seconds: seconds, visit: row.nextVisit, into: &samples)
    row.note(prepared, check: try prepared.check())
  }

  /// Times chains of each length in random order, again and again, until `seconds` of submissions
  /// have passed; then runs what is left of the ring, so that every output is written.
  private func passes(
    _ prepared: any PreparedWorkload, _ chains: ChainPlan, seconds: Double, visit: Int,
    into samples: inout [Sample]
  ) throws(Failure) {
    let stopwatch = device.stopwatch
    let before = samples.count
    try stopwatch.sample(prepared, seconds: seconds, visit: visit, into: &samples) {
      draws.shuffled(chains.lengths)
    }
    var dispatches = samples[before...].reduce(0) { $0 + $1.chainLength }
    while dispatches < plan.ringSize {
      _ = try stopwatch.time(prepared, 1)
      dispatches += 1
    }
  }

  /// Runs each set of operands once, and checks what came out.
  func runOnce(_ workload: Workload, by schedule: String) throws(Failure) {
    let prepared = try device.backend.prepare(
      workload, schedule: schedule, ringSize: plan.ringSize)
    try prepared.poison()
    for _ in 0..<plan.ringSize {
      _ = try prepared.run(
        length: 1, watchdogNanoseconds: device.stopwatch.budget.watchdogNanoseconds)
    }
    _ = try prepared.check()
  }
}
