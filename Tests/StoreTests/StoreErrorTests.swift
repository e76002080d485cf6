import FoundationEssentials
import GRDB
import Store
import TableExamples
import Tables
import Testing

#if canImport(Glibc)
  import Glibc
#endif

private let schedule = "direct/4x2x16/wg8x4/in:texel/w:uniform"
private let scope = Store.Scope(fingerprint: "llvmpipe-1", condition: "method 1")

@Suite("A store that cannot be used")
struct StoreErrorTests {
  @Test("a file that is no database is damaged, and stays as it is")
  func garbage() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let garbage = Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      try garbage.write(to: URL(filePath: path))
      let error = #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(error?.isBadContent == true)
      #expect(
        error?.description
          == "store \(path): is not a store that can be read: file is not a database; "
          + "move it away and a new one is made")
      #expect(try Data(contentsOf: URL(filePath: path)) == garbage)
    }
  }

  @Test("a store cut off is damaged", arguments: [0.3, 0.6, 0.9])
  func truncated(_ share: Double) throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path)
      for row in exampleTable.rows {
        try store.finish(row.workload, schedule: schedule, result: row.result, in: scope)
      }
      let whole = try Data(contentsOf: URL(filePath: path))
      let cut = "\(folder)/cut.sqlite"
      try whole.prefix(Int(Double(whole.count) * share)).write(to: URL(filePath: cut))
      let error = #expect(throws: StoreError.self) { try Store(path: cut).stored(in: scope) }
      #expect(error?.isBadContent == true, "\(String(describing: error))")
    }
  }

  @Test("a row that cannot be understood is damage")
  func wrongRow() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path)
      try store.finish(exampleWorkloads[0], schedule: schedule, result: exampleFailure, in: scope)
      let queue = try DatabaseQueue(path: path)
      for result in ["'{'", "'{}'", "x'ff'", "7"] {
        try queue.write { try $0.execute(sql: "UPDATE row SET result = \(result)") }
        let error = #expect(throws: StoreError.self) { try store.stored(in: scope) }
        #expect(error?.isBadContent == true, "\(result): \(String(describing: error))")
      }
    }
  }

  @Test("a database of another program is not touched")
  func anotherProgram() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let queue = try DatabaseQueue(path: path)
      try queue.write { try $0.execute(sql: "CREATE TABLE holiday (day TEXT)") }
      let error = #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(error?.problem == .damaged("it is a database of another program"))
      let tables = try queue.read {
        try String.fetchAll($0, sql: "SELECT name FROM sqlite_master")
      }
      #expect(tables == ["holiday"])
    }
  }

  @Test("a store killed while it was being made is made")
  func halfMade() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      }
      #expect(try Store(path: path).stored(in: scope) == [:])
    }
  }

  @Test("a store of a newer version is refused")
  func newer() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      _ = try Store(path: path)
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('4')")
      }
      let error = #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(error?.problem == .newer)
      #expect(error?.isBadContent == true)
    }
  }

  @Test("a folder that cannot be made is unreachable")
  func noFolder() throws {
    try inTemporaryFolder { folder in
      try Data().write(to: URL(filePath: "\(folder)/file"))
      let path = "\(folder)/file/srprof/store.sqlite"
      let error = #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(error?.problem == .unreachable("Not a directory"))
      #expect(error?.isBadContent == false)
      #expect(throws: StoreError(file: folder, .unreachable("it is not a file"))) {
        try Store(path: folder)
      }
    }
  }

  @Test(
    "a folder that cannot be written is unreachable",
    .disabled(if: geteuid() == 0, "root may write to every folder"))
  func readOnlyFolder() throws {
    try inTemporaryFolder { folder in
      let files = FileManager.default
      try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
      defer { try? files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
      let error = #expect(throws: StoreError.self) { try Store(path: "\(folder)/store.sqlite") }
      #expect(error?.problem == .unreachable("Permission denied"))
      let table = #expect(throws: TableError.self) { try exampleTable.write(to: "\(folder)/a") }
      #expect(table?.problem == .cannotWrite("Permission denied"))
    }
  }

  @Test("a store that cannot grow says so, and keeps what it has")
  func full() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path, maximumBytes: 100_000)
      let session = try store.startSession(in: scope)
      let sample = Sample(
        chainLength: 8, nanoseconds: 1, wallNanoseconds: 2,
        speed: SpeedReading(arithmeticNanoseconds: 3))
      let batch = [Sample](repeating: sample, count: 100)
      var kept = 0
      let error = #expect(throws: StoreError.self) {
        while kept < 10_000 {
          try store.append(batch, to: exampleWorkloads[0], schedule: schedule, session: session)
          kept += batch.count
        }
      }
      #expect(error?.problem == .full)
      #expect(error?.isBadContent == false)
      #expect(kept >= 100)
      #expect(try store.stored(in: scope)[exampleWorkloads[0]]?[schedule]?.samples.count == kept)
      #expect(
        try Store(path: path).stored(in: scope)[exampleWorkloads[0]]?[schedule]?.samples.count
          == kept)
    }
  }

  @Test("a store that another process keeps writing is busy")
  func busy() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path, patience: 0.05)
      let other = try DatabaseQueue(path: path)
      try other.writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN IMMEDIATE")
        #expect(throws: StoreError(file: path, .busy)) { try store.startSession(in: scope) }
        try db.execute(sql: "ROLLBACK")
      }
      _ = try store.startSession(in: scope)
    }
  }
}
