import Files
import TableExamples
import Tables
import Testing
import Workloads

@Suite("A table that is wrong")
struct TableErrorTests {
  @Test(
    "says where the wrong value is and what is wrong with it",
    arguments: [
      (
        "\"schema\" : \"srprof.latency-table\"", "\"schema\" : \"other\"",
        "this is not a srprof latency table: its schema is 'other'"
      ),
      (
        "\"schema\" :", "\"scheme\" :",
        "this is not a srprof latency table: it has no key 'schema'"
      ),
      (
        "\"1.8.0\"", "\"2.0.0\"",
        "has schema version 2.0.0, newer than 1.8.0; read it with a newer srprof"
      ),
      ("\"1.8.0\"", "\"first\"", "schemaVersion is 'first', not a version such as 1.0.0"),
      ("\"complete\" :", "\"done\" :", "complete is missing"),
      ("\"complete\" : true", "\"complete\" : 1", "complete is not of type Bool"),
      ("\"validBits\" :", "\"bits\" :", "device.timestamp.validBits is missing"),
      ("\"cores\" : 2", "\"cores\" : \"two\"", "device.host.cores is not of type Int"),
      ("\"type\" : \"cpu\"", "\"type\" : \"toaster\"", "device.type is not as it should be"),
      ("\"rows\" :", "\"lines\" :", "rows is missing"),
      ("\"latency\":", "\"time\":", "rows[0].latency is missing"),
      (
        "\"stable\":false", "\"stable\":\"no\"",
        "rows[10].latency.stable is a string, not true or false"
      ),
      (
        "\"samples\":52", "\"samples\":52.5",
        "rows[0].latency.samples is the number 52.5, not a whole number"
      ),
      ("\"samples\":52", "\"samples\":0", "rows[0].latency.samples is 0"),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":-1",
        "rows[0].latency.undisturbedNanoseconds is -1.0, and a latency is above zero"
      ),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":0",
        "rows[0].latency.undisturbedNanoseconds is 0.0"
      ),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":1e999",
        "rows[0].latency.undisturbedNanoseconds is too large for a number"
      ),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":1",
        "rows[0].latency.lowNanoseconds is 1619628.9784, above the undisturbed 1.0"
      ),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":1e9",
        "rows[0].latency.highNanoseconds is 1639628.9784, below the undisturbed"
      ),
      ("\"status\":\"measured\"", "\"status\":\"guessed\"", "rows[0].status is 'guessed'"),
      (
        "\"operator\":\"add\"", "\"operator\":\"subtract\"",
        "rows[0].workload.operator is 'subtract', not an operator"
      ),
      (
        "\"channels\":32", "\"channels\":0",
        "rows[0].workload is not a workload: the number of channels is at least 1, not 0"
      ),
      (
        "\"channels\":32", "\"channels\":33",
        "rows[0].name is 'add 32 180x320', but its workload is 'add 33 180x320'"
      ),
      (
        "\"undisturbedNanoseconds\":1629628.9784", "\"undisturbedNanoseconds\":1e-310",
        "rows[0].latency.undisturbedNanoseconds is 1e-310, and a latency is above zero"
      ),
      (
        "\"p90Nanoseconds\":2444443.4676", "\"p90Nanoseconds\":1e19",
        "rows[0].latency.p90Nanoseconds is 1e+19"
      ),
      (
        "\"samples\":52", "\"samples\":9223372036854774784",
        "rows[0].latency.samples is 9223372036854774784"
      ),
      (
        "\"emptyDispatchNanoseconds\" : 812.5", "\"emptyDispatchNanoseconds\" : -1",
        "ceilings.emptyDispatchNanoseconds is -1.0, not 1e-06 to 1e+18"
      ),
      (
        "\"referenceNanoseconds\" : 1500000", "\"referenceNanoseconds\" : 1e-310",
        "speed.referenceNanoseconds is 1e-310, which is no time"
      ),
      ("\"ringSize\" : 4", "\"ringSize\" : 0", "method.ringSize is 0, not at least 1"),
      ("\"width\":4096", "\"width\":[]", "rows[1].workload.width is an array, not a whole number"),
    ])
  func wrongValue(_ text: String, _ replacement: String, _ expected: String) throws {
    let json = try changed(text, replacement)
    let error = #expect(throws: TableError.self) { try LatencyTable(json: json) }
    let description = try #require(error).description
    #expect(description.hasPrefix("the table: \(expected)"), "\(description)")
    #expect(!description.contains("\n"))
    #expect(error?.isInputOutput == false)
  }

  @Test(
    "says where the text stops being JSON",
    arguments: [
      ("", "is not JSON: it is empty, at line 1, byte 0"),
      ("  ", "ends in the middle, after 2 bytes"),
      (
        "{\n \"schema\": NaN}",
        "is not JSON: no JSON value can begin or go on like this, at line 2, byte 13"
      ),
      ("{\"a\": 01}", "is not JSON: ',' or '}' is missing, at line 1, byte 7"),
      ("{\"a\": .5}", "is not JSON"),
      ("{\"a\": 1.}", "is not JSON"),
      ("{\"a\": +1}", "is not JSON"),
      ("{\"a\": 1e}", "is not JSON"),
      ("{\"a\": tru}", "is not JSON: 'true' is misspelt"),
      ("{\"a\": 1,}", "is not JSON: a key in quotes is missing"),
      ("{'a': 1}", "is not JSON: a key in quotes is missing"),
      ("{\"a\" 1}", "is not JSON: ':' is missing"),
      ("{\"rows\": [{},]}", "is not JSON"),
      ("{\"a\": \"b\nc\"}", "is not JSON: a control character inside a string"),
      ("{\"a\": \"b", "ends in the middle, after 8 bytes"),
      ("{} {}", "is not JSON: something follows the table, at line 1, byte 3"),
      ("[]", "this is not a srprof latency table: it is not a JSON object"),
      ("{}", "this is not a srprof latency table: it has no key 'schema'"),
    ])
  func notJSON(_ text: String, _ expected: String) throws {
    let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(text.utf8)) }
    let description = try #require(error).description
    #expect(description.hasPrefix("the table: \(expected)"), "\(description)")
  }

  @Test(
    "a key that is there twice is refused, wherever it stands and however it is written",
    arguments: [
      ("\"complete\" : true", "\"complete\" : true, \"complete\" : true", "complete"),
      ("\"cores\" : 2", "\"cores\" : 2, \"cores\" : 3", "cores"),
      ("\"cores\" : 2", "\"cores\" : 2, \"c\\u006fres\" : 3", "cores"),
      ("\"rows\" :", "\"rows\" : [], \"rows\" :", "rows"),
      ("\"samples\":52", "\"samples\":52,\"samples\":52", "samples"),
      ("\"samples\":52", "\"samples\":52,\"\":0,\"\":1", ""),
    ])
  func duplicateKey(_ text: String, _ replacement: String, _ key: String) throws {
    let json = try changed(text, replacement)
    let error = #expect(throws: TableError.self) { try LatencyTable(json: json) }
    let description = try #require(error).description
    #expect(
      description.hasPrefix("the table: has the key '\(key)' twice in one object, at line "),
      "\(description)")
  }

  @Test("of many keys, too, one that is there twice is found")
  func duplicateAmongMany() throws {
    let keys = (0..<1000).map { "\"key\($0 % 999)\": 0" }.joined(separator: ", ")
    let error = #expect(throws: TableError.self) {
      try LatencyTable(json: Array("{\"a\": {\(keys)}}".utf8))
    }
    guard case .notJSON(let mistake) = error?.problem, mistake.reason == .duplicateKey("key0"),
      mistake.line == 1
    else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a value of very many values is refused, not read into as many times its memory")
  func manyValues() {
    let text = "{\"a\": [" + String(repeating: "1,", count: 1 << 21) + "1]}"
    let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(text.utf8)) }
    #expect(error?.description.contains("more than 1048576 values in one") == true)
  }

  @Test("a table cut off anywhere is truncated")
  func truncated() throws {
    let json = try exampleTable.json()
    // The last byte ends the line after the table.
    for count in stride(from: 1, to: json.count - 1, by: 97) {
      let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(json[..<count])) }
      guard case .notJSON(let mistake) = error?.problem else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(mistake.reason == .truncated && mistake.offset == count)
    }
  }

  @Test("values inside each other without end do not exhaust the stack")
  func deep() {
    let text = "{\"a\": " + String(repeating: "[", count: 1_000_000)
    let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(text.utf8)) }
    #expect(
      error?.problem
        == .notJSON(
          JSONError(.malformed("more than 64 values inside each other"), line: 1, offset: 70)))
  }

  @Test("any single byte changed gives a table or an error, never a crash")
  func changedBytes() throws {
    let json = try exampleTable.json()
    var refused = 0
    for index in stride(from: 0, to: json.count, by: 13) {
      var other = json
      other[index] = [0x00, 0x22, 0x5c, 0x7d, 0xff][index % 5]
      do { _ = try LatencyTable(json: other) } catch { refused += 1 }
    }
    #expect(refused > 100)
  }

  @Test("text that is not UTF-8 is refused")
  func notUTF8() throws {
    var json = try exampleTable.json()
    let index = try #require(json.firstRange(of: Array("direct".utf8))).lowerBound
    json[index] = 0xff
    let error = #expect(throws: TableError.self) { try LatencyTable(json: json) }
    #expect(error?.problem == .wrongType("rows[0].schedule.name", "not UTF-8, not a string"))
  }

  @Test("a workload that is there twice is named, in reading and in writing")
  func duplicates() throws {
    let text = String(decoding: try exampleTable.json(), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.contains("\"add 32 180x320\"") })
    let json = text.replacing(line, with: "\(line)\n\(line)")
    let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(json.utf8)) }
    #expect(error?.problem == .duplicate("add 32 180x320"))

    var table = exampleTable
    table.rows.append(table.rows[0])
    #expect(throws: TableError(.duplicate("add 32 180x320"))) { try table.json() }
  }

  @Test("a figure that is no number is refused before anything is written")
  func notANumber() throws {
    guard case .measured(var measurement) = exampleTable.rows[0].result else {
      Issue.record("the first row is measured")
      return
    }
    var table = exampleTable
    measurement.check.maxRelativeError = .nan
    table.rows[0].result = .measured(measurement)
    let error = #expect(throws: TableError.self) { try table.json() }
    #expect(
      error?.problem
        == .implausible("rows[0].check.maxRelativeError", "is nan, which JSON cannot say"))

    measurement.check.maxRelativeError = 0
    measurement.latency.undisturbedNanoseconds = 0
    table.rows[0].result = .measured(measurement)
    #expect(throws: TableError.self) { try table.json() }
  }
}
