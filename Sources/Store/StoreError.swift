internal import GRDB

/// Why the store cannot be used, in one line with its file and what to do.
public struct StoreError: Error, Hashable, CustomStringConvertible {
  public var file: String
  public var problem: Problem

  public enum Problem: Error, Hashable, Sendable {
    /// Not a store, or one that is damaged; what was found.
    case damaged(String)
    /// A record of one of its SQLite tables that cannot be, by its number; what is wrong with it.
    case badRecord(table: String, id: Int64, String)
    /// Written by a newer program.
    case newer
    /// The file or its folder cannot be made, opened, read or written; the reason.
    case unreachable(String)
    /// The disk is full, or the file as large as it may be.
    case full
    /// Another process has been writing all the time.
    case busy
    /// What SQLite said, for everything else.
    case other(String)
  }

  public init(file: String, _ problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// Whether the file is there but cannot be understood; otherwise it could not be read or written.
  public var isBadContent: Bool {
    switch problem {
    case .damaged, .badRecord, .newer: true
    case .unreachable, .full, .busy, .other: false
    }
  }

  public var description: String {
    let sentence =
      switch problem {
      case .damaged(let text):
        "is not a store that can be read: \(text); move it away and a new one is made"
      case .badRecord(let table, let id, let text):
        "has the \(table) \(id), in which \(text); take it out (sqlite3 FILE 'DELETE FROM \(table) "
          + "WHERE rowid = \(id)'), or move the file away and a new one is made"
      case .newer:
        "was written by a newer srprof; use that, or choose another file with --store"
      case .unreachable(let reason): "cannot be used: \(reason); choose another file with --store"
      case .full: "cannot grow, the disk is full; what was measured before is kept"
      case .busy: "is being written by another process; try again when that has ended"
      case .other(let text): "cannot be used: \(text)"
      }
    return "store \(file): \(sentence)"
  }
}

extension StoreError {
  init(file: String, _ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let problem as Problem: self.init(file: file, problem)
    case let error as DatabaseError: self.init(file: file, Problem(error))
    // Only what keeps the list of changes to the tables reads values unchecked.
    default: self.init(file: file, .damaged("a value in it is not of the type it should be"))
    }
  }
}

extension StoreError.Problem {
  fileprivate init(_ error: DatabaseError) {
    let text = error.message ?? "SQLite result \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
      self = .damaged(text)
    // Statements and values are right for the tables that a store has.
    case .SQLITE_ERROR, .SQLITE_CONSTRAINT:
      self = .damaged("its SQLite tables are not a store's: \(text)")
    case .SQLITE_FULL: self = .full
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_IOERR:
      self = .unreachable(text)
    default: self = .other(text)
    }
  }
}
