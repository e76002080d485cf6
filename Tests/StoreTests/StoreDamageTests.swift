import GRDB
import Store
import TableExamples
import Tables
import Testing
import Workloads

private let schedule = "direct/4x2x16/wg8x4/in:texel/w:uniform"
private let scope = Store.Scope(fingerprint: "llvmpipe-1", condition: "method 1")
private let workload = exampleWorkloads[0]

@Suite("A store with values that nobody measured")
struct StoreDamageTests {
  @Test(
    "is refused, with the record and what is wrong with it",
    arguments: [
      ("sample SET chainLength = -4", "sample 1, in which chainLength is -4, not 1 to 4096"),
      ("sample SET chainLength = 0", "sample 1, in which chainLength is 0"),
      ("sample SET chainLength = 4097", "sample 1, in which chainLength is 4097"),
      ("sample SET chainLength = 2.5", "sample 1, in which chainLength is 2.5"),
      ("sample SET visit = 9223372036854775807", "sample 1, in which visit is 9223372036854775807"),
      ("sample SET visit = -1 WHERE id = 2", "sample 2, in which visit is -1"),
      ("sample SET visit = 'three'", "sample 1, in which visit is a text"),
      ("sample SET visit = x'00'", "sample 1, in which visit is a blob"),
      ("sample SET nanoseconds = 'long'", "sample 1, in which nanoseconds is a text"),
      ("sample SET nanoseconds = 0", "sample 1, in which nanoseconds is 0.0"),
      ("sample SET nanoseconds = -1e6", "sample 1, in which nanoseconds is -1000000.0"),
      ("sample SET nanoseconds = 1e-310", "sample 1, in which nanoseconds is 1e-310"),
      ("sample SET nanoseconds = 9e999", "sample 1, in which nanoseconds is inf"),
      ("sample SET wallNanoseconds = -9e999", "sample 1, in which wallNanoseconds is -inf"),
      ("sample SET wallNanoseconds = 1e300", "sample 1, in which wallNanoseconds is 1e+300"),
      ("sample SET referenceNanoseconds = -1", "sample 1, in which referenceNanoseconds is -1.0"),
      (
        "sample SET memoryReferenceNanoseconds = -1",
        "sample 1, in which memoryReferenceNanoseconds is -1.0"
      ),
      ("reading SET nanoseconds = 9e999", "reading 1, in which nanoseconds is inf"),
      ("reading SET nanoseconds = -1 WHERE id = 2", "reading 2, in which nanoseconds is -1.0"),
      ("reading SET nanoseconds = 'soon'", "reading 1, in which nanoseconds is a text"),
      ("row SET name = 'add 1 1x1'", "row 1, in which name is not 'conv3x3 32->32 180x320 relu'"),
      ("row SET workload = '{}'", "row 1, in which workload.operator is missing"),
      ("row SET workload = '[]'", "row 1, in which workload.operator is missing"),
      ("row SET workload = x'7b7d'", "row 1, in which workload is a blob"),
      ("row SET result = '{'", "row 1, in which result ends in the middle, after 1 bytes"),
      ("row SET result = '{} {}'", "row 1, in which result is not JSON: something follows"),
      (
        "row SET result = replace(result, '1234567.25', '1e-310')",
        "row 1, in which result.latency.undisturbedNanoseconds is 1e-310"
      ),
      (
        "row SET result = replace(result, '\"samples\":48', '\"samples\":48,\"samples\":49')",
        "row 1, in which result has the key 'samples' twice in one object"
      ),
      ("race SET effort = 'great'", "race 1, in which effort is 'great', which is none"),
      ("race SET candidates = '{}'", "race 1, in which candidates is an object, not an array"),
      (
        "race SET candidates = replace(candidates, '2500000', '-1')",
        "race 1, in which candidates[0].nanoseconds is -1.0"
      ),
      (
        "race SET candidates = replace(candidates, '2500000', '1e999')",
        "race 1, in which candidates[0].nanoseconds is too large for a number"
      ),
      (
        "race SET candidates = replace(candidates, '\"rounds\":3', '\"rounds\":-3')",
        "race 1, in which candidates[0].rounds is -3"
      ),
      (
        """
        race SET candidates = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < 20000) SELECT json_group_array(json('{"schedule":"a","rounds":1}')) FROM n)
        """, "race 1, in which candidates 20000 candidates are more than there are schedules"
      ),
      ("scope SET ceilings = '{'", "scope 1, in which ceilings ends in the middle"),
      ("scope SET ceilings = '7'", "scope 1, in which ceilings is not of type"),
      (
        "scope SET ceilings = '{\"fp32GigaflopsPerSecond\":0}'",
        "scope 1, in which ceilings.fp32GigaflopsPerSecond is 0.0, not 1e-09 to "
      ),
      (
        "scope SET ceilings = '{\"copyPaths\":{\"texel\":-1}}'",
        "scope 1, in which ceilings.copyPaths.texel is -1.0"
      ),
      (
        "scope SET ceilings = '{\"emptyDispatchNanoseconds\":1e999}'",
        "scope 1, in which ceilings is not as it should be"
      ),
      (
        "scope SET ceilings = '{\"submissionNanoseconds\":1,\"submissionNanoseconds\":2}'",
        "scope 1, in which ceilings has the key 'submissionNanoseconds' twice"
      ),
      ("device SET description = '{}'", "device 1, in which description.name is missing"),
      ("device SET description = x'ff'", "device 1, in which description is a blob"),
      ("attempt SET count = -1", "attempt 1, in which count is -1"),
      (
        "attempt SET count = 9223372036854775807",
        "attempt 1, in which count is 9223372036854775807"
      ),
      ("attempt SET schedule = x'00'", "attempt 1, in which schedule is a blob, not a text"),
    ])
  func badRecord(_ change: String, _ expected: String) throws {
    try withStore { path, store in
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE \(change)") }
      let error = #expect(throws: StoreError.self) { try readAll(store) }
      let description = try #require(error).description
      #expect(description.hasPrefix("store \(path): has the \(expected)"), "\(description)")
      #expect(description.contains("; take it out (sqlite3 FILE 'DELETE FROM "))
      #expect(!description.contains("\n"))
      #expect(error?.isBadContent == true)
    }
  }

  @Test("without the record that is named, the store can be read")
  func withoutTheRecord() throws {
    try withStore { path, store in
      let queue = try DatabaseQueue(path: path)
      try queue.write { try $0.execute(sql: "UPDATE sample SET chainLength = -4 WHERE id = 2") }
      #expect(throws: StoreError.self) { try readAll(store) }
      try queue.write { try $0.execute(sql: "DELETE FROM sample WHERE rowid = 2") }
      #expect(try store.stored(in: scope)[workload]?[schedule]?.samples.count == 2)
    }
  }

  @Test(
    "lacks a table or a column: one sentence says which",
    arguments: [
      ("DROP TABLE sample", "its SQLite table 'sample' is missing"),
      ("DROP TABLE reading", "its SQLite table 'reading' is missing"),
      (
        "ALTER TABLE sample DROP COLUMN visit", "its SQLite table 'sample' lacks the column 'visit'"
      ),
      (
        "CREATE TRIGGER later AFTER INSERT ON session BEGIN DELETE FROM sample; END",
        "it has triggers or views, which no store has"
      ),
    ])
  func otherTables(_ change: String, _ expected: String) throws {
    try withStore { path, _ in
      let queue = try DatabaseQueue(path: path)
      try queue.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA foreign_keys = OFF; \(change)")
      }
      #expect(throws: StoreError(file: path, .damaged(expected))) { try Store(path: path) }
    }
  }

  @Test("a table that goes while the store is open is damage too")
  func tableGoes() throws {
    try withStore { path, store in
      try DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TABLE reading") }
      let error = #expect(throws: StoreError.self) { try readAll(store) }
      #expect(
        error?.problem == .damaged("its SQLite tables are not a store's: no such table: reading"))
    }
  }

  @Test("chains of many lengths are refused: a plan has three")
  func manyLengths() throws {
    try withStore { path, store in
      try DatabaseQueue(path: path).write { db in
        for length in 1...20 {
          try db.execute(
            sql: """
              INSERT INTO sample (row, session, visit, chainLength, nanoseconds, wallNanoseconds,
                referenceNanoseconds) VALUES (1, 1, 0, ?, 1, 1, 1)
              """, arguments: [length])
        }
      }
      let error = #expect(throws: StoreError.self) { try readAll(store) }
      #expect(error?.description.contains("one of more than 16 in its row") == true)
    }
  }

  @Test("of very many samples of a row, the latest are read")
  func manySamples() throws {
    try withStore { path, store in
      try DatabaseQueue(path: path).write {
        try $0.execute(
          sql: """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
            INSERT INTO sample (row, session, visit, chainLength, nanoseconds, wallNanoseconds,
              referenceNanoseconds) SELECT 1, 1, i, 8, 1, 1, 1 FROM n
            """)
      }
      let samples = try store.stored(in: scope)[workload]?[schedule]?.samples
      #expect(samples?.count == 1 << 16)
      #expect(samples?.last?.visit == 200_000)
    }
  }

  @Test("a reading of zero is none")
  func zeroReading() throws {
    try withStore { path, store in
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "UPDATE reading SET nanoseconds = 0 WHERE id = 1")
      }
      #expect(try store.readings(in: scope).map(\.arithmeticNanoseconds) == [3e5])
    }
  }

  /// Everything that a campaign reads, and the device.
  private func readAll(_ store: Store) throws {
    _ = try store.device(fingerprint: scope.fingerprint)
    _ = try store.readings(in: scope)
    _ = try store.ceilings(in: scope)
    _ = try store.stored(in: scope)
    _ = try store.races(in: scope)
    _ = try store.attempts(fingerprint: scope.fingerprint)
  }

  /// Runs `body` with a store that has something in every table.
  private func withStore(_ body: (String, Store) throws -> Void) throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path)
      let session = try store.startSession(in: scope)
      try store.record(device: exampleDevice, fingerprint: scope.fingerprint)
      try store.record(Ceilings(emptyDispatchNanoseconds: 1000), in: scope)
      let samples = (0..<3).map {
        Sample(
          visit: $0, chainLength: 8, nanoseconds: 1e6, wallNanoseconds: 2e6,
          speed: SpeedReading(arithmeticNanoseconds: 3e5))
      }
      try store.append(
        samples, to: workload, schedule: schedule,
        readings: [3e5, 3e5].map { SpeedReading(arithmeticNanoseconds: $0) }, session: session)
      try store.finish(workload, schedule: schedule, result: measured(workload), in: scope)
      try store.record(
        Race(
          workload: workload, effort: .quick,
          candidates: [.init(schedule: schedule, nanoseconds: 2_500_000, rounds: 3)]),
        session: session)
      try store.begin(workload, schedule: schedule, session: session)
      try body(path, store)
    }
  }
}
