import Yams

/// The text of a profile as a tree of YAML nodes.
struct Document {
  let file: String
  let root: Node

  /// No profile worth writing is longer; a megabyte of YAML takes some hundred as a tree.
  private static let largestText = 1 << 20

  init(
    yaml: String, file: String, describing subject: String = "a profile",
    needing key: String = "name"
  ) throws(ProfileError) {
    self.file = file
    func error(_ position: Position, _ sentence: String) -> ProfileError {
      ProfileError(file: file, position: position, sentence)
    }
    if yaml.utf8.count > Self.largestText {
      throw error(.start, "\(subject) is at most 1 MiB of text, not \(yaml.utf8.count) bytes")
    }
    if let position = AliasedKey.position(in: yaml) {
      throw error(position, "a key is a word here, not a list, a map or an alias")
    }
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: yaml)
    } catch let problem as YamlError {
      let (position, sentence) = Self.explanation(of: problem)
      throw error(position, sentence)
    } catch {
      throw ProfileError(file: file, position: .start, "this is not YAML")
    }
    guard let composed else { throw error(.start, "the file is empty; \(subject) has a \(key)") }
    root = composed
  }

  private static func explanation(of problem: YamlError) -> (Position, String) {
    switch problem {
    case .scanner(let context, let sentence, let mark, _),
      .parser(let context, let sentence, let mark, _),
      .composer(let context, let sentence, let mark, _):
      let doing = context.map { "\($0.text), " } ?? ""
      return (Position(mark), "this is not YAML: \(doing)\(sentence)")
    case .reader(let sentence, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let lineStart = before.lastIndex(where: \.isNewline).map { before.index(after: $0) }
      let position = Position(
        line: 1 + before.count(where: \.isNewline),
        column: 1 + before[(lineStart ?? before.startIndex)...].unicodeScalars.count)
      return (position, "this is not YAML: \(sentence)")
    case .duplicatedKeysInMapping(let keys, let context):
      return (Position(context.mark), "duplicate key \(quoted(keys.first ?? ""))")
    case .memory:
      return (.start, "this is not YAML that can be read: it is nested too deeply")
    default:
      return (.start, "this is not YAML")
    }
  }
}

extension Position {
  init(_ mark: Mark?) {
    self.init(line: max(mark?.line ?? 1, 1), column: max(mark?.column ?? 1, 1))
  }
}

/// Text from a file inside single quotes, cut to one short line.
func quoted(_ text: String) -> String {
  let limit = 40
  let line = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
  let printable = line.filter {
    $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
  return "'" + String(printable.prefix(limit)) + (printable.count > limit ? "…'" : "'")
}
