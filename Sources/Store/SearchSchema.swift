internal import GRDB

/// The tables of a search's file.
enum SearchSchema {
  /// Written in the file's header (`srps`), so that other databases are told apart.
  private static let applicationID = 0x7372_7073
  private static let version = 1

  static func prepare(_ queue: DatabaseQueue, file: String) throws {
    try queue.write { db in
      let id = try Int.fetchOne(db, sql: "PRAGMA application_id")
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
      if id == applicationID {
        if version > self.version { throw StoreError(file: file, .newer) }
        return
      }
      guard tables == 0 else {
        throw StoreError(file: file, .damaged("it is a database of another program"))
      }
      try db.execute(sql: schema)
      try db.execute(
        sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(self.version)")
    }
  }

  /// Times are seconds since 1970; a trial's number is its place in the search, from 1.
  private static let schema = """
    CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
    CREATE TABLE round (number INTEGER PRIMARY KEY NOT NULL, started REAL NOT NULL);
    CREATE TABLE candidate (
      id INTEGER PRIMARY KEY NOT NULL,
      round INTEGER NOT NULL REFERENCES round (number),
      place INTEGER NOT NULL,
      encoding TEXT NOT NULL,
      rate REAL NOT NULL,
      nanoseconds REAL NOT NULL,
      highNanoseconds REAL NOT NULL,
      mean REAL,
      deviation REAL,
      acquisition REAL,
      UNIQUE (round, place)
    );
    CREATE TABLE trial (
      number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      candidate INTEGER NOT NULL REFERENCES candidate (id),
      encoding TEXT NOT NULL UNIQUE,
      status TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      asked INTEGER NOT NULL,
      quality REAL,
      qualities TEXT,
      steps REAL,
      seconds REAL,
      weights TEXT,
      message TEXT,
      updated REAL NOT NULL
    );
    CREATE VIEW trialOfCandidate AS
      SELECT candidate.encoding, rate, nanoseconds, highNanoseconds, mean, deviation, acquisition,
        round, number, status, attempts, asked, quality, qualities, steps, seconds, weights, message
      FROM trial JOIN candidate ON candidate.id = trial.candidate;
    """
}
