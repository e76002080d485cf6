/// Text of a page, in which everything that comes from a file is escaped.
struct HTML {
  private(set) var text: String

  /// Markup as it is: nothing that comes from a file.
  init(markup: String = "") {
    text = markup
  }

  /// Plain text.
  init(_ plain: String) {
    var escaped = ""
    for character in plain.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    text = escaped
  }

  /// An element with content. Names and classes are the program's own.
  static func element(
    _ name: String, class style: String = "", attributes: String = "", _ content: HTML
  ) -> HTML {
    let style = style.isEmpty ? "" : " class=\"\(style)\""
    let attributes = attributes.isEmpty ? "" : " \(attributes)"
    return HTML(markup: "<\(name)\(style)\(attributes)>\(content.text)</\(name)>\n")
  }

  static func element(
    _ name: String, class style: String = "", attributes: String = "", _ content: String
  ) -> HTML {
    element(name, class: style, attributes: attributes, HTML(content))
  }

  /// A whole page that needs nothing else; `command` is what made it.
  static func page(title: String, _ body: HTML, madeBy command: String) -> String {
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      + element("title", title).text + "<style>\n\(Style.sheet)</style>\n</head>\n<body>\n"
      + element("h1", title).text + body.text + element("footer", "Made by: \(command)").text
      + "<script>\n\(Style.script)</script>\n</body>\n</html>\n"
  }

  static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }

  static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

extension Sequence<HTML> {
  /// All of them, one after the other.
  func joined() -> HTML { reduce(into: HTML()) { $0 += $1 } }
}
