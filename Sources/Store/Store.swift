internal import Files
internal import GRDB
internal import GRDBSQLite
public import Tables

/// Everything that was measured, in one SQLite file: devices, raw samples, readings of the
/// reference kernel, and rows that are done.
///
/// Each function is one transaction: a process killed at any moment leaves a store with everything
/// that functions before had recorded. Several processes may use one file.
public final class Store: Sendable {
  /// What samples must share to be put together.
  public struct Scope: Hashable, Sendable {
    /// The device, its driver and the kernels.
    public var fingerprint: String
    /// Everything of the method that changes figures, in the caller's words.
    public var condition: String

    public init(fingerprint: String, condition: String) {
      self.fingerprint = fingerprint
      self.condition = condition
    }
  }

  /// One run of one process.
  public struct Session: Hashable, Sendable {
    public let scope: Scope
    let id: Int64
  }

  /// What is known of a workload.
  public struct StoredRow: Hashable, Sendable {
    /// In the order they were recorded.
    public internal(set) var samples: [Sample] = []
    /// `nil` for a row that is not done.
    public internal(set) var result: Tables.Row.Result?
  }

  /// The file.
  public let path: String
  private let queue: DatabaseQueue

  /// Opens a store, made with its folder if there is none.
  ///
  /// A write waits up to `patience` seconds for other processes. `maximumBytes` bounds the file's
  /// size; without it the disk does.
  public init(
    path: String, patience: Double = 10, maximumBytes: Int? = nil
  ) throws(StoreError) {
    self.path = path
    do throws(FileContents.Failure) {
      try FileContents.prepareToWrite(path)
    } catch {
      throw StoreError(file: path, .unreachable(error.reason))
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
      // With the rollback journal one file is the whole store whenever no write is under way; a
      // write-ahead log would stay beside it after a kill. NORMAL leaves out one of the journal's
      // flushes: a kill costs nothing either way.
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, Int32(Bounds.textBytes))
      if let maximumBytes {
        let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
        try db.execute(sql: "PRAGMA max_page_count = \(maximumBytes / pageBytes)")
      }
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try StoreSchema.prepare(queue, file: path)
    } catch {
      throw StoreError(file: path, error)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// All of `body` or nothing of it.
  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.write(body)
    } catch {
      throw StoreError(file: path, error)
    }
  }
}
