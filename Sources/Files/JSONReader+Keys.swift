/// The keys of objects, which must differ: readers do not agree on which of two values counts.
extension JSONReader {
  /// Throws the first key of an object that is there twice.
  func checkKeysDiffer(of object: Int) throws(JSONError) {
    let end = tokens[object].next
    var (key, before) = (object + 1, 0)
    // Most objects have a few keys, which are compared with each other.
    while key < end, before < 16 {
      var other = object + 1
      while other < key {
        if isSame(tokens[other], tokens[key]) { throw duplicateKey(tokens[key]) }
        other = tokens[other + 1].next
      }
      key = tokens[key + 1].next
      before += 1
    }
    guard key < end else { return }
    var texts: Set<[UInt8]> = []
    key = object + 1
    while key < end {
      guard texts.insert(comparable(tokens[key])).inserted else { throw duplicateKey(tokens[key]) }
      key = tokens[key + 1].next
    }
  }

  /// The problem of a key that was there before.
  public func duplicateKey(_ key: Token) -> JSONError {
    failure(
      .duplicateKey(String(decoding: comparable(key).prefix(60), as: UTF8.self)), at: key.start)
  }

  private func isSame(_ one: Token, _ other: Token) -> Bool {
    guard one.kind == .string, other.kind == .string else {
      return comparable(one) == comparable(other)
    }
    guard one.end - one.start == other.end - other.start else { return false }
    for offset in 0..<one.end - one.start
    where bytes[one.start + offset] != bytes[other.start + offset] { return false }
    return true
  }

  /// The text of a key without its escapes, if it can be understood.
  private func comparable(_ key: Token) -> [UInt8] {
    text(key).map { Array($0.utf8) } ?? Array(bytes[key.start..<key.end])
  }
}
