internal import GRDB
internal import Tables
public import Workloads

extension Store {
  /// Schedules whose outputs were compared with the reference answer in a scope and were right, by workload:
  /// those of measured rows, and those that were timed in races.
  public func checkedSchedules(in scope: Scope) throws(StoreError) -> [Workload: Set<String>] {
    var checked: [Workload: Set<String>] = try read { db in
      var measured: [Workload: Set<String>] = [:]
      try forEachRecord(
        of: "row", ["name", "workload", "schedule"],
        "WHERE fingerprint = ? AND condition = ? AND status = ?",
        [scope.fingerprint, scope.condition, Tables.Row.Result.Status.measured.rawValue], in: db
      ) { record in
        let workload = try record.workload(1, named: 0)
        measured[workload, default: []].insert(try record.text(2))
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
