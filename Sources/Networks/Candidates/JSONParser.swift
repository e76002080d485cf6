/// Reads JSON (RFC 8259) without escapes in texts, which no word of ours needs.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  /// Deeper values are refused, so that no text can exhaust the stack.
  private static let deepest = 16

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The one value that the text is.
  ///
  /// - Throws: In which line it is no JSON.
  mutating func file() throws(InvalidNetwork) -> JSONValue {
    let value = try value(place: "", depth: 0)
    guard peek() == nil else { throw failure("something follows the end") }
    return value
  }

  private mutating func value(place: String, depth: Int) throws(InvalidNetwork) -> JSONValue {
    guard depth < Self.deepest else { throw failure("too many values inside each other") }
    switch peek() {
    case UInt8(ascii: "{"): return try object(place: place, depth: depth)
    case UInt8(ascii: "["): return try list(place: place, depth: depth)
    case UInt8(ascii: "\""): return JSONValue(.text(try text()), place: place)
    case nil: throw failure("the text ends too soon")
    default: return JSONValue(try scalar(), place: place)
    }
  }

  private mutating func object(place: String, depth: Int) throws(InvalidNetwork) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    position += 1
    if !take("}") {
      repeat {
        guard peek() == UInt8(ascii: "\"") else { throw failure("a key in quotes is missing") }
        let key = try text()
        guard take(":") else { throw failure("':' is missing behind \"\(key)\"") }
        let inside = place.isEmpty ? key : "\(place).\(key)"
        members.append((key, try value(place: inside, depth: depth + 1)))
      } while take(",")
      guard take("}") else { throw failure("',' or '}' is missing") }
    }
    return JSONValue(.object(members), place: place)
  }

  private mutating func list(place: String, depth: Int) throws(InvalidNetwork) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    if !take("]") {
      repeat {
        elements.append(try value(place: "\(place)[\(elements.count)]", depth: depth + 1))
      } while take(",")
      guard take("]") else { throw failure("',' or ']' is missing") }
    }
    return JSONValue(.list(elements), place: place)
  }

  private mutating func text() throws(InvalidNetwork) -> String {
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) else {
      throw failure("a text has no closing quote")
    }
    let inside = bytes[start..<end]
    guard inside.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\\") }),
      let text = String(validating: inside, as: UTF8.self)
    else { throw failure("a text here is plain words, without line ends or backslashes") }
    position = end + 1
    return text
  }

  private mutating func scalar() throws(InvalidNetwork) -> JSONValue.Content {
    let start = position
    while position < bytes.count, Self.isScalar(bytes[position]) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    switch word {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "null": return .null
    default:
      guard let first = word.utf8.first, first == UInt8(ascii: "-") || Self.isDigit(first),
        let number = Double(word), number.isFinite
      else {
        position = start
        throw failure("no JSON value can begin or go on like this")
      }
      return .number(number)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isScalar(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "+-.".utf8.contains(byte)
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      guard " \n\r\t".utf8.contains(bytes[position]) else { return bytes[position] }
      position += 1
    }
    return nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func failure(_ sentence: String) -> InvalidNetwork {
    let line = bytes[..<position].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return InvalidNetwork("line \(line): \(sentence)")
  }
}
