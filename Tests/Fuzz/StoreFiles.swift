internal import Foundation
internal import GRDB
internal import Kernels
internal import Measurement
import Statistics
import Store
internal import Tables
internal import Workloads

/// Stores and searches: made by the program, then changed as SQL can change them.
enum StoreFiles {
  /// What the stores have rows of.
  static let workloads: [Workload] = [
    try? Workload(.add(channels: 8), height: 20, width: 30),
    try? Workload(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8, activation: .relu)), height: 20,
      width: 30),
    try? Workload(.copy(channels: 4), height: 20, width: 30),
  ].compactMap { $0 }

  /// A store with something in every table.
  static func corpus() throws -> [[UInt8]] {
    let path = Scratch.path(".corpus")
    try? FileManager.default.removeItem(atPath: path)
    let backend = ScriptedDevice(
      DeviceLimits(maxTexelBufferElements: 1 << 27, maxUniformBufferRange: 1 << 16))
    let scope = backend.scope(at: .inNetwork)
    let store = try Store(path: path)
    let session = try store.startSession(in: scope)
    try store.record(device: backend.device, fingerprint: scope.fingerprint)
    try store.record(
      Ceilings(
        emptyDispatchNanoseconds: 1000, submissionNanoseconds: 2e4, fp32GigaflopsPerSecond: 10,
        copyGigabytesPerSecond: 5, copyPaths: ["storage": 5], copyFootprints: [1 << 22: 6]),
      in: scope)
    for (index, workload) in workloads.enumerated() {
      let schedules = backend.schedules(for: workload, effort: .quick)
      let samples = (0..<18).map {
        Sample(
          visit: $0 / 6, chainLength: 1 << ($0 % 3), nanoseconds: 1e6 * Double(1 << ($0 % 3)) + 2e4,
          wallNanoseconds: 5e6,
          speed: SpeedReading(arithmeticNanoseconds: 3e5, memoryNanoseconds: 2e6))
      }
      try store.append(
        samples, to: workload, schedule: schedules[0],
        readings: [3e5, 3.01e5].map { SpeedReading(arithmeticNanoseconds: $0) }, session: session)
      if index > 0 {
        try store.record(
          Race(
            workload: workload, effort: index == 1 ? .quick : .full,
            candidates: schedules.enumerated().map {
              Race.Candidate(
                schedule: $1, nanoseconds: 1e6 + Double($0),
                failure: $0 == 3 ? Failure(.driver, "it broke") : nil, rounds: 3)
            }), readings: [SpeedReading(arithmeticNanoseconds: 3.02e5)], session: session)
        try store.finish(
          workload, schedule: schedules[0], result: backend.result(workload, schedules[0]),
          in: scope)
      }
    }
    try store.begin(workloads[0], schedule: "direct/4x2x8/wg8x4", session: session)
    return [Array(try Data(contentsOf: URL(filePath: path)))]
  }

  /// Tables of a store, and of a search.
  static let tables = [
    "sample", "row", "race", "reading", "scope", "attempt", "session", "device",
  ]
  static let searchTables = ["setting", "trial", "candidate", "round"]

  /// Changes a value, takes out or doubles a record, or drops a table.
  static func mutate(
    _ bytes: inout [UInt8], _ tables: [String], _ random: inout SplitMix64
  ) throws {
    let path = Scratch.path(".mutated")
    try Data(bytes).write(to: URL(filePath: path))
    try? FileManager.default.removeItem(atPath: path + "-journal")
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
        try change(db, tables, &random)
      }
      try queue.close()
    } catch is DatabaseError {
      // It was damaged before.
      return bytes.mutate(with: bytes + [0], &random)
    }
    bytes = Array(try Data(contentsOf: URL(filePath: path)))
  }

  private static func change(
    _ db: Database, _ tables: [String], _ random: inout SplitMix64
  ) throws {
    let table = tables[min(random.below(tables.count), random.below(tables.count))]
    let columns = try db.columns(in: table).map(\.name).filter { $0 != "id" }
    let column = columns[random.below(columns.count)]
    let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
    let record =
      "rowid = (SELECT rowid FROM \(table) LIMIT 1 OFFSET \(random.below(max(count, 1))))"
    switch random.below(16) {
    case 0: try db.execute(sql: "DELETE FROM \(table) WHERE \(record)")
    case 1: if random.below(8) == 0 { try db.execute(sql: "DROP TABLE \(table)") }
    case 2:
      let list = columns.joined(separator: ", ")
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          INSERT OR IGNORE INTO \(table) (\(list)) SELECT \(list) FROM \(table), n WHERE \(record)
          """, arguments: [1 << random.below(12)])
    default:
      let old = try DatabaseValue.fetchOne(
        db, sql: "SELECT \(column) FROM \(table) WHERE \(record)")
      try db.execute(
        sql: "UPDATE OR IGNORE \(table) SET \(column) = ? WHERE \(record)",
        arguments: [value(old ?? .null, &random)])
    }
  }

  /// Something else in place of a value: mostly of its own type.
  private static func value(_ old: DatabaseValue, _ random: inout SplitMix64) -> DatabaseValue {
    switch (old.storage, random.below(8)) {
    case (.string(let text), 1...):
      var bytes = Array(text.utf8)
      bytes.mutateTokens(with: bytes + [0x30], &random)
      return String(decoding: bytes, as: UTF8.self).databaseValue
    case (_, 0):
      return [
        DatabaseValue.null, Data([0, 0xff, 0x7b]).databaseValue, "text".databaseValue,
        "".databaseValue,
      ][random.below(4)]
    default:
      let text = extremeNumber(&random)
      if let int = Int64(text) { return int.databaseValue }
      return Double(text).map(\.databaseValue) ?? text.databaseValue
    }
  }
}
