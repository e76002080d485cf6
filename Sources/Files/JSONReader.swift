/// Reads one JSON value after the other (RFC 8259), strictly, into a flat list of tokens.
///
/// The list is used again for every value, so a table of any length is read in the memory of one
/// row; Foundation's decoder takes ten times as long.
public struct JSONReader {
  public enum Kind: UInt8 {
    case object, array, string, escapedString, number, yes, no, null
  }

  /// A value, or the key before one. Members of a container follow it, up to `next`.
  public struct Token {
    public internal(set) var kind: Kind
    /// Where the text begins; inside the quotes for a string.
    public internal(set) var start: Int
    public internal(set) var end: Int
    /// The token after this value and everything in it.
    public internal(set) var next: Int
  }

  /// Deeper values are refused, so that no text can exhaust the stack.
  static let deepest = 64
  /// Larger values are refused, so that no text becomes many times its size; rows have some hundred.
  private static let mostTokens = 1 << 20

  public let bytes: [UInt8]
  private(set) var position = 0
  public private(set) var tokens: [Token] = []

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads the next value in place of the one before; it is token 0.
  public mutating func readValue() throws(JSONError) {
    tokens.removeAll(keepingCapacity: true)
    try value(depth: 0)
  }

  /// The next byte that is not white space, or `nil` at the end of the text.
  public mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Whether the next byte is `byte`, which is then read.
  public mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  /// Reads `byte`, or says what is missing.
  public mutating func expect(_ byte: Unicode.Scalar) throws(JSONError) {
    if !take(byte) { throw failure("'\(byte)' is missing") }
  }

  /// Reads what separates two members of a container; false at its end.
  public mutating func continues(to end: Unicode.Scalar) throws(JSONError) -> Bool {
    if take(",") { return true }
    if take(end) { return false }
    throw failure("',' or '\(end)' is missing")
  }

  /// Where the text of a value lies, its quotes included.
  public func range(of token: Token) -> Range<Int> {
    switch token.kind {
    case .string, .escapedString: token.start - 1..<token.end + 1
    default: token.start..<token.end
    }
  }

  /// What is wrong at the present position.
  public func failure(_ sentence: String) -> JSONError {
    if bytes.isEmpty { return failure(.empty, at: 0) }
    if position >= bytes.count { return failure(.truncated, at: bytes.count) }
    return failure(.malformed(sentence), at: position)
  }

  /// The mistake at a byte.
  public func failure(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
    let line = bytes[..<offset].reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
    return JSONError(reason, line: line, offset: offset)
  }

  private mutating func value(depth: Int) throws(JSONError) {
    guard let byte = peek() else { throw failure("") }
    guard tokens.count < Self.mostTokens else {
      throw failure("more than \(Self.mostTokens) values in one")
    }
    switch byte {
    case UInt8(ascii: "{"): try container(.object, end: "}", depth: depth)
    case UInt8(ascii: "["): try container(.array, end: "]", depth: depth)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true", .yes)
    case UInt8(ascii: "f"): try word("false", .no)
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  private mutating func container(
    _ kind: Kind, end: Unicode.Scalar, depth: Int
  ) throws(JSONError) {
    guard depth < Self.deepest else {
      throw failure("more than \(Self.deepest) values inside each other")
    }
    let index = tokens.count
    tokens.append(Token(kind: kind, start: position, end: position, next: index))
    position += 1
    if !take(end) {
      repeat {
        if kind == .object {
          guard peek() == UInt8(ascii: "\"") else { throw failure("a key in quotes is missing") }
          try string()
          try expect(":")
        }
        try value(depth: depth + 1)
      } while try continues(to: end)
    }
    tokens[index].end = position
    tokens[index].next = tokens.count
    if kind == .object { try checkKeysDiffer(of: index) }
  }

  private mutating func string() throws(JSONError) {
    let start = position + 1
    var kind = Kind.string
    position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        tokens.append(Token(kind: kind, start: start, end: position, next: tokens.count + 1))
        position += 1
        return
      }
      guard byte >= 0x20 else { throw failure("a control character inside a string") }
      if byte == UInt8(ascii: "\\") {
        kind = .escapedString
        position += 1
      }
      position += 1
    }
    throw failure("")
  }

  private mutating func word(_ word: StaticString, _ kind: Kind) throws(JSONError) {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == word.utf8Start[offset] else {
        throw failure("'\(word)' is misspelt")
      }
      position += 1
    }
    tokens.append(Token(kind: kind, start: start, end: position, next: tokens.count + 1))
  }

  private mutating func number() throws(JSONError) {
    let start = position
    if at("-") { position += 1 }
    if at("0") { position += 1 } else { try digits() }
    if at(".") {
      position += 1
      try digits()
    }
    if at("e") || at("E") {
      position += 1
      if at("+") || at("-") { position += 1 }
      try digits()
    }
    tokens.append(Token(kind: .number, start: start, end: position, next: tokens.count + 1))
  }

  private func at(_ scalar: Unicode.Scalar) -> Bool {
    position < bytes.count && bytes[position] == UInt8(ascii: scalar)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    if position == start { throw failure("no JSON value can begin or go on like this") }
  }
}
