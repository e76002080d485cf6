internal import GRDB

/// The tables of a store's file, made and brought up to date.
enum StoreSchema {
  /// Written in the file's header (`srpf`), so that other databases are told apart.
  private static let applicationID = 0x7372_7066

  static func prepare(_ queue: DatabaseQueue, file: String) throws {
    let migrator = migrator
    try queue.read { db in
      let id = try Int.fetchOne(db, sql: "PRAGMA application_id")
      // A process killed at its very start leaves only the table of migrations.
      let tables = try Int.fetchOne(
        db,
        sql: """
          SELECT COUNT(*) FROM sqlite_master
          WHERE type = 'table' AND name NOT IN ('grdb_migrations', 'sqlite_sequence')
          """)
      if id != applicationID, tables != 0 {
        throw StoreError(file: file, .damaged("it is a database of another program"))
      }
      if try migrator.hasBeenSuperseded(db) { throw StoreError(file: file, .newer) }
    }
    do {
      try migrator.migrate(queue)
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_ERROR || error.resultCode == .SQLITE_CONSTRAINT
    {
      // Another process made the tables between the look and the change; now they are seen.
      try migrator.migrate(queue)
    }
    try check(queue, file: file)
  }

  /// Compares tables and columns with those of a new store.
  private static func check(_ queue: DatabaseQueue, file: String) throws {
    let model = try DatabaseQueue()
    try migrator.migrate(model)
    let wanted = try model.read(tables)
    let found = try queue.read(tables)
    for (table, columns) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let there = found[table] else {
        throw StoreError(file: file, .damaged("its SQLite table '\(table)' is missing"))
      }
      if let column = columns.subtracting(there).min() {
        throw StoreError(
          file: file, .damaged("its SQLite table '\(table)' lacks the column '\(column)'"))
      }
    }
    let others = try queue.read {
      try Int.fetchOne(
        $0, sql: "SELECT COUNT(*) FROM sqlite_master WHERE type IN ('trigger', 'view')")
    }
    if others != 0 {
      throw StoreError(file: file, .damaged("it has triggers or views, which no store has"))
    }
  }

  /// The columns of each table.
  private static func tables(_ db: Database) throws -> [String: Set<String>] {
    let names = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    var tables: [String: Set<String>] = [:]
    for name in names { tables[name] = Set(try db.columns(in: name).map(\.name)) }
    return tables
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: version1)
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    migrator.registerMigration("2") { db in try db.execute(sql: version2) }
    migrator.registerMigration("3") { db in try db.execute(sql: version3) }
    return migrator
  }

  /// Times are seconds since 1970.
  private static let version1 = """
    CREATE TABLE device (
      fingerprint TEXT PRIMARY KEY NOT NULL,
      description TEXT NOT NULL,
      firstSeen REAL NOT NULL,
      lastSeen REAL NOT NULL
    );
    CREATE TABLE scope (
      fingerprint TEXT NOT NULL,
      condition TEXT NOT NULL,
      ceilings TEXT NOT NULL,
      PRIMARY KEY (fingerprint, condition)
    );
    CREATE TABLE session (
      id INTEGER PRIMARY KEY NOT NULL,
      fingerprint TEXT NOT NULL,
      condition TEXT NOT NULL,
      started REAL NOT NULL
    );
    CREATE INDEX session_scope ON session (fingerprint, condition);
    CREATE TABLE row (
      id INTEGER PRIMARY KEY NOT NULL,
      fingerprint TEXT NOT NULL,
      condition TEXT NOT NULL,
      name TEXT NOT NULL,
      workload TEXT NOT NULL,
      status TEXT,
      result TEXT,
      updated REAL NOT NULL,
      UNIQUE (fingerprint, condition, name)
    );
    CREATE TABLE sample (
      id INTEGER PRIMARY KEY NOT NULL,
      row INTEGER NOT NULL REFERENCES row (id) ON DELETE CASCADE,
      session INTEGER NOT NULL REFERENCES session (id),
      visit INTEGER NOT NULL,
      chainLength INTEGER NOT NULL,
      nanoseconds REAL NOT NULL,
      wallNanoseconds REAL NOT NULL,
      referenceNanoseconds REAL NOT NULL
    );
    CREATE INDEX sample_row ON sample (row);
    CREATE TABLE reading (
      id INTEGER PRIMARY KEY NOT NULL,
      session INTEGER NOT NULL REFERENCES session (id),
      nanoseconds REAL NOT NULL,
      time REAL NOT NULL
    );
    CREATE INDEX reading_session ON reading (session);
    """

  /// Samples of different schedules are kept apart; races, and schedules being tried. A row without
  /// a schedule has ''. A session's attempt is deleted when it ended well: what is left ended its
  /// process. Effort is a `Tuning`.
  private static let version2 = """
    CREATE TABLE newRow (
      id INTEGER PRIMARY KEY NOT NULL,
      fingerprint TEXT NOT NULL,
      condition TEXT NOT NULL,
      name TEXT NOT NULL,
      schedule TEXT NOT NULL,
      workload TEXT NOT NULL,
      status TEXT,
      result TEXT,
      updated REAL NOT NULL,
      UNIQUE (fingerprint, condition, name, schedule)
    );
    INSERT INTO newRow SELECT id, fingerprint, condition, name,
      CASE WHEN json_valid(result) THEN ifnull(json_extract(result, '$.schedule.name'), '') ELSE '' END,
      workload, status, result, updated FROM row;
    DROP TABLE row;
    ALTER TABLE newRow RENAME TO row;
    CREATE TABLE race (
      id INTEGER PRIMARY KEY NOT NULL,
      fingerprint TEXT NOT NULL,
      condition TEXT NOT NULL,
      name TEXT NOT NULL,
      effort TEXT NOT NULL,
      workload TEXT NOT NULL,
      winner TEXT,
      candidates TEXT NOT NULL,
      updated REAL NOT NULL,
      UNIQUE (fingerprint, condition, name, effort)
    );
    CREATE TABLE attempt (
      fingerprint TEXT NOT NULL,
      name TEXT NOT NULL,
      schedule TEXT NOT NULL,
      session INTEGER NOT NULL REFERENCES session (id),
      count INTEGER NOT NULL,
      givenUp INTEGER NOT NULL,
      time REAL NOT NULL,
      PRIMARY KEY (fingerprint, name, schedule)
    );
    """

  /// Memory has a speed of its own; 0 where it was not read.
  private static let version3 = """
    ALTER TABLE sample ADD COLUMN memoryReferenceNanoseconds REAL NOT NULL DEFAULT 0;
    ALTER TABLE reading ADD COLUMN memoryNanoseconds REAL NOT NULL DEFAULT 0;
    """
}
