internal import Store
import Tables
import Workloads

/// A driver may crash or hang with the whole process when it compiles or first runs a kernel. Each
/// first run is noted in the store before, so that the next process knows.
///
/// A process can also be killed there by chance. Only a schedule in which two processes ended is
/// believed to have ended them; until then its row comes last, so that the others are safe.
extension Campaign {
  private static let believed = 2

  /// Notes that a schedule is run for the first time.
  func beginAttempt(_ workload: Workload, _ schedule: String) throws(Interruption) {
    if let before = attempts.first(where: {
      $0.workload == workload.name && $0.schedule == schedule
    }) {
      if before.isGivenUp { throw .failure(.crashed(before)) }
      if before.count >= Self.believed {
        // The attempt before has ended well.
        do throws(Stop) { try endAttempt() } catch { throw .stop(error) }
        throw .stop(.crashed(before))
      }
    }
    guard let session else { return }
    do throws(StoreError) {
      try store.begin(workload, schedule: schedule, session: session)
    } catch {
      throw .stop(.store(error))
    }
    attempt = (workload, schedule)
  }

  /// Notes that the first run has ended, well or with an error.
  func endAttempt() throws(Stop) {
    guard let session, let attempt else { return }
    try stopping { () throws(StoreError) in try store.endAttempt(of: session) }
    attempts.removeAll {
      !$0.isGivenUp && $0.workload == attempt.workload.name && $0.schedule == attempt.schedule
    }
    self.attempt = nil
  }

  /// Whether a process ended in a first run of this workload.
  func isSuspect(_ workload: Workload) -> Bool {
    attempts.contains { !$0.isGivenUp && $0.workload == workload.name }
  }

  /// Whether a process ended in the first run of this schedule.
  func isSuspect(_ workload: Workload, _ schedule: String) -> Bool {
    attempts.contains {
      !$0.isGivenUp && $0.workload == workload.name && $0.schedule == schedule
    }
  }

  /// What a reader should know of attempts that did not end.
  var suspicions: [String] {
    let names = Set(plan.workloads.map(\.name))
    return attempts.filter { !$0.isGivenUp && names.contains($0.workload) }.map {
      "A process ended while it first ran \($0.schedule) for \($0.workload); that comes last now."
    }
  }
}

extension Failure {
  /// What a schedule that ended processes comes to.
  static func crashed(_ attempt: Store.Attempt) -> Failure {
    Failure(
      .driver,
      "the driver crashed or hung: \(attempt.count == 1 ? "a process" : "\(attempt.count) processes") "
        + "ended while this schedule was first run")
  }
}
