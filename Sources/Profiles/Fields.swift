import Workloads
import Yams

/// A map of a profile whose keys are known words, each at most once.
package struct Fields {
  /// The thing that the map describes, for sentences such as "a convolution needs kernel".
  let subject: String
  let file: String
  let position: Position
  private var values: [String: Value] = [:]

  /// Reads the map at `value`, in which only `keys` may stand.
  package init(_ value: Value, _ subject: String, keys: [String]) throws(ProfileError) {
    self.subject = subject
    file = value.file
    position = value.position
    guard case .mapping(let map) = value.node else {
      throw value.error(
        "\(subject) is described by keys and values: \(keys.joined(separator: ", "))")
    }
    for (key, node) in map {
      let word = try Self.word(key, file: file)
      guard keys.contains(word) else {
        let likely = nearest(to: word, in: keys).map { "did you mean '\($0)'?" }
        throw ProfileError(
          file: file, position: Position(key.mark),
          "unknown key \(quoted(word)); "
            + (likely ?? "\(subject) has \(keys.joined(separator: ", "))"))
      }
      values[word] = Value(file: file, key: word, node: node)
    }
  }

  /// The text of a key.
  static func word(_ key: Node, file: String) throws(ProfileError) -> String {
    guard case .scalar(let scalar) = key else {
      throw ProfileError(
        file: file, position: Position(key.mark), "a key is a word, not a list or a map")
    }
    return scalar.string
  }

  package subscript(key: String) -> Value? { values[key] }

  /// The value of a key that must be there.
  package func required(_ key: String) throws(ProfileError) -> Value {
    guard let value = values[key] else { throw error("\(subject) needs \(key)") }
    return value
  }

  /// A mistake of the map as a whole.
  package func error(_ sentence: String) -> ProfileError {
    ProfileError(file: file, position: position, sentence)
  }
}
