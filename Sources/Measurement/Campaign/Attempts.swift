internal import Store
import Tables
import Workloads

/// A kernel may take the whole machine with it when the driver compiles or first runs it: a phone that
/// reboots, a workstation that stands still. Each first run is noted in the store before, so that the next
/// process knows. A driver that only crashes ends its executor, and never comes here.
///
/// A process can also end there by chance. Only a schedule in which two processes ended is believed to have
/// ended them; until then its row comes last, so that the others are safe.
final class Attempts {
  private let store: Store
  private var session: Store.Session?
  /// Schedules in whose first run a process ended.
  private var unfinished: [Store.Attempt] = []
  /// The schedule that is being run for the first time.
  private var current: (workload: Workload, schedule: String)?

  private static let believed = 2

  init(_ store: Store) {
    self.store = store
  }

  /// Takes over those of earlier runs.
  func resume(in session: Store.Session) throws(StoreError) {
    self.session = session
    unfinished = try store.attempts(fingerprint: session.scope.fingerprint)
  }

  /// Notes that a schedule is run for the first time.
  func begin(_ workload: Workload, _ schedule: String) throws(Campaign.Interruption) {
    if let before = unfinished.first(where: {
      $0.workload == workload.name && $0.schedule == schedule
    }) {
      if before.count >= Self.believed { throw .failure(.crashed(before)) }
    }
    guard let session else { return }
    do throws(StoreError) {
      try store.begin(workload, schedule: schedule, session: session)
    } catch {
      throw .stop(.store(error))
    }
    current = (workload, schedule)
  }

  /// Notes that the first run has ended, well or with an error.
  func end() throws(Campaign.Stop) {
    guard let session, let attempt = current else { return }
    do throws(StoreError) { try store.endAttempt(of: session) } catch { throw .store(error) }
    unfinished.removeAll {
      $0.workload == attempt.workload.name && $0.schedule == attempt.schedule
    }
    current = nil
  }

  /// Whether a process ended in a first run of this workload.
  func isSuspect(_ workload: Workload) -> Bool {
    unfinished.contains { $0.workload == workload.name }
  }

  /// Whether a process ended in the first run of this schedule.
  func isSuspect(_ workload: Workload, _ schedule: String) -> Bool {
    unfinished.contains { $0.workload == workload.name && $0.schedule == schedule }
  }

  /// Sentences for a reader about attempts at some workloads that did not end.
  func suspicions(of workloads: [Workload]) -> [String] {
    let names = Set(workloads.map(\.name))
    return unfinished.filter { $0.count < Self.believed && names.contains($0.workload) }.map {
      "A process ended while it first ran \($0.schedule) for \($0.workload); that comes last now."
    }
  }
}

extension Failure {
  /// The failure of a schedule that ended processes, with the machine or without it.
  fileprivate static func crashed(_ attempt: Store.Attempt) -> Failure {
    Failure(
      .crashed,
      "\(attempt.count) processes ended while this schedule was first run, as if the machine had gone down; "
        + "--fresh tries it again")
  }
}
