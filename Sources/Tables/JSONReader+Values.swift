internal import Files

/// Values of the token list, by their type; what is wrong with one names its path.
extension JSONReader {
  /// The token of a member's value; `nil` if the object lacks the key or holds `null`.
  func member(_ key: StaticString, of object: Int) -> Int? {
    var index = object + 1
    while index < tokens[object].next {
      if isKey(key, tokens[index]) {
        return tokens[index + 1].kind == .null ? nil : index + 1
      }
      index = tokens[index + 1].next
    }
    return nil
  }

  private func isKey(_ key: StaticString, _ token: Token) -> Bool {
    if token.kind == .escapedString { return text(token) == key.description }
    let count = key.utf8CodeUnitCount
    guard token.end - token.start == count else { return false }
    for offset in 0..<count where bytes[token.start + offset] != key.utf8Start[offset] {
      return false
    }
    return true
  }

  private func required(
    _ key: StaticString, of object: Int
  ) throws(TableError.Problem) -> Int {
    guard let index = member(key, of: object) else { throw .missing(key.description) }
    return index
  }

  /// What `body` makes of the object under `key`; the path of its errors then begins with the key.
  func object<Value>(
    _ key: StaticString, of parent: Int, _ body: (Int) throws(TableError.Problem) -> Value
  ) throws(TableError.Problem) -> Value {
    let index = try required(key, of: parent)
    guard tokens[index].kind == .object else {
      throw wrongType(key.description, index, "an object")
    }
    do {
      return try body(index)
    } catch {
      throw error.inside(key.description)
    }
  }

  /// The value that `body` makes of the array under `key`.
  func array<Value>(
    _ key: StaticString, of parent: Int, _ body: (Int) throws(TableError.Problem) -> Value
  ) throws(TableError.Problem) -> Value {
    let list = try required(key, of: parent)
    do {
      return try body(list)
    } catch {
      throw error.inside(key.description)
    }
  }

  /// What `body` makes of each object in the array at a token.
  func elements<Value>(
    of list: Int, _ body: (Int) throws(TableError.Problem) -> Value
  ) throws(TableError.Problem) -> [Value] {
    guard tokens[list].kind == .array else { throw wrongType("", list, "an array") }
    var values: [Value] = []
    var index = list + 1
    while index < tokens[list].next {
      guard tokens[index].kind == .object else {
        throw .wrongType("[\(values.count)]", "not an object")
      }
      do {
        values.append(try body(index))
      } catch {
        throw error.inside("[\(values.count)]")
      }
      index = tokens[index].next
    }
    return values
  }

  /// The same, or `nil` if the object lacks the key or holds `null`.
  func optional<Value>(
    _ key: StaticString, of parent: Int, _ body: (Int) throws(TableError.Problem) -> Value
  ) throws(TableError.Problem) -> Value? {
    member(key, of: parent) == nil ? nil : try object(key, of: parent, body)
  }

  /// The numbers of the object under `key`, whatever their keys.
  func numbers(
    _ key: StaticString, of parent: Int
  ) throws(TableError.Problem) -> [String: Double] {
    try object(key, of: parent) { (it) throws(TableError.Problem) in
      var numbers: [String: Double] = [:]
      var index = it + 1
      while index < tokens[it].next {
        guard let name = text(tokens[index]) else {
          throw .wrongType("", "a key that is not UTF-8")
        }
        numbers[name] = try double(at: index + 1, named: name)
        index = tokens[index + 1].next
      }
      return numbers
    }
  }

  func string(_ key: StaticString, of object: Int) throws(TableError.Problem) -> String {
    let index = try required(key, of: object)
    guard let text = text(tokens[index]) else {
      throw wrongType(key.description, index, "a string")
    }
    return text
  }

  func bool(_ key: StaticString, of object: Int) throws(TableError.Problem) -> Bool {
    let index = try required(key, of: object)
    switch tokens[index].kind {
    case .yes: return true
    case .no: return false
    default: throw wrongType(key.description, index, "true or false")
    }
  }

  func double(_ key: StaticString, of object: Int) throws(TableError.Problem) -> Double {
    try double(at: try required(key, of: object), named: key.description)
  }

  func double(
    _ key: StaticString, of object: Int, in range: ClosedRange<Double>
  ) throws(TableError.Problem) -> Double {
    let double = try double(key, of: object)
    guard range ~= double, !double.isSubnormal else {
      throw .implausible(
        key.description, "is \(double), not \(range.lowerBound) to \(range.upperBound)")
    }
    return double
  }

  private func double(at index: Int, named key: String) throws(TableError.Problem) -> Double {
    guard tokens[index].kind == .number else { throw wrongType(key, index, "a number") }
    let number = number(tokens[index])
    guard number.isFinite else { throw .implausible(key, "is too large for a number") }
    return number
  }

  func int(_ key: StaticString, of object: Int) throws(TableError.Problem) -> Int {
    let index = try required(key, of: object)
    guard tokens[index].kind == .number, let int = Int(exactly: number(tokens[index])) else {
      throw wrongType(key.description, index, "a whole number")
    }
    return int
  }

  func int(
    _ key: StaticString, of object: Int, in range: ClosedRange<Int>
  ) throws(TableError.Problem) -> Int {
    let int = try int(key, of: object)
    guard range ~= int else {
      throw .implausible(
        key.description, "is \(int), not \(range.lowerBound) to \(range.upperBound)")
    }
    return int
  }

  private func wrongType(
    _ key: String, _ index: Int, _ wanted: String
  ) -> TableError.Problem {
    let found =
      switch tokens[index].kind {
      case .object: "an object"
      case .array: "an array"
      case .string, .escapedString: text(tokens[index]) == nil ? "not UTF-8" : "a string"
      case .number: "the number \(String(decoding: source(tokens[index]), as: UTF8.self))"
      case .yes: "true"
      case .no: "false"
      case .null: "null"
      }
    return .wrongType(key, "\(found), not \(wanted)")
  }
}
