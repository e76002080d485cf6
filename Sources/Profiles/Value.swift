import Workloads
import Yams

/// One value of a profile with the key it stands under, able to say what is wrong with it.
package struct Value {
  package let file: String
  /// The key, for sentences such as "kernel is a whole number, not 'three'".
  package let key: String
  let node: Node

  var position: Position { Position(node.mark) }

  /// The whole of a text in YAML or JSON, called by what it describes, such as "a profile".
  package init(
    yaml: String, file: String, describing subject: String, needing key: String
  ) throws(ProfileError) {
    self.init(
      file: file, key: subject,
      node: try Document(yaml: yaml, file: file, describing: subject, needing: key).root)
  }

  init(file: String, key: String, node: Node) {
    self.file = file
    self.key = key
    self.node = node
  }

  /// Whether it is a map.
  package var isMap: Bool { node.mapping != nil }

  /// A number within a range.
  package func number(in range: ClosedRange<Double>) throws(ProfileError) -> Double {
    guard let number = Double(node.scalar?.string ?? ""), range ~= number else {
      throw error(
        "\(key) is a number from \(range.lowerBound) to \(range.upperBound), not \(found)")
    }
    return number
  }

  package func error(_ sentence: String) -> ProfileError {
    ProfileError(file: file, position: position, sentence)
  }

  /// The content, as the end of a sentence.
  package var found: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : quoted(scalar.string)
    case .sequence: "a list"
    case .mapping: "a map"
    case .alias: "an alias"
    }
  }

  func sibling(_ node: Node) -> Value { Value(file: file, key: key, node: node) }

  /// One or more words on one line.
  package func text() throws(ProfileError) -> String {
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw error("\(key) is text, not \(found)")
    }
    let lines = text.split(whereSeparator: \.isNewline)
    let line = lines.joined(separator: " ")
    guard line.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw error("\(key) is text without control characters")
    }
    return line
  }

  package func wholeNumber() throws(ProfileError) -> Int {
    let text = node.scalar?.string ?? ""
    if let number = Int(text) { return number }
    let digits = text.drop { $0 == "-" || $0 == "+" }
    if !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
      throw error("\(key) does not fit in 64 bits: \(found)")
    }
    throw error("\(key) is a whole number, not \(found)")
  }

  /// A number of seconds up to a day.
  func seconds() throws(ProfileError) -> Double {
    guard let seconds = Double(node.scalar?.string ?? ""), seconds > 0, seconds <= 86_400 else {
      throw error("\(key) is a number of seconds above 0 and at most 86400, not \(found)")
    }
    return seconds
  }

  /// A pruning rate.
  func rate() throws(ProfileError) -> Double {
    guard let rate = Double(node.scalar?.string ?? ""), rate >= 1, rate.isFinite else {
      throw error(
        "\(key) is a number of at least 1, all over kept (a rate of 4 keeps a quarter), not \(found)"
      )
    }
    return rate
  }

  /// One of some words, which `parse` turns into what they mean.
  package func word<T>(_ words: [String], _ parse: (String) -> T?) throws(ProfileError) -> T {
    let text = node.scalar?.string ?? ""
    if let value = parse(text) { return value }
    if let likely = nearest(to: text, in: words) {
      throw error("\(key) is not \(found); did you mean '\(likely)'?")
    }
    throw error("\(key) is one of \(words.joined(separator: ", ")), not \(found)")
  }

  /// The elements of a list of at least one.
  package func list() throws(ProfileError) -> [Value] {
    guard case .sequence(let list) = node else { throw error("\(key) is a list, not \(found)") }
    if list.isEmpty { throw error("\(key) is an empty list, which leaves nothing to measure") }
    return list.map(sibling)
  }

  /// The elements of a list, or a single scalar as a list of one.
  package func scalars() throws(ProfileError) -> [Value] {
    if case .scalar = node { return [self] }
    return try list()
  }

  /// The elements of a list of pairs such as `[[180, 320]]`.
  func pairs(_ first: String, _ second: String) throws(ProfileError) -> [(Value, Value)] {
    let hint = "\(key) is a list of [\(first), \(second)] pairs, as in [[32, 16]]"
    guard case .sequence = node else { throw error("\(hint), not \(found)") }
    return try list().map { (element) throws(ProfileError) in
      guard case .sequence(let pair) = element.node else {
        throw error("\(hint); a pair stands in brackets of its own, unlike \(element.found)")
      }
      guard pair.count == 2 else {
        throw element.error("\(hint); this one has \(pair.count) numbers")
      }
      return (sibling(pair[0]), sibling(pair[1]))
    }
  }
}
