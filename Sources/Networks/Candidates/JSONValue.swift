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
    var parser = JSONParser(bytes)
    self = try parser.file()
  }

  init(_ content: Content, place: String) {
    self.content = content
    self.place = place
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
      guard result.updateValue(value, forKey: key) == nil else {
        throw error("key '\(key)' is there twice")
      }
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
