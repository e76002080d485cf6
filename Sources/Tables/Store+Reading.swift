internal import FoundationEssentials
internal import GRDB
public import Workloads

extension Store {
  /// The device last recorded for a fingerprint.
  public func device(fingerprint: String) throws(StoreError) -> DeviceDescription? {
    try read { db in
      let text = try String.fetchOne(
        db, sql: "SELECT description FROM device WHERE fingerprint = ?", arguments: [fingerprint])
      return try text.map { try JSONDecoder().decode(DeviceDescription.self, from: Data($0.utf8)) }
    }
  }

  /// The ceilings last recorded for a scope.
  public func ceilings(in scope: Scope) throws(StoreError) -> Ceilings? {
    try read { db in
      let text = try String.fetchOne(
        db, sql: "SELECT ceilings FROM scope WHERE fingerprint = ? AND condition = ?",
        arguments: [scope.fingerprint, scope.condition])
      return try text.map { try JSONDecoder().decode(Ceilings.self, from: Data($0.utf8)) }
    }
  }

  /// Everything recorded for the workloads of a scope, by the name of the schedule; '' where a
  /// workload failed before it had one.
  public func stored(in scope: Scope) throws(StoreError) -> [Workload: [String: StoredRow]] {
    try read { db in
      var keys: [Int64: (workload: Workload, schedule: String)] = [:]
      var stored: [Int64: StoredRow] = [:]
      let rows = try GRDB.Row.fetchCursor(
        db,
        sql:
          "SELECT id, workload, result, schedule FROM row WHERE fingerprint = ? AND condition = ?",
        arguments: [scope.fingerprint, scope.condition])
      while let row = try rows.next() {
        let id = try row.decode(Int64.self, atIndex: 0)
        let workload = try parsed(row.decode(String.self, atIndex: 1)) {
          (it) throws(TableError.Problem) in try it.workload(0)
        }
        keys[id] = (workload, try row.decode(String.self, atIndex: 3))
        var storedRow = StoredRow()
        if let text = try row.decode(String?.self, atIndex: 2) {
          storedRow.result = try parsed(text) { (it) throws(TableError.Problem) in
            try it.result()
          }
        }
        stored[id] = storedRow
      }
      let samples = try GRDB.Row.fetchCursor(
        db,
        sql: """
          SELECT sample.row, visit, chainLength, nanoseconds, wallNanoseconds, referenceNanoseconds
          FROM sample JOIN row ON row.id = sample.row
          WHERE fingerprint = ? AND condition = ? ORDER BY sample.id
          """,
        arguments: [scope.fingerprint, scope.condition])
      while let row = try samples.next() {
        let sample = Sample(
          visit: try row.decode(atIndex: 1), chainLength: try row.decode(atIndex: 2),
          nanoseconds: try row.decode(atIndex: 3), wallNanoseconds: try row.decode(atIndex: 4),
          referenceNanoseconds: try row.decode(atIndex: 5))
        let id = try row.decode(Int64.self, atIndex: 0)
        stored[id]?.samples.append(sample)
      }
      var result: [Workload: [String: StoredRow]] = [:]
      for (id, key) in keys { result[key.workload, default: [:]][key.schedule] = stored[id] }
      return result
    }
  }

  /// Readings of the reference kernel in a scope, in nanoseconds, in the order they were recorded.
  public func readings(in scope: Scope) throws(StoreError) -> [Double] {
    try read { db in
      try Double.fetchAll(
        db,
        sql: """
          SELECT nanoseconds FROM reading JOIN session ON session.id = reading.session
          WHERE fingerprint = ? AND condition = ? ORDER BY reading.id
          """,
        arguments: [scope.fingerprint, scope.condition])
    }
  }

  func parsed<Value>(
    _ text: String, _ body: (JSONReader) throws(TableError.Problem) -> Value
  ) throws(StoreError) -> Value {
    var reader = JSONReader(Array(text.utf8))
    do {
      try reader.readValue()
      return try body(reader)
    } catch {
      throw StoreError(file: path, .damaged("a row in it: \(error.sentence)"))
    }
  }
}
