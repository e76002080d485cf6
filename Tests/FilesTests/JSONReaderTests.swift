import Files
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  @Test("a text becomes a flat list of tokens, each with the place after it")
  func tokens() throws {
    var reader = JSONReader(Array(#"{"a": [1, "\u00e9\n"], "b": null} 2"#.utf8))
    try reader.readValue()
    #expect(
      reader.tokens.map(\.kind) == [
        .object, .string, .array, .number, .escapedString, .string, .null,
      ])
    #expect(reader.tokens.map(\.next) == [7, 2, 5, 4, 5, 6, 7])
    #expect(reader.text(reader.tokens[4]) == "é\n")
    try reader.readValue()
    #expect(reader.number(reader.tokens[0]) == 2)
    #expect(reader.peek() == nil)
  }

  @Test(
    "what is no JSON is said with its line and byte",
    arguments: [
      ("", JSONError(.empty, line: 1, offset: 0)),
      ("[1,\n2", JSONError(.truncated, line: 2, offset: 5)),
      ("[1,\n2 3]", JSONError(.malformed("',' or ']' is missing"), line: 2, offset: 6)),
      ("{\"a\": 1, \"\\u0061\": 2}", JSONError(.duplicateKey("a"), line: 1, offset: 10)),
      ("01", JSONError(.malformed("something follows"), line: 1, offset: 1)),
      ("-", JSONError(.truncated, line: 1, offset: 1)),
    ])
  func mistakes(_ text: String, _ expected: JSONError) {
    #expect(throws: expected) {
      var reader = JSONReader(Array(text.utf8))
      try reader.readValue()
      if reader.peek() != nil { throw reader.failure("something follows") }
    }
  }

  @Test(
    "numbers are the nearest there are",
    arguments: [
      ("0.1", 0.1), ("-12.5e-3", -12.5e-3), ("123456789012345", 123_456_789_012_345),
      ("1234567890.12345678901", 1_234_567_890.12345678901), ("1e999", .infinity),
    ])
  func numbers(_ text: String, _ expected: Double) throws {
    var reader = JSONReader(Array(text.utf8))
    try reader.readValue()
    #expect(reader.number(reader.tokens[0]) == expected)
  }
}
