/// Finds keys that could hold an alias, before the text is parsed.
///
/// Aliases of aliases make a text of a few lines look like billions of nodes. That is harmless while
/// nobody walks them all, but the YAML parser hashes every key. So a text that uses aliases has plain
/// keys only. The scan knows nothing of quotes and comments: it may refuse a text that holds both an
/// alias and, somewhere, something that looks like such a key, and it misses none.
enum AliasedKey {
  private enum Token { case alias, collection, other }

  /// Where the first such key is, or `nil` if the text is safe to parse.
  static func position(in yaml: String) -> Position? {
    var hasAlias = false
    var key: Position?
    var position = Position.start
    var questionMark: Position?
    var last = Token.other
    var previous: Unicode.Scalar = "\n"
    for scalar in yaml.unicodeScalars {
      if isSpace(scalar) {
        // `? ` begins a key of any kind.
        if let questionMark { key = key ?? questionMark }
      } else if scalar == ":" {
        if last != .other { key = key ?? position }
        last = .other
      } else if scalar == "*", startsToken(after: previous) {
        hasAlias = true
        last = .alias
      } else if last != .alias || isSpace(previous) || isPunctuation(scalar) {
        last = scalar == "]" || scalar == "}" ? .collection : .other
      }
      questionMark = scalar == "?" && startsToken(after: previous) ? position : nil
      previous = scalar
      if scalar == "\n" {
        position = Position(line: position.line + 1, column: 1)
      } else {
        position.column += 1
      }
    }
    return hasAlias ? key : nil
  }

  private static func startsToken(after scalar: Unicode.Scalar) -> Bool {
    isSpace(scalar) || isPunctuation(scalar) || scalar == "?" || scalar == "-"
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "[", "]", "{", "}", ",", ":": true
    default: false
    }
  }
}
