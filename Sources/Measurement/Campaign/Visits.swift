internal import Kernels
internal import Store
import Tables
import Workloads

/// Visits to rows whose schedules are known: some samples each, until a row has enough, or fails.
final class Visits {
  private let ledger: Ledger
  private let device: DeviceUnderTest
  private let tuner: Tuner
  private let sampler: Sampler
  private let shouldStop: () -> Bool
  /// Failures of rows that are tried again.
  private var setbacks: [Workload: Setbacks] = [:]

  init(
    ledger: Ledger, device: DeviceUnderTest, tuner: Tuner, sampler: Sampler,
    shouldStop: @escaping () -> Bool
  ) {
    self.ledger = ledger
    self.device = device
    self.tuner = tuner
    self.sampler = sampler
    self.shouldStop = shouldStop
  }

  /// Takes some samples of a row; finishes it if it then has enough, or if it fails.
  func visit(
    _ workload: Workload, by schedule: Measurement.Schedule
  ) throws(Campaign.Stop) {
    var problem: Campaign.Interruption?
    do throws(Campaign.Interruption) {
      // A race has tried its winner before.
      let hasRaced =
        ledger.races[workload]?.candidates.contains {
          $0.schedule == schedule.name && $0.failure == nil
        } ?? false
      let isFirst = !hasRaced && ledger.states[workload]?.samples.isEmpty ?? true
      if isFirst { try ledger.attempts.begin(workload, schedule.name) }
      try sample(workload, by: schedule)
    } catch {
      problem = error
    }
    if case .stop(let stop) = problem { throw stop }
    try ledger.attempts.end()
    if case .failure(let failure) = problem { return try fail(workload, schedule, failure) }
    guard let state = ledger.states[workload] else { return }
    try conclude(state, schedule)
  }

  /// Prepares, warms up, checks, times, checks and stores. Samples taken before a failure are kept, unless
  /// the output was wrong.
  private func sample(
    _ workload: Workload, by schedule: Measurement.Schedule
  ) throws(Campaign.Interruption) {
    var state = ledger.states[workload] ?? RowState(workload)
    var samples: [Sample] = []
    var failure: Failure?
    do throws(Failure) {
      try sampler.sample(&state, by: schedule.name, into: &samples)
    } catch {
      guard error.kind != .wrongOutput else { throw .failure(error) }
      failure = error
    }
    do throws(Campaign.Stop) {
      let after = failure == nil ? try device.readingAfter() : nil
      let speed = device.stopwatch.speed.level
      // Nobody can say how fast the device was before its first reading.
      if !samples.isEmpty, speed != .none || !device.stopwatch.hasReference {
        for index in samples.indices { samples[index].speed = speed }
        setbacks[workload]?.gain()
        state.samples += samples
        try ledger.add(samples, to: state, by: schedule, reading: after)
      }
    } catch {
      throw .stop(error)
    }
    if let failure { throw .failure(failure) }
  }

  /// Takes more samples of a row that is done, which keeps its figure until all of its samples give another. False
  /// where that failed; a row whose output is wrong now is no longer done.
  func prolong(_ workload: Workload) throws(Campaign.Stop) -> Bool {
    guard case .measured(var measurement) = ledger.results[workload] else { return false }
    do throws(Campaign.Interruption) {
      try sample(workload, by: measurement.schedule)
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .failure(let failure):
        if shouldStop() { return false }
        if failure.kind == .wrongOutput { ledger.reopen(workload) }
        try device.recover(from: failure)
        return false
      }
    }
    guard let state = ledger.states[workload] else { return false }
    let judgement = ledger.judgement(of: state)
    guard let latency = judgement.latency, judgement.clockFailure == nil,
      judgement.verdict.givesFigure
    else { return true }
    measurement.latency = latency
    measurement.check = state.check ?? measurement.check
    try ledger.record(workload, .measured(measurement))
    ledger.report(.sampled(workload, latency, ledger.progress))
    return true
  }

  /// Finishes a row that has enough samples, or none that can be believed.
  private func conclude(
    _ state: RowState, _ schedule: Measurement.Schedule
  ) throws(Campaign.Stop) {
    let workload = state.workload
    let judgement = ledger.judgement(of: state)
    if let failure = judgement.clockFailure {
      if setbacks[workload, default: .row].allowAnotherTry(after: failure) {
        return ledger.report(.sampled(workload, judgement.latency, ledger.progress))
      }
      // Another schedule would be timed by the same clock.
      ledger.discard(workload)
      return try ledger.finish(workload, .failed(failure))
    }
    guard judgement.verdict != .more else {
      return ledger.report(.sampled(workload, judgement.latency, ledger.progress))
    }
    guard let latency = judgement.latency, let check = state.check else {
      let reason = "\(state.samples.count) samples give no positive time for a dispatch"
      return try fail(workload, schedule, Failure(.implausibleTime, reason))
    }
    if judgement.verdict == .tooNoisy {
      return try ledger.finish(workload, .failed(latency.tooNoisy))
    }
    try ledger.finish(
      workload,
      .measured(
        Measurement(
          latency: latency, schedule: schedule, compiled: state.compiled, check: check,
          efficiency: ledger.efficiency(of: workload, latency))))
  }

  /// After a failure that may pass the row's next visit tries again. Otherwise, where the schedule won a
  /// race, the next best takes its place; else the row has failed.
  private func fail(
    _ workload: Workload, _ schedule: Measurement.Schedule, _ failure: Failure
  ) throws(Campaign.Stop) {
    // A row that was interrupted has not failed.
    if shouldStop() { return }
    if setbacks[workload, default: .row].allowAnotherTry(after: failure) {
      try device.recover(from: failure)
      return
    }
    ledger.discard(workload)
    if try !tuner.demote(schedule, of: workload, failure) {
      try ledger.finish(workload, .failed(failure))
    }
    try device.recover(from: failure)
  }
}

/// Rows on a device that is there but cannot be timed: a driver that only compiles, one that computes wrong
/// results, or one whose clock stands still.
extension Visits {
  /// Runs a row once without timing it. It fails by what its check finds; if that finds nothing, since
  /// the device could not be warmed up.
  func examine(
    _ workload: Workload, after warmUpFailure: Failure
  ) throws(Campaign.Stop) {
    var failure = warmUpFailure
    do throws(Campaign.Interruption) {
      try runOnce(workload)
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .failure(let found): failure = found
      }
    }
    try ledger.attempts.end()
    if shouldStop() { return }
    device.backend.release(workload, except: nil)
    try ledger.finish(workload, .failed(failure))
    try device.recover(from: failure)
  }

  private func runOnce(_ workload: Workload) throws(Campaign.Interruption) {
    let schedule: String
    do throws(Failure) {
      schedule = try tuner.likelySchedule(for: workload)
    } catch {
      throw .failure(error)
    }
    try ledger.attempts.begin(workload, schedule)
    do throws(Failure) { try sampler.runOnce(workload, by: schedule) } catch {
      throw .failure(error)
    }
  }
}
