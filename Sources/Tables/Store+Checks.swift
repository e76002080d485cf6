internal import GRDB
public import Workloads

extension Store {
  /// Schedules whose outputs were compared with the reference answer in a scope and were right, by workload:
  /// those of measured rows, and those that were timed in races.
  public func checkedSchedules(in scope: Scope) throws(StoreError) -> [Workload: Set<String>] {
    var checked: [Workload: Set<String>] = try read { db in
      let rows = try GRDB.Row.fetchCursor(
        db,
        sql: """
          SELECT workload, schedule FROM row WHERE fingerprint = ? AND condition = ? AND status = ?
          """,
        arguments: [scope.fingerprint, scope.condition, Row.Result.Status.measured.rawValue])
      var measured: [Workload: Set<String>] = [:]
      while let row = try rows.next() {
        let workload = try parsed(row.decode(String.self, atIndex: 0)) {
          (it) throws(TableError.Problem) in try it.workload(0)
        }
        measured[workload, default: []].insert(try row.decode(String.self, atIndex: 1))
      }
      return measured
    }
    for race in try races(in: scope) {
      for candidate in race.candidates where candidate.validNanoseconds != nil {
        checked[race.workload, default: []].insert(candidate.schedule)
      }
    }
    return checked
  }
}
