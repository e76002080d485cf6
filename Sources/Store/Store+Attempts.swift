internal import GRDB
internal import Tables
public import Workloads

extension Store {
  /// A schedule whose first run on a device did not come to an end: the process ended there.
  public struct Attempt: Hashable, Sendable {
    /// Name of the workload.
    public let workload: String
    public let schedule: String
    /// How many processes ended there.
    public let count: Int
  }

  /// Notes that a schedule is about to be compiled and run for the first time; the session's attempt
  /// before has ended well.
  public func begin(
    _ workload: Workload, schedule: String, session: Session
  ) throws(StoreError) {
    try write { db in
      try delete(session, db)
      try db.execute(
        sql: """
          INSERT INTO attempt VALUES (?, ?, ?, ?, 1, 0, ?)
          ON CONFLICT DO UPDATE SET count = count + 1, session = excluded.session,
            time = excluded.time
          """,
        arguments: [session.scope.fingerprint, workload.name, schedule, session.id, now])
    }
  }

  /// Notes that the session's attempt has ended, well or with an error.
  public func endAttempt(of session: Session) throws(StoreError) {
    try write { db in try delete(session, db) }
  }

  /// Attempts that ended their processes, on the device of a fingerprint.
  /// Only meaningful while no other process tries anything there.
  public func attempts(fingerprint: String) throws(StoreError) -> [Attempt] {
    try read { db in
      var attempts: [Attempt] = []
      try forEachRecord(
        of: "attempt", ["name", "schedule", "count"],
        "WHERE fingerprint = ? ORDER BY time", [fingerprint], in: db
      ) { record in
        attempts.append(
          Attempt(
            workload: try record.text(0), schedule: try record.text(1),
            count: try record.int(2, in: Bounds.attempts)))
      }
      return attempts
    }
  }

  private func delete(_ session: Session, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM attempt WHERE session = ?", arguments: [session.id])
  }
}
