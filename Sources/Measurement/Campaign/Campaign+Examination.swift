internal import Kernels
internal import Tables
internal import Workloads

/// What becomes of rows on a device that is there but cannot be timed: a driver that only compiles, one
/// that computes wrong results, or one whose clock stands still.
extension Campaign {
  /// Ends the campaign for a device that cannot go on; otherwise its rows will say what is wrong.
  func explain(_ failure: Failure) throws(Stop) {
    guard backend.isUsable, [.wrongOutput, .implausibleTime].contains(failure.kind) else {
      throw .device(failure)
    }
    reference = nil
    warmUpFailure = failure
    note(["The device cannot run the reference kernel, so no row can be timed: \(failure.reason)"])
  }

  /// Runs a row once without timing it. It fails by what its check finds; if that finds nothing, since
  /// the device could not be warmed up.
  func examine(_ workload: Workload, after warmUpFailure: Failure) throws(Stop) {
    var failure = warmUpFailure
    do throws(Interruption) {
      let schedule = try likelySchedule(for: workload)
      try beginAttempt(workload, schedule)
      try runOnce(workload, by: schedule)
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .failure(let found): failure = found
      }
    }
    try endAttempt()
    if shouldStop() { return }
    backend.release(workload, except: nil)
    try finish(workload, .failed(failure))
    try recover(from: failure)
  }

  /// The schedule the row would be measured with, or the standard one where a race would find it.
  private func likelySchedule(for workload: Workload) throws(Interruption) -> String {
    do throws(Failure) {
      if let known = try schedule(for: workload) { return known.name }
      if let standard = try backend.schedules(for: workload, effort: .quick).first {
        return standard
      }
      throw Failure(.unsupported, "there is no schedule for \(workload)")
    } catch {
      throw .failure(error)
    }
  }

  private func runOnce(_ workload: Workload, by schedule: String) throws(Interruption) {
    do throws(Failure) {
      let prepared = try backend.prepare(workload, schedule: schedule, ringSize: plan.ringSize)
      try prepared.poison()
      for _ in 0..<plan.ringSize {
        _ = try prepared.run(length: 1, watchdogNanoseconds: chainBudget.watchdogNanoseconds)
      }
      _ = try prepared.check()
    } catch {
      throw .failure(error)
    }
  }
}
