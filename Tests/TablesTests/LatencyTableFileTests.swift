import Files
import FoundationEssentials
import Resources
import TableExamples
import Tables
import Testing
import Workloads

@Suite("The file of a table")
struct LatencyTableFileTests {
  @Test("a table written and read back is the same table")
  func roundTrip() throws {
    #expect(exampleTable.rows.count == 18)
    #expect(try LatencyTable(json: exampleTable.json()) == exampleTable)
  }

  @Test("races and how schedules were chosen are the same when read back")
  func races() throws {
    var table = exampleTable
    for (index, tuning) in Tuning.allCases.enumerated() {
      guard case .measured(var measurement) = table.rows[index].result else { continue }
      measurement.schedule.tuning = tuning
      measurement.schedule.candidates = index == 0 ? nil : index
      table.rows[index].result = .measured(measurement)
    }
    for index in [1, table.rows.count - 1] {
      table.rows[index].race = [
        .init(schedule: "a \"b\"", nanoseconds: 1.5e6, rounds: 3),
        .init(schedule: "c", failure: Failure(.timedOut, "after 2 s"), rounds: 0),
        .init(schedule: "d", nanoseconds: 7, failure: Failure(.driver, "no"), rounds: 1),
      ]
    }
    #expect(try LatencyTable(json: table.json()) == table)
  }

  @Test("a table without rows is a table")
  func empty() throws {
    var table = exampleTable
    table.rows = []
    table.complete = false
    #expect(try LatencyTable(json: table.json()) == table)
  }

  @Test("the table of schema version 1.0.0 is read for ever")
  func fixture() throws {
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.0.0.json"))
    #expect(table == exampleTable)
    let names = table.rows.map(\.workload.name)
    #expect(names.contains("conv5x5 16->12 180x320 residual clip[-0.5,6] shuffle2"))
    #expect(table.rows[0].measurement?.latency.undisturbedNanoseconds == 1_629_628.9784)
  }

  @Test("the table of schema version 1.1.0 is read for ever")
  func fixture11() throws {
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.1.0.json"))
    #expect(table == exampleTable11)
    #expect(table.rows[0].measurement?.compiled?.statistics?.raw["a \"quoted\" name"] == 0.5)
    #expect(table.rows[0].measurement?.efficiency.bound == .memory)
  }

  @Test("the table of schema version 1.2.0 is read for ever")
  func fixture12() throws {
    #expect(try LatencyTable(json: exampleTable12.json()) == exampleTable12)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.2.0.json"))
    #expect(table == exampleTable12)
    #expect(!table.device.isSoftwareVulkan && exampleTable11.device.isSoftwareVulkan)
  }

  @Test("the table of schema version 1.3.0 is read for ever")
  func fixture13() throws {
    #expect(try LatencyTable(json: exampleTable13.json()) == exampleTable13)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.3.0.json"))
    #expect(table == exampleTable13)
    #expect(table.rows.map(\.workload.name).contains("conv3x3 16->16 180x320 tanh passing48"))
    #expect(table.rows.count == 6)
  }

  @Test("the table of schema version 1.4.0 is read for ever")
  func fixture14() throws {
    #expect(try LatencyTable(json: exampleTable14.json()) == exampleTable14)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.4.0.json"))
    #expect(table == exampleTable14)
    #expect(table.method.clockReason == nil)
  }

  @Test("the table of schema version 1.5.0 is read for ever")
  func fixture15() throws {
    #expect(try LatencyTable(json: exampleTable15.json()) == exampleTable15)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.5.0.json"))
    #expect(table == exampleTable15)
  }

  @Test("the table of schema version 1.6.0 is read for ever")
  func fixture16() throws {
    #expect(try LatencyTable(json: exampleTable16.json()) == exampleTable16)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.6.0.json"))
    #expect(table == exampleTable16)
    #expect(table.rows[1].measurement != nil && table.rows[1].measurement?.compiled == nil)
  }

  @Test("the table of schema version 1.7.0 is read for ever")
  func fixture17() throws {
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.7.0.json"))
    #expect(table == exampleTable17)
    #expect(table.rows[2].failure?.kind == .tooNoisy && table.speed.memory == nil)
  }

  @Test("the table of schema version 1.8.0 is read for ever")
  func fixture18() throws {
    #expect(try LatencyTable(json: exampleTable18.json()) == exampleTable18)
    let table = try LatencyTable(contentsOf: fixturePath("latency-table-1.8.0.json"))
    #expect(table == exampleTable18)
    #expect(table.speed.memory?.relativeSpeed == 0.875)
  }

  @Test("a kind of failure of a later version is read as the driver's, with its name")
  func laterKinds() throws {
    let text = String(decoding: try exampleTable.json(), as: UTF8.self)
      .replacing("\"overLimit\"", with: "\"bored\"")
    let failures = try LatencyTable(json: Array(text.utf8)).rows.compactMap(\.failure)
    #expect(failures.contains { $0.kind == .driver && $0.reason.hasPrefix("bored: ") })
  }

  @Test("channels of tables before 1.6.0 are padded as their layouts say")
  func layouts() throws {
    let path = fixturePath("latency-table-1.5.0.json")
    let text = String(decoding: try FileContents.read(path), as: UTF8.self)
    for (layout, block) in [
      ("N,C/4,H,W,4 halo 4", 4), ("N,H,W,C", 1), ("", 1), ("C/0", 1), ("C/-4", 1), ("N,C/x", 1),
      ("N,C/99999", 1024),
    ] {
      let other = text.replacing("N,C/4,H,W,4 halo 4", with: layout)
      #expect(try LatencyTable(json: Array(other.utf8)).backend.channelBlock == block, "\(layout)")
    }
  }

  @Test("a hash of zeros says that nothing was compiled")
  func notCompiled() throws {
    let table = try LatencyTable(json: changed("8f14e45fceea167a", "0000000000000000"))
    #expect(table.rows[0].measurement != nil && table.rows[0].measurement?.compiled == nil)
    let measured = table.rows.compactMap(\.measurement)
    #expect(measured.count { $0.compiled == nil } == 1)
  }

  @Test("every row has a line of its own, keys sorted")
  func lines() throws {
    let text = String(decoding: try exampleTable.json(), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { $0.contains("\"workload\":") }.count == 18)
    #expect(lines.last == "")
    #expect(lines.contains("  \"complete\" : true,"))
    #expect(lines.contains { $0.hasPrefix("{\"check\":{\"maxRelativeError\":3.1e-08,") })
    #expect(!text.contains("\\/"))
  }

  @Test("two tables that differ in one figure differ in one line")
  func differences() throws {
    var other = exampleTable
    other.rows[0] = Row(workload: other.rows[0].workload, result: exampleFailure)
    let lines = try [exampleTable, other].map {
      String(decoding: try $0.json(), as: UTF8.self).split(separator: "\n")
    }
    #expect(zip(lines[0], lines[1]).filter { $0 != $1 }.count == 1)
  }

  @Test("rows are written sorted, in whatever order they were put")
  func sorted() throws {
    var table = exampleTable
    table.rows.reverse()
    #expect(try table.json() == exampleTable.json())
  }

  @Test("keys may come in any order, with any white space and unknown neighbours")
  func otherSpellings() throws {
    let object = try JSONDecoder().decode(
      [String: JSONValue].self, from: Data(exampleTable.json()))
    var reordered = object.map { "\n\t\"\($0)\" :\r\n \($1.text(reversed: true)) " }
    reordered.append("\"laterKey\": {\"deep\": [1, -0.5E+3, {}, [], \"\\ud83d\\ude00\", null]}")
    let text = "{" + reordered.joined(separator: ",") + "}"
    #expect(try LatencyTable(json: Array(text.utf8)) == exampleTable)
  }

  @Test("escapes in strings and keys are read")
  func escapes() throws {
    let text = String(decoding: try exampleTable.json(), as: UTF8.self)
    let escaped =
      text.replacing("\"direct/", with: "\"\\u0064irect\\/")
      .replacing("\"spirvHash\"", with: "\"spirv\\u0048ash\"")
    #expect(escaped != text)
    #expect(try LatencyTable(json: Array(escaped.utf8)) == exampleTable)
  }

  @Test(
    "every number is read as the nearest one",
    arguments: [
      "1", "10.5", "0.1", "123456789012345", "1234567890123456789", "3.1e-8", "1E22", "2e+0",
      "9007199254740993", "0.000000000000001", "123456.789012345", "5e-324",
      "1.7976931348623157e308", "8396154.281361714",
    ])
  func numbers(_ text: String) throws {
    let table = try LatencyTable(
      json: changed(
        "\"pipelineNanoseconds\":32500000",
        "\"pipelineNanoseconds\":1,\"statistics\":{\"normal\":{},\"raw\":{\"a\":\(text)}}"))
    #expect(table.rows[0].measurement?.compiled?.statistics?.raw["a"] == Double(text))
  }

  @Test("a workload of every kind is read back as the same")
  func workloads() throws {
    for workload in exampleWorkloads + exampleWorkloads13 {
      var table = exampleTable
      table.rows = [Row(workload: workload, result: exampleFailure)]
      #expect(try LatencyTable(json: table.json()).rows.map(\.workload) == [workload])
    }
  }

  @Test("the schema is carried as a file, and says the version that is written")
  func schema() throws {
    let texts = EmbeddedFiles.texts(in: "Sources/Tables/")
    let schema = try #require(texts["latency-table.schema.json"])
    #expect(schema.contains("\"const\": \"\(LatencyTable.schema)\""))
    for kind in Failure.Kind.allCases { #expect(schema.contains("\"\(kind.rawValue)\"")) }
  }
}

/// The text of the example table with one change.
func changed(_ text: String, _ replacement: String) throws -> [UInt8] {
  let json = String(decoding: try exampleTable.json(), as: UTF8.self)
  let range = try #require(json.firstRange(of: text))
  return Array(json.replacingCharacters(in: range, with: replacement).utf8)
}

extension String {
  fileprivate func replacingCharacters(
    in range: Range<String.Index>, with text: String
  ) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}

/// Any JSON, to write it in another order.
private enum JSONValue: Decodable {
  case object([String: JSONValue])
  case array([JSONValue])
  case other(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let object = try? container.decode([String: JSONValue].self) {
      self = .object(object)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else if let bool = try? container.decode(Bool.self) {
      self = .other("\(bool)")
    } else if let number = try? container.decode(UInt64.self) {
      self = .other("\(number)")
    } else if let number = try? container.decode(Double.self) {
      self = .other("\(number)")
    } else {
      let text = try JSONEncoder().encode(container.decode(String.self))
      self = .other(String(decoding: text, as: UTF8.self))
    }
  }

  func text(reversed: Bool) -> String {
    switch self {
    case .object(let members):
      let keys = members.keys.sorted(by: >)
      return "{ "
        + keys.map { "\"\($0)\" : \(members[$0]?.text(reversed: reversed) ?? "null")" }
        .joined(separator: " ,\n") + " }"
    case .array(let values):
      let texts = values.map { $0.text(reversed: reversed) }
      return "[" + (reversed ? texts.reversed() : texts).joined(separator: ", ") + "]"
    case .other(let text): return text
    }
  }
}
