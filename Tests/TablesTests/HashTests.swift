import Tables
import Testing

@Suite("FNV-1a")
struct HashTests {
  @Test(
    "published values come out",
    arguments: [
      ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
    ])
  func published(_ text: String, _ digits: String) {
    var hash = FNV1a()
    hash.combine(Array(text.utf8))
    #expect(hash.digits == digits)
  }

  @Test("texts cut at another place differ")
  func cuts() {
    var one = FNV1a()
    one.combine("a")
    one.combine("bc")
    var other = FNV1a()
    other.combine("ab")
    other.combine("c")
    #expect(one.digits != other.digits)
  }
}
