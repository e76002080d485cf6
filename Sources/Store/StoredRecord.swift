internal import Files
internal import GRDB
internal import Tables

/// A row of one of the store's SQLite tables. Values are checked as they are read, since SQLite keeps
/// any type in any column, and anybody may have written the file.
struct StoredRecord {
  let table: String
  let columns: [String]
  /// The row's number in its table, then the columns.
  let row: GRDB.Row

  /// The row's number in its table.
  var id: Int64 { Int64.fromDatabaseValue(row[0]) ?? 0 }

  private func value(_ column: Int) -> DatabaseValue { row[column + 1] }

  func isNull(_ column: Int) -> Bool { value(column).isNull }

  /// A whole number within `range`.
  func int(_ column: Int, in range: ClosedRange<Int>) throws(StoreError.Problem) -> Int {
    guard case .int64(let number) = value(column).storage, let int = Int(exactly: number),
      range ~= int
    else { throw refusal(column, "\(range.lowerBound) to \(range.upperBound)") }
    return int
  }

  /// A number within `range`, or zero if that says that there is none.
  func double(
    _ column: Int, in range: ClosedRange<Double>, orZero: Bool = false
  ) throws(StoreError.Problem) -> Double {
    let double: Double? =
      switch value(column).storage {
      case .double(let number): number
      case .int64(let number): Double(number)
      case .null, .string, .blob: nil
      }
    guard let double, range ~= double || orZero && double == 0 else {
      throw refusal(
        column, "\(orZero ? "0 or " : "")\(range.lowerBound) to \(range.upperBound)")
    }
    return double
  }

  func text(_ column: Int) throws(StoreError.Problem) -> String {
    guard case .string(let text) = value(column).storage else { throw refusal(column, "a text") }
    return text
  }

  /// The same, or `nil` for NULL.
  func optionalText(_ column: Int) throws(StoreError.Problem) -> String? {
    value(column).isNull ? nil : try text(column)
  }

  /// The value that `body` makes of the JSON in a column, whose value is token 0.
  func json<Value>(
    _ column: Int, _ body: (JSONReader) throws(TableError.Problem) -> Value
  ) throws(StoreError.Problem) -> Value {
    var reader = JSONReader(Array(try text(column).utf8))
    do throws(TableError.Problem) {
      do throws(JSONError) {
        try reader.readValue()
        if reader.peek() != nil { throw reader.failure("something follows the value") }
      } catch {
        throw .notJSON(error)
      }
      return try body(reader)
    } catch {
      let name = columns[column]
      let fact = error.inside(name).fact
      throw refusal(fact.hasPrefix(name) ? fact : "\(name) \(fact)")
    }
  }

  /// Says what a column holds, and what it should hold.
  private func refusal(_ column: Int, _ wanted: String) -> StoreError.Problem {
    let found =
      switch value(column).storage {
      case .null: "NULL"
      case .int64(let number): "\(number)"
      case .double(let number): "\(number)"
      case .string: "a text"
      case .blob: "a blob"
      }
    return refusal("\(columns[column]) is \(found), not \(wanted)")
  }

  /// Says what is wrong with the record.
  func refusal(_ sentence: String) -> StoreError.Problem {
    .badRecord(table: table, id: id, sentence)
  }
}

extension Store {
  /// Calls `body` with each record that a clause chooses from a table, columns in the order given.
  func forEachRecord(
    of table: String, _ columns: [String], _ clause: String, _ arguments: StatementArguments,
    in db: Database, _ body: (StoredRecord) throws -> Void
  ) throws {
    let list = (["rowid"] + columns).map { "\(table).\($0)" }.joined(separator: ", ")
    let rows = try GRDB.Row.fetchCursor(
      db, sql: "SELECT \(list) FROM \(table) \(clause)", arguments: arguments)
    while let row = try rows.next() {
      try body(StoredRecord(table: table, columns: columns, row: row))
    }
  }
}
