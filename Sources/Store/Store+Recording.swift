internal import FoundationEssentials
internal import GRDB
public import Tables
public import Workloads

extension Store {
  /// Records the device behind a fingerprint, or that it was seen again.
  public func record(
    device: DeviceDescription, fingerprint: String
  ) throws(StoreError) {
    let description = try json(device)
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO device VALUES (?1, ?2, ?3, ?3)
          ON CONFLICT DO UPDATE SET description = excluded.description, lastSeen = excluded.lastSeen
          """,
        arguments: [fingerprint, description, now])
    }
  }

  /// Records what the device can do at best under a scope's conditions.
  public func record(_ ceilings: Ceilings, in scope: Scope) throws(StoreError) {
    let text = try json(ceilings)
    try write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO scope VALUES (?, ?, ?)",
        arguments: [scope.fingerprint, scope.condition, text])
    }
  }

  /// Begins a run, whose samples and readings belong to `scope`.
  public func startSession(in scope: Scope) throws(StoreError) -> Session {
    try write { db in
      try db.execute(
        sql: "INSERT INTO session (fingerprint, condition, started) VALUES (?, ?, ?)",
        arguments: [scope.fingerprint, scope.condition, now])
      return Session(scope: scope, id: db.lastInsertedRowID)
    }
  }

  /// Records samples of a workload by a schedule, and readings of the reference kernels taken beside
  /// them, all or nothing.
  public func append(
    _ samples: [Sample], to workload: Workload, schedule: String, readings: [SpeedReading] = [],
    session: Session
  ) throws(StoreError) {
    let key = try json(workload)
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO row (fingerprint, condition, name, schedule, workload, updated)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET updated = excluded.updated
          """,
        arguments: [
          session.scope.fingerprint, session.scope.condition, workload.name, schedule, key, now,
        ])
      let row = try Int64.fetchOne(
        db,
        sql: """
          SELECT id FROM row
          WHERE fingerprint = ? AND condition = ? AND name = ? AND schedule = ?
          """,
        arguments: [
          session.scope.fingerprint, session.scope.condition, workload.name, schedule,
        ])
      try insert(readings, session, db)
      for sample in samples {
        try db.execute(
          sql: """
            INSERT INTO sample (row, session, visit, chainLength, nanoseconds, wallNanoseconds,
              referenceNanoseconds, memoryReferenceNanoseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            row, session.id, sample.visit, sample.chainLength, sample.nanoseconds,
            sample.wallNanoseconds, sample.speed.arithmeticNanoseconds,
            sample.speed.memoryNanoseconds,
          ])
      }
    }
  }

  /// Records what a workload came to by a schedule; its row is done, and replaces one that was. A
  /// failure takes the samples with it, so that the next try begins afresh. A workload that failed
  /// before it had a schedule has ''.
  public func finish(
    _ workload: Workload, schedule: String, result: Tables.Row.Result, in scope: Scope
  ) throws(StoreError) {
    let key = try json(workload)
    let text = try json(result)
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO row (fingerprint, condition, name, schedule, workload, status, result, updated)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET status = excluded.status, result = excluded.result,
            updated = excluded.updated
          """,
        arguments: [
          scope.fingerprint, scope.condition, workload.name, schedule, key,
          result.status.rawValue, text, now,
        ])
      if result.status == .failed {
        try db.execute(
          sql: """
            DELETE FROM sample WHERE row IN
              (SELECT id FROM row
               WHERE fingerprint = ? AND condition = ? AND name = ? AND schedule = ?)
            """,
          arguments: [scope.fingerprint, scope.condition, workload.name, schedule])
      }
    }
  }

  /// Forgets workloads with their samples, their races too if asked, and the scope's readings of the reference kernel.
  public func erase(
    _ workloads: [Workload], in scope: Scope, races: Bool = true
  ) throws(StoreError) {
    try write { db in
      for workload in workloads {
        for table in races ? ["row", "race"] : ["row"] {
          try db.execute(
            sql: "DELETE FROM \(table) WHERE fingerprint = ? AND condition = ? AND name = ?",
            arguments: [scope.fingerprint, scope.condition, workload.name])
        }
      }
      for workload in races ? workloads : [] {
        try db.execute(
          sql: "DELETE FROM attempt WHERE fingerprint = ? AND name = ?",
          arguments: [scope.fingerprint, workload.name])
      }
      try db.execute(
        sql: """
          DELETE FROM reading WHERE session IN
            (SELECT id FROM session WHERE fingerprint = ? AND condition = ?)
          """,
        arguments: [scope.fingerprint, scope.condition])
    }
  }

  func insert(_ readings: [SpeedReading], _ session: Session, _ db: Database) throws {
    for reading in readings {
      try db.execute(
        sql:
          "INSERT INTO reading (session, nanoseconds, memoryNanoseconds, time) VALUES (?, ?, ?, ?)",
        arguments: [session.id, reading.arithmeticNanoseconds, reading.memoryNanoseconds, now])
    }
  }

  /// Seconds since 1970.
  var now: Double { Date().timeIntervalSince1970 }

  func json(_ value: some Encodable) throws(StoreError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw StoreError(file: path, .other("a value cannot be written as JSON: \(error)"))
    }
  }
}
