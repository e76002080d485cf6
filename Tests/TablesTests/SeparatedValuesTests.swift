import Tables
import Testing

@Suite("Comma-separated values")
struct SeparatedValuesTests {
  @Test(
    "hold nothing that a spreadsheet computes",
    arguments: [
      ("=1+1", "\"'=1+1\""), ("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""),
      ("-2+3", "\"'-2+3\""), ("@SUM(A1)", "\"'@SUM(A1)\""), ("\t=1", "\"'\t=1\""),
      ("\r=1", "\"'\r=1\""), ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("=\u{301}1", "\"'=\u{301}1\""),
      ("-", "\"'-\""),
    ])
  func formulas(cell: String, written: String) {
    #expect(CommaSeparatedValues(titles: ["a", cell]).text == "a,\(written)\n")
  }

  @Test(
    "leave numbers and words as they are",
    arguments: ["-1.5", "+2", "-1e-05", "1", "", "conv3x3 8->8", "a=b", "x-1", "'quoted'"])
  func plain(cell: String) {
    #expect(CommaSeparatedValues(titles: [cell, "b"]).text == "\(cell),b\n")
  }

  @Test("quote what would end a cell, with an accent on it too")
  func ends() {
    for cell in ["a,b", "a\nb", "a\rb", "a,\u{301}b"] {
      #expect(CommaSeparatedValues(titles: [cell]).text == "\"\(cell)\"\n")
    }
  }
}
