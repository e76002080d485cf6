internal import Files

/// A value of a JSON file that people write by hand: it knows its place, for errors that name it.
struct JSONValue {
  indirect enum Content {
    case object([(key: String, value: JSONValue)])
    case list([JSONValue])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null
  }

  let content: Content
  /// `cells[3].layers[0]`; empty for the whole file.
  let place: String

  /// - Throws: In which line the text is no JSON.
  init(parsing bytes: [UInt8]) throws(InvalidNetwork) {
    var reader = JSONReader(bytes)
    do throws(JSONError) {
      try reader.readValue()
      if reader.peek() != nil { throw reader.failure("something follows the end") }
      try self.init(reader, token: 0, place: "")
    } catch {
      throw InvalidNetwork("line \(error.line): \(error.sentence)")
    }
  }

  private init(_ reader: JSONReader, token index: Int, place: String) throws(JSONError) {
    let token = reader.tokens[index]
    self.place = place
    switch token.kind {
    case .object:
      var members: [(key: String, value: JSONValue)] = []
      for key in reader.keys(of: index) {
        let name = try reader.validText(reader.tokens[key])
        let inside = place.isEmpty ? name : "\(place).\(name)"
        members.append((name, try JSONValue(reader, token: key + 1, place: inside)))
      }
      content = .object(members)
    case .array:
      var elements: [JSONValue] = []
      var element = index + 1
      while element < token.next {
        let inside = "\(place)[\(elements.count)]"
        elements.append(try JSONValue(reader, token: element, place: inside))
        element = reader.tokens[element].next
      }
      content = .list(elements)
    case .string, .escapedString: content = .text(try reader.validText(token))
    case .number: content = .number(try reader.finiteNumber(token))
    case .yes: content = .flag(true)
    case .no: content = .flag(false)
    case .null: content = .null
    }
  }

  /// A mistake in this value.
  func error(_ sentence: String) -> InvalidNetwork {
    InvalidNetwork(place.isEmpty ? sentence : "\(place): \(sentence)")
  }

  /// The members of an object that has no keys but these.
  func members(_ keys: String...) throws(InvalidNetwork) -> [String: JSONValue] {
    guard case .object(let members) = content else { throw error("is \(kind), not an object") }
    var result: [String: JSONValue] = [:]
    for (key, value) in members {
      guard keys.contains(key) else {
        throw error("unknown key '\(key)'; \(suggestion(for: key, among: keys))")
      }
      result[key] = value
    }
    return result
  }

  /// What is under a key of this object.
  func required(
    _ key: String, in members: [String: JSONValue]
  ) throws(InvalidNetwork) -> JSONValue {
    guard let value = members[key] else {
      throw InvalidNetwork("\(place.isEmpty ? key : "\(place).\(key)"): is missing")
    }
    return value
  }

  func list() throws(InvalidNetwork) -> [JSONValue] {
    guard case .list(let elements) = content else { throw error("is \(kind), not a list") }
    return elements
  }

  func text() throws(InvalidNetwork) -> String {
    guard case .text(let text) = content else { throw error("is \(kind), not a text") }
    return text
  }

  func number() throws(InvalidNetwork) -> Double {
    guard case .number(let number) = content else { throw error("is \(kind), not a number") }
    return number
  }

  func wholeNumber() throws(InvalidNetwork) -> Int {
    let number = try number()
    guard let whole = Int(exactly: number) else {
      throw error("is a whole number, not \(numberText(number))")
    }
    return whole
  }

  /// One of the words of `Word`; `what` it is goes into the error.
  func word<Word: RawRepresentable & CaseIterable>(
    _ what: String
  ) throws(InvalidNetwork) -> Word where Word.RawValue == String {
    let text = try text()
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    throw error("no \(what) '\(text)'; \(suggestion(for: text, among: words))")
  }

  private var kind: String {
    switch content {
    case .object: "an object"
    case .list: "a list"
    case .text: "a text"
    case .number: "a number"
    case .flag(let flag): "\(flag)"
    case .null: "null"
    }
  }
}

extension JSONReader {
  /// The text of a string or key.
  fileprivate func validText(_ token: Token) throws(JSONError) -> String {
    guard let text = text(token) else {
      throw failure(
        .malformed("a text that is not UTF-8, or has an escape that JSON lacks"), at: token.start)
    }
    return text
  }

  fileprivate func finiteNumber(_ token: Token) throws(JSONError) -> Double {
    let number = number(token)
    guard number.isFinite else {
      throw failure(
        .malformed("no JSON value can begin or go on like this"), at: token.start)
    }
    return number
  }
}

extension JSONError {
  /// The mistake, for a file that people write.
  fileprivate var sentence: String {
    switch reason {
    case .truncated, .empty: "the text ends too soon"
    case .malformed(let sentence): sentence
    case .duplicateKey(let key): "key '\(key)' is there twice"
    }
  }
}
