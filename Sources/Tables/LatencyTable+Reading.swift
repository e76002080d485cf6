package import Files
internal import FoundationEssentials
internal import Workloads

extension LatencyTable {
  /// Reads a table from the text of its file: 100,000 rows take about a second.
  ///
  /// Rows may come in any order. Keys that are not known are ignored, as later minor versions of
  /// the schema add some.
  public init(json bytes: [UInt8]) throws(TableError) {
    do {
      var reader = TableReader(JSONReader(bytes))
      self = try reader.table()
    } catch {
      throw TableError(error)
    }
  }

  /// Reads a table from a file.
  public init(contentsOf path: String) throws(TableError) {
    let bytes: [UInt8]
    do throws(FileContents.Failure) {
      bytes = try FileContents.read(path)
    } catch {
      throw TableError(file: path, .cannotRead(error.reason))
    }
    do {
      try self.init(json: bytes)
    } catch {
      throw TableError(file: path, error.problem)
    }
  }
}

/// One walk over a table's text. What is wrong with the text or with the header is said before
/// what is wrong with a row, wherever they stand.
private struct TableReader {
  var json: JSONReader
  /// Whether the text is one JSON object.
  var isObject = false
  /// Keys of all values, the rows' included.
  var keys: Set<String> = []
  /// Text of the values beside the rows, by key.
  var header: [String: Range<Int>] = [:]
  /// `nil` until the rows have been seen.
  var rows: [Row]?
  var rowProblem: TableError.Problem?

  init(_ json: JSONReader) {
    self.json = json
  }

  mutating func table() throws(TableError.Problem) -> LatencyTable {
    do throws(JSONError) { try readText() } catch { throw .notJSON(error) }
    guard isObject else { throw .notATable("it is not a JSON object") }
    try checkSchema()
    let (complete, profile): (Bool, String) = (try value("complete"), try value("profile"))
    let device: DeviceDescription = try value("device")
    let (fingerprint, compiler): (String, Compiler) = (
      try value("fingerprint"), try value("compiler")
    )
    let method: Method = try value("method")
    var table = LatencyTable(
      complete: complete, profile: profile,
      sweep: header["sweep"] == nil ? nil : try value("sweep"),
      shard: header["shard"] == nil ? nil : try value("shard"),
      device: device, fingerprint: fingerprint,
      unit: header["unit"] == nil ? nil : try value("unit"), compiler: compiler, method: method,
      backend: header["backend"] == nil
        ? BackendTraits(before160: device, method) : try value("backend"),
      ceilings: try value("ceilings"), speed: try value("speed"),
      additivity: header["additivity"] == nil ? nil : try value("additivity"),
      telemetry: header["telemetry"] == nil ? nil : try value("telemetry"),
      warnings: try value("warnings"), rows: [])
    try validate("additivity") { () throws(TableError.Problem) in try table.additivity?.validate() }
    try validate("backend") { () throws(TableError.Problem) in try table.backend.validate() }
    try validate("ceilings") { () throws(TableError.Problem) in try table.ceilings.validate() }
    try validate("method") { () throws(TableError.Problem) in try table.method.validate() }
    try validate("shard") { () throws(TableError.Problem) in try table.shard?.validate() }
    try validate("speed") { () throws(TableError.Problem) in try table.speed.validate() }
    try validate("sweep") { () throws(TableError.Problem) in try table.sweep?.validate() }
    if let rowProblem { throw rowProblem }
    guard let rows else {
      throw header["rows"] == nil ? .missing("rows") : .wrongType("rows", "not an array")
    }
    // Rows are large: their places are sorted, not they. Those of a table as it was written are in order.
    let isSorted = rows.indices.dropFirst().allSatisfy {
      !(rows[$0].workload < rows[$0 - 1].workload)
    }
    table.rows =
      isSorted
      ? rows : rows.indices.sorted { rows[$0].workload < rows[$1].workload }.map { rows[$0] }
    try table.checkRowsDiffer()
    return table
  }

  private func validate(
    _ key: String, _ body: () throws(TableError.Problem) -> Void
  ) throws(TableError.Problem) {
    do throws(TableError.Problem) { try body() } catch { throw error.inside(key) }
  }

  private mutating func readText() throws(JSONError) {
    guard json.peek() != nil else { throw json.failure("") }
    isObject = json.take("{")
    if !isObject { return try json.readValue() }
    if !json.take("}") {
      repeat {
        guard json.peek() == UInt8(ascii: "\"") else {
          throw json.failure("a key in quotes is missing")
        }
        try json.readValue()
        let key = json.text(json.tokens[0]) ?? ""
        guard keys.insert(key).inserted else { throw json.duplicateKey(json.tokens[0]) }
        try json.expect(":")
        if key == "rows", json.peek() == UInt8(ascii: "[") {
          try readRows()
        } else {
          try json.readValue()
          header[key] = json.range(of: json.tokens[0])
        }
      } while try json.continues(to: "}")
    }
    if json.peek() != nil { throw json.failure("something follows the table") }
  }

  private mutating func readRows() throws(JSONError) {
    var rows: [Row] = []
    try json.expect("[")
    if !json.take("]") {
      repeat {
        try json.readValue()
        guard rowProblem == nil else { continue }
        do throws(TableError.Problem) {
          rows.append(try json.row())
        } catch {
          rowProblem = error.inside("rows[\(rows.count)]")
        }
      } while try json.continues(to: "]")
    }
    self.rows = rows
  }

  private func checkSchema() throws(TableError.Problem) {
    guard header["schema"] != nil else { throw .notATable("it has no key 'schema'") }
    let schema: String = try value("schema")
    guard schema == LatencyTable.schema else { throw .notATable("its schema is '\(schema)'") }
    let version: String = try value("schemaVersion")
    let numbers = version.split(separator: ".", omittingEmptySubsequences: false).map { UInt($0) }
    guard numbers.count == 3, let major = numbers[0], !numbers.contains(nil), major >= 1 else {
      throw .wrongType("schemaVersion", "'\(version)', not a version such as 1.0.0")
    }
    if major > LatencyTable.schemaMajor { throw .newerSchema(version) }
  }

  private func value<Value: Decodable>(_ key: String) throws(TableError.Problem) -> Value {
    guard let range = header[key] else {
      throw .missing(key)
    }
    do throws(TableError.Problem) { return try json.decoded(range) } catch {
      throw error.inside(key)
    }
  }
}

extension JSONReader {
  /// The value at token 0.
  package func decoded<Value: Decodable>() throws(TableError.Problem) -> Value {
    try decoded(range(of: tokens[0]))
  }

  /// The value whose text lies in `range`, which has been read before.
  func decoded<Value: Decodable>(_ range: Range<Int>) throws(TableError.Problem) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes[range]))
    } catch let error as DecodingError {
      throw TableError.Problem(error)
    } catch {
      throw .wrongType("", "\(error)")
    }
  }
}

extension LatencyTable {
  /// Throws the first workload that two neighbouring rows share; rows are sorted.
  func checkRowsDiffer() throws(TableError.Problem) {
    for index in rows.indices.dropFirst() where rows[index].workload == rows[index - 1].workload {
      throw .duplicate(rows[index].workload.name)
    }
  }
}

extension TableError.Problem {
  fileprivate init(_ error: DecodingError) {
    func path(_ keys: [any CodingKey]) -> String {
      keys.reduce("") { path, key in
        if let index = key.intValue { return "\(path)[\(index)]" }
        return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
      }
    }
    switch error {
    case .keyNotFound(let key, let context): self = .missing(path(context.codingPath + [key]))
    case .valueNotFound(_, let context): self = .missing(path(context.codingPath))
    case .typeMismatch(let type, let context):
      self = .wrongType(path(context.codingPath), "not of type \(type)")
    case .dataCorrupted(let context):
      // What the decoder says is about the text, which was read as JSON before.
      self = .wrongType(
        path(context.codingPath),
        "not as it should be: a number that is not whole or below 0 where neither may be, a word that is "
          + "none of those there are, or text that is not UTF-8")
    @unknown default: self = .wrongType("", "\(error)")
    }
  }
}
