/// The members of objects.
extension JSONReader {
  /// Places of an object's keys among the tokens; each value stands behind its key.
  public func keys(of object: Int) -> [Int] {
    var keys: [Int] = []
    var key = object + 1
    while key < tokens[object].next {
      keys.append(key)
      key = tokens[key + 1].next
    }
    return keys
  }

  /// The place of a member's value; `nil` if the object has none of this name.
  public func value(_ name: String, of object: Int = 0) -> Int? {
    keys(of: object).first { text(tokens[$0]) == name }.map { $0 + 1 }
  }

  /// The members that are finite numbers, by name; none of what is no object.
  public func numbers(of object: Int) -> [String: Double] {
    guard tokens[object].kind == .object else { return [:] }
    var numbers: [String: Double] = [:]
    for key in keys(of: object) where tokens[key + 1].kind == .number {
      let number = number(tokens[key + 1])
      if let name = text(tokens[key]), number.isFinite { numbers[name] = number }
    }
    return numbers
  }
}
