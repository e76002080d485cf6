internal import GRDB
internal import Workloads

extension Store {
  /// Every race recorded in a scope.
  public func races(in scope: Scope) throws(StoreError) -> [Race] {
    try read { db in
      let rows = try GRDB.Row.fetchCursor(
        db,
        sql: """
          SELECT workload, effort, candidates FROM race WHERE fingerprint = ? AND condition = ?
          ORDER BY id
          """,
        arguments: [scope.fingerprint, scope.condition])
      var races: [Race] = []
      while let row = try rows.next() {
        let effort: String = try row.decode(atIndex: 1)
        guard let tuning = Tuning(rawValue: effort) else {
          throw StoreError(file: path, .damaged("a race in it has the effort '\(effort)'"))
        }
        let workload = try parsed(row.decode(String.self, atIndex: 0)) {
          (it) throws(TableError.Problem) in try it.workload(0)
        }
        let candidates = try parsed(row.decode(String.self, atIndex: 2)) {
          (it) throws(TableError.Problem) in try it.elements(of: 0, it.candidate)
        }
        races.append(Race(workload: workload, effort: tuning, candidates: candidates))
      }
      return races
    }
  }

  /// Records a race in place of the one with the same effort, and readings of the reference kernel
  /// taken beside it.
  public func record(
    _ race: Race, readings: [Double] = [], session: Session
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
