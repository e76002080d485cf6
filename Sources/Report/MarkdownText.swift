extension String {
  /// The text on one line, without a meaning in Markdown or HTML, in a cell of a table too.
  public var escapedForMarkdown: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "!", "|", "~":
        text += "\\\(scalar)"
      case _ where Character(scalar).isNewline || scalar == "\t": text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The text on one line between backticks, or escaped where it is more than words.
  var codeForMarkdown: String {
    unicodeScalars.contains { $0 == "`" || $0 == "<" || Character($0).isNewline }
      ? escapedForMarkdown : "`\(self)`"
  }
}
