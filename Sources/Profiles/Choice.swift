import Workloads
import Yams

/// A map of one key, which is one of some words, such as `add: { channels: 32 }`.
struct Choice {
  let word: String
  /// Where the key stands.
  let position: Position
  let value: Value
  /// What the value may have.
  let keys: [String]

  /// - Parameters:
  ///   - noun: What the words are, such as "operator".
  ///   - shape: A sentence about what is to stand here.
  ///   - words: The words, with the keys that the value of each may have.
  init(
    _ item: Value, of noun: String, _ shape: String, in words: KeyValuePairs<String, [String]>
  ) throws(ProfileError) {
    guard case .mapping(let map) = item.node, let (key, node) = map.first else {
      throw item.error(shape)
    }
    let word = try Fields.word(key, file: item.file)
    guard let keys = words.first(where: { $0.key == word })?.value else {
      let all = words.map(\.key)
      let likely = nearest(to: word, in: all).map { "did you mean '\($0)'?" }
      throw ProfileError(
        file: item.file, position: Position(key.mark),
        "unknown \(noun) \(quoted(word)); "
          + (likely ?? "there are \(all.joined(separator: ", "))"))
    }
    if let (extra, _) = map.dropFirst().first {
      throw ProfileError(
        file: item.file, position: Position(extra.mark),
        "an item of \(item.key) has one \(noun); "
          + "\(quoted(try Fields.word(extra, file: item.file))) "
          + "is a second key (is it to be indented below '\(word)', or to begin with '- '?)")
    }
    self.word = word
    self.keys = keys
    position = Position(key.mark)
    value = Value(file: item.file, key: word, node: node)
  }
}
