internal import GRDB
public import Tables
internal import Workloads

extension Store {
  /// Every race recorded in a scope.
  public func races(in scope: Scope) throws(StoreError) -> [Race] {
    try read { db in
      var races: [Race] = []
      try forEachRecord(
        of: "race", ["name", "workload", "effort", "candidates"],
        "WHERE fingerprint = ? AND condition = ? ORDER BY id",
        [scope.fingerprint, scope.condition], in: db
      ) { races.append(try Race($0)) }
      return races
    }
  }

  /// Records a race in place of the one with the same effort, and readings of the reference kernels
  /// taken beside it.
  public func record(
    _ race: Race, readings: [SpeedReading] = [], session: Session
  ) throws(StoreError) {
    let workload = try json(race.workload)
    let candidates = try json(race.candidates)
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO race
            (fingerprint, condition, name, effort, workload, winner, candidates, updated)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          session.scope.fingerprint, session.scope.condition, race.workload.name,
          race.effort.rawValue, workload, race.winner?.schedule, candidates, now,
        ])
      try insert(readings, session, db)
    }
  }
}

extension Race {
  fileprivate init(_ record: StoredRecord) throws(StoreError.Problem) {
    let word = try record.text(2)
    guard let effort = Tuning(rawValue: word) else {
      throw record.refusal("effort is '\(word)', which is none")
    }
    let candidates = try record.json(3) { (it) throws(TableError.Problem) in try it.candidates(0) }
    self.init(
      workload: try record.workload(1, named: 0), effort: effort, candidates: candidates)
  }
}
