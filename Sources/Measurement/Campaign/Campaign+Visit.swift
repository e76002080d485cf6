internal import Statistics
internal import Store
import Tables
import Workloads

extension Campaign {
  /// Takes some samples of a row; finishes it if it then has enough, or if it fails.
  func visit(_ workload: Workload, by schedule: Measurement.Schedule) throws(Stop) {
    var problem: Interruption?
    do throws(Interruption) {
      // A race has tried its winner before.
      let hasRaced =
        races[workload]?.candidates.contains {
          $0.schedule == schedule.name && $0.failure == nil
        } ?? false
      let isFirst = !hasRaced && states[workload]?.samples.isEmpty ?? true
      if isFirst { try beginAttempt(workload, schedule.name) }
      try sample(workload, by: schedule)
    } catch {
      problem = error
    }
    if case .stop(let stop) = problem { throw stop }
    try endAttempt()
    if case .failure(let failure) = problem { return try fail(workload, schedule, failure) }
    guard let state = states[workload] else { return }
    let (latency, verdict) = judged(state)
    if let failure = state.clockFailure(
      isLast: verdict != .more, budgetSeconds: plan.rule.budgetSeconds)
    {
      if setbacks[workload, default: .row].allowAnotherTry(after: failure) {
        return report(.sampled(workload, latency, progress))
      }
      // Another schedule would be timed by the same clock.
      states[workload] = nil
      return try finish(workload, .failed(failure))
    }
    guard verdict != .more else { return report(.sampled(workload, latency, progress)) }
    guard let latency, let compiled = state.compiled, let check = state.check else {
      let reason = "\(state.samples.count) samples give no positive time for a dispatch"
      return try fail(workload, schedule, Failure(.implausibleTime, reason))
    }
    try finish(
      workload,
      .measured(
        Measurement(
          latency: latency, schedule: schedule, compiled: compiled, check: check,
          efficiency: efficiency(of: workload, latency))))
  }

  /// After a failure that may pass the row's next visit tries again. Otherwise, where the schedule won a
  /// race, the next best takes its place; else the row has failed.
  private func fail(
    _ workload: Workload, _ schedule: Measurement.Schedule, _ failure: Failure
  ) throws(Stop) {
    // A row that was interrupted has not failed.
    if shouldStop() { return }
    if setbacks[workload, default: .row].allowAnotherTry(after: failure) {
      try recover(from: failure)
      return
    }
    states[workload] = nil
    if try !demote(schedule, of: workload, failure) { try finish(workload, .failed(failure)) }
    try recover(from: failure)
  }

  /// Opens the device again where a failure took it away. True if it did: then everything prepared
  /// before is void.
  @discardableResult
  func recover(from failure: Failure) throws(Stop) -> Bool {
    let isLost = backend.isLost(after: failure) && !shouldStop()
    if isLost { try reopen() }
    return isLost
  }

  enum Interruption: Error {
    case failure(Failure)
    case stop(Stop)
  }

  /// Prepares, warms up, checks, times, checks and stores, in that order.
  ///
  /// Operands are laid out anew for each visit: where they happen to lie in memory changes the time
  /// of a kernel by some per cent, and a figure must not depend on one such accident. Samples taken
  /// before a failure are kept, unless the output was wrong.
  private func sample(
    _ workload: Workload, by schedule: Measurement.Schedule
  ) throws(Interruption) {
    var state = states[workload] ?? RowState(workload)
    var samples: [Sample] = []
    var failure: Failure?
    do throws(Failure) {
      let start = timeSpent.totalSeconds
      let prepared = try backend.prepare(
        workload, schedule: schedule.name, ringSize: plan.ringSize)
      // Laying out a large workload takes long, and is made worth it.
      let seconds = max(
        plan.visitSeconds, min(timeSpent.totalSeconds - start, plan.rule.budgetSeconds / 2))
      let single = try runWhole(prepared)
      state.note(prepared, check: try prepared.check())
      let chains: ChainPlan
      if let known = state.chains { chains = known } else { chains = try plan(prepared, single) }
      state.chains = chains
      try awaken()
      try prepared.poison()
      try passes(prepared, chains, seconds: seconds, visit: state.nextVisit, into: &samples)
      state.note(prepared, check: try prepared.check())
    } catch {
      guard error.kind != .wrongOutput else { throw .failure(error) }
      failure = error
    }
    var after: Double?
    if failure == nil {
      do throws(Stop) { after = try readingAfter() } catch { throw .stop(error) }
    }
    // Nobody can say how fast the device was before its first reading.
    if !samples.isEmpty, speed.level > 0 || reference == nil {
      for index in samples.indices { samples[index].referenceNanoseconds = speed.level }
      setbacks[workload]?.gain()
      state.samples += samples
      states[workload] = state
      do throws(StoreError) {
        if let session {
          try store.append(
            samples, to: workload, schedule: schedule.name,
            readings: after.map { [$0] } ?? [], session: session)
        }
      } catch {
        throw .stop(.store(error))
      }
    }
    if let failure { throw .failure(failure) }
  }

  /// Poisons the outputs and runs each set of the ring once; a set a submission, since nobody knows
  /// yet how long one takes. Returns the shortest time.
  private func runWhole(_ prepared: any PreparedWorkload) throws(Failure) -> Double {
    try prepared.poison()
    var shortest = Double.infinity
    for _ in 0..<plan.ringSize { shortest = min(shortest, try timed(prepared, 1).nanoseconds) }
    return shortest
  }

  /// Times chains of each length in random order, again and again, until `seconds` of submissions
  /// have passed; then runs what is left of the ring, so that every output is written.
  private func passes(
    _ prepared: any PreparedWorkload, _ chains: ChainPlan, seconds: Double, visit: Int,
    into samples: inout [Sample]
  ) throws(Failure) {
    var dispatches = 0
    let end = timeSpent.submissionSeconds + seconds
    repeat {
      for length in chains.lengths.shuffled(using: &random) where !shouldStop() {
        let time = try timed(prepared, length)
        dispatches += length
        samples.append(
          Sample(
            visit: visit, chainLength: length, nanoseconds: time.nanoseconds,
            wallNanoseconds: time.wallNanoseconds, referenceNanoseconds: 0))
      }
    } while timeSpent.submissionSeconds < end && !shouldStop()
    while dispatches < plan.ringSize {
      _ = try timed(prepared, 1)
      dispatches += 1
    }
  }

  /// Chain lengths, from chains made longer until they last long enough to bring a GPU to its clock.
  func plan(
    _ prepared: any PreparedWorkload, _ single: Double
  ) throws(Failure) -> ChainPlan {
    let submission = ceilings.submissionNanoseconds ?? 0
    var (length, time) = (1, single)
    while time < chainBudget.targetNanoseconds / 8, length < ChainPlan.longest, !shouldStop() {
      length *= 4
      time = min(
        try timed(prepared, length).planningNanoseconds,
        try timed(prepared, length).planningNanoseconds)
    }
    return ChainPlan(
      dispatchNanoseconds: max(time - submission, time / 10) / Double(length),
      budget: chainBudget)
  }

  /// The reading after a visit or a race; `nil` if there is none: the device was lost and opened again,
  /// or its clock gave no time. The readings before say how fast it was.
  func readingAfter() throws(Stop) -> Double? {
    do throws(Failure) {
      return try newReading()
    } catch {
      try recover(from: error)
      return nil
    }
  }

  /// Runs a chain until there is a time for it that can be. It is given up after the device's usual
  /// patience, or sooner where less is asked for.
  func timed(
    _ chain: any TimedChain, _ length: Int, patience: Double = .infinity
  ) throws(Failure) -> ChainTime {
    let time = try stopwatch.time(chain, length, patience: patience)
    timeSpent.add(time)
    return time
  }

  var chainBudget: ChainPlan.Budget { stopwatch.budget }
}
