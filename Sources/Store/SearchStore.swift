internal import Files
internal import FoundationEssentials
internal import GRDB
internal import GRDBSQLite

/// A search in one SQLite file: what it was started with, its rounds with every candidate that was considered,
/// and the trials of those that were chosen.
///
/// Each function is one transaction: a process killed at any moment leaves a file with everything that
/// functions before had recorded.
public final class SearchStore: Sendable {
  /// A candidate that was considered in a round.
  public struct Candidate: Hashable, Sendable {
    /// In canonical form, unique among those chosen.
    public var encoding: String
    public var rate: Double
    public var nanoseconds: Double
    public var highNanoseconds: Double
    /// Mean, standard deviation and acquisition of the surrogate; `nil` where none was asked.
    public var prediction: [Double]?

    public init(
      encoding: String, rate: Double, nanoseconds: Double, highNanoseconds: Double,
      prediction: [Double]?
    ) {
      self.encoding = encoding
      self.rate = rate
      self.nanoseconds = nanoseconds
      self.highNanoseconds = highNanoseconds
      self.prediction = prediction
    }
  }

  /// A candidate that was chosen to be evaluated, and how that went.
  public struct Trial: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
      case pending, done, failed
    }

    /// From 1, in the order of rounds and of candidates in a round.
    public let id: Int
    public let round: Int
    public let candidate: Candidate
    public var status = Status.pending
    /// Attempts that ended, well or not.
    public var attempts = 0
    /// Whether it was given out to be evaluated elsewhere.
    public var asked = false
    /// The figure that is searched by, as the evaluator gave it.
    public var quality: Double?
    /// All figures, as JSON.
    public var qualities: String?
    public var steps: Double?
    public var seconds: Double?
    /// Path of the trained weights.
    public var weights: String?
    /// Why it failed, or why the attempt before did.
    public var message: String?
  }

  /// The file.
  public let path: String
  private let queue: DatabaseQueue

  /// Opens a search's file, made with its folder if there is none.
  public init(path: String, patience: Double = 10) throws(StoreError) {
    self.path = path
    do throws(FileContents.Failure) {
      try FileContents.prepareToWrite(path)
    } catch {
      throw StoreError(file: path, .unreachable(error.reason))
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
      sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, 1 << 24)
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try SearchSchema.prepare(queue, file: path)
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// The settings that the search was started with, by name.
  public func settings() throws(StoreError) -> [String: String] {
    try read { db in
      var settings: [String: String] = [:]
      try records(of: "setting", ["name", "value"], "", [], in: db) {
        settings[try $0.text(0)] = try $0.text(1)
      }
      return settings
    }
  }

  /// Records settings beside those there are, or in place of those of the same names.
  public func record(settings: [String: String]) throws(StoreError) {
    try write { db in
      for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
        try db.execute(
          sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, value])
      }
    }
  }

  /// Records a round, all or nothing: what was considered, and the places of those chosen, in order.
  public func record(
    round: Int, considered: [Candidate], chosen: [Int]
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO round VALUES (?, ?)",
        arguments: [round, Date().timeIntervalSince1970])
      for (place, candidate) in considered.enumerated() {
        let prediction = candidate.prediction ?? []
        try db.execute(
          sql: "INSERT INTO candidate VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            round, place, candidate.encoding, candidate.rate, candidate.nanoseconds,
            candidate.highNanoseconds, prediction.first, prediction.dropFirst().first,
            prediction.dropFirst(2).first,
          ])
      }
      for place in chosen {
        try db.execute(
          sql: """
            INSERT INTO trial (candidate, encoding, status, attempts, asked, updated)
            SELECT id, encoding, 'pending', 0, 0, ? FROM candidate WHERE round = ? AND place = ?
            """,
          arguments: [Date().timeIntervalSince1970, round, place])
      }
    }
  }

  /// How many rounds were recorded.
  public func roundCount() throws(StoreError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM round") ?? 0 }
  }

  /// All that was considered in a round, in order.
  public func considered(inRound round: Int) throws(StoreError) -> [Candidate] {
    try read { db in
      var list: [Candidate] = []
      try records(
        of: "candidate", Self.candidateColumns, "WHERE round = ? ORDER BY place", [round], in: db
      ) { list.append(try Self.candidate($0, 0)) }
      return list
    }
  }

  /// All trials, in order.
  public func trials() throws(StoreError) -> [Trial] {
    try read { db in
      var list: [Trial] = []
      try records(
        of: "trialOfCandidate",
        Self.candidateColumns + [
          "round", "number", "status", "attempts", "asked", "quality", "qualities", "steps",
          "seconds", "weights", "message",
        ], "ORDER BY number", [], in: db
      ) { list.append(try Self.trial($0)) }
      return list
    }
  }

  /// Records what became of a trial so far.
  public func record(_ trial: Trial) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE trial SET status = ?, attempts = ?, asked = ?, quality = ?, qualities = ?, steps = ?,
            seconds = ?, weights = ?, message = ?, updated = ? WHERE number = ?
          """,
        arguments: [
          trial.status.rawValue, trial.attempts, trial.asked ? 1 : 0, trial.quality,
          trial.qualities, trial.steps, trial.seconds, trial.weights, trial.message,
          Date().timeIntervalSince1970, trial.id,
        ])
    }
  }

  private static let candidateColumns = [
    "encoding", "rate", "nanoseconds", "highNanoseconds", "mean", "deviation", "acquisition",
  ]
  private static let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

  private static func candidate(
    _ record: StoredRecord, _ first: Int
  ) throws(StoreError.Problem) -> Candidate {
    var prediction: [Double]?
    if !record.isNull(first + 4) {
      prediction = [
        try record.double(first + 4, in: finite), try record.double(first + 5, in: finite),
        try record.double(first + 6, in: finite),
      ]
    }
    return Candidate(
      encoding: try record.text(first), rate: try record.double(first + 1, in: 1...1024),
      nanoseconds: try record.double(first + 2, in: 0...1e18),
      highNanoseconds: try record.double(first + 3, in: 0...1e18), prediction: prediction)
  }

  private static func trial(_ record: StoredRecord) throws(StoreError.Problem) -> Trial {
    func number(_ column: Int) throws(StoreError.Problem) -> Double? {
      record.isNull(column) ? nil : try record.double(column, in: finite)
    }
    let word = try record.text(9)
    guard let status = Trial.Status(rawValue: word) else {
      throw record.refusal("status is '\(word)', which is none")
    }
    return Trial(
      id: try record.int(8, in: 1...1 << 40), round: try record.int(7, in: 0...1 << 30),
      candidate: try candidate(record, 0), status: status,
      attempts: try record.int(10, in: 0...1 << 20), asked: try record.int(11, in: 0...1) == 1,
      quality: try number(12), qualities: try record.optionalText(13), steps: try number(14),
      seconds: try number(15), weights: try record.optionalText(16),
      message: try record.optionalText(17))
  }

  private func records(
    of table: String, _ columns: [String], _ clause: String, _ arguments: StatementArguments,
    in db: Database, _ body: (StoredRecord) throws -> Void
  ) throws {
    let key = table == "trialOfCandidate" ? "number" : "rowid"
    let rows = try GRDB.Row.fetchCursor(
      db, sql: "SELECT \(([key] + columns).joined(separator: ", ")) FROM \(table) \(clause)",
      arguments: arguments)
    while let row = try rows.next() {
      try body(StoredRecord(table: table, columns: columns, row: row))
    }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.read(body) } catch { throw StoreError(file: path, error) }
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.write(body) } catch { throw StoreError(file: path, error) }
  }
}
