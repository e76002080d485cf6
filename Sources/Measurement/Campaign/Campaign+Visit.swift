import Tables
import Workloads

extension Campaign {
  /// Takes some samples of a row; finishes it if it then has enough, or if it fails.
  func visit(_ workload: Workload) throws(Stop) {
    do throws(Interruption) {
      try sample(workload)
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .failure(let failure): return try fail(workload, failure)
      }
    }
    guard let state = states[workload] else { return }
    let (latency, verdict) = judged(state)
    guard verdict != .more else { return report(.sampled(workload, latency, progress)) }
    guard let latency, let schedule = state.schedule, let compiled = state.compiled,
      let check = state.check
    else {
      let reason = "\(state.samples.count) samples give no positive time for a dispatch"
      return try finish(workload, .failed(Failure(.implausibleTime, reason)))
    }
    try finish(
      workload,
      .measured(
        Measurement(
          latency: latency, schedule: schedule, compiled: compiled, check: check,
          efficiency: .init(workload: workload, nanoseconds: latency.undisturbedNanoseconds))))
  }

  private func fail(_ workload: Workload, _ failure: Failure) throws(Stop) {
    states[workload] = nil
    try finish(workload, .failed(failure))
    if failure.kind == .deviceLost || failure.kind == .timedOut { try reopen() }
  }

  private enum Interruption: Error {
    case failure(Failure)
    case stop(Stop)
  }

  /// Prepares, warms up, checks, times, checks and stores, in that order.
  ///
  /// Operands are laid out anew for each visit: where they happen to lie in memory changes the time
  /// of a kernel by some per cent, and a figure must not depend on one such accident.
  private func sample(_ workload: Workload) throws(Interruption) {
    var state = states[workload] ?? RowState(workload)
    let before = lastReading
    var samples: [Sample] = []
    do throws(Failure) {
      let prepared = try backend.prepare(workload, ringSize: plan.ringSize)
      try prepared.poison()
      _ = try timed(prepared, plan.ringSize)
      state.note(prepared, check: try prepared.check())
      let chains: ChainPlan
      if let known = state.chains { chains = known } else { chains = try chainPlan(prepared) }
      state.chains = chains
      let end = timeSpent.submissionSeconds + plan.visitSeconds
      repeat {
        for length in chains.lengths.shuffled(using: &random) {
          let time = try timed(prepared, length)
          samples.append(
            Sample(
              visit: state.nextVisit, chainLength: length, nanoseconds: time.nanoseconds,
              wallNanoseconds: time.wallNanoseconds, referenceNanoseconds: before))
        }
      } while timeSpent.submissionSeconds < end && !shouldStop()
      state.note(prepared, check: try prepared.check())
    } catch {
      throw .failure(error)
    }
    // A sample is only as good as the worse of the readings around it.
    let after: Double
    do throws(Stop) { after = try newReading() } catch { throw .stop(error) }
    for index in samples.indices { samples[index].referenceNanoseconds = max(before, after) }
    state.samples += samples
    states[workload] = state
    do throws(StoreError) {
      if let session { try store.append(samples, to: workload, session: session) }
    } catch {
      throw .stop(.store(error))
    }
  }

  /// Chain lengths from the time of one dispatch.
  private func chainPlan(_ prepared: any PreparedWorkload) throws(Failure) -> ChainPlan {
    // The shortest of three: a single one may have met a pause.
    var time = Double.infinity
    for _ in 0..<3 { time = min(time, try timed(prepared, 1).nanoseconds) }
    let submission = ceilings.submissionNanoseconds ?? 0
    return ChainPlan(
      dispatchNanoseconds: max(time - submission, time / 10), budget: chainBudget)
  }

  /// Runs a chain and refuses a time that cannot be.
  func timed(_ chain: any TimedChain, _ length: Int) throws(Failure) -> ChainTime {
    let time = try chain.run(
      length: length, watchdogNanoseconds: chainBudget.watchdogNanoseconds)
    // Clocks of device and host may differ by a little; the host sees submission and completion.
    guard time.nanoseconds.isFinite, time.nanoseconds > 0,
      time.nanoseconds <= time.wallNanoseconds * 1.05
    else {
      throw Failure(
        .implausibleTime,
        "the clock gave \(time.nanoseconds) ns for a chain that took \(time.wallNanoseconds) ns")
    }
    timeSpent.add(time)
    return time
  }

  var chainBudget: ChainPlan.Budget { .standard(for: backend.device.type) }
}
