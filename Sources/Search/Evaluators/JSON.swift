/// A value of JSON on its way out.
enum JSON: ExpressibleByStringLiteral, Sendable {
  case object([(String, JSON)])
  case list([JSON])
  case text(String)
  case number(Double)
  case whole(Int)
  case null
  /// A value that is JSON already.
  case written(String)

  init(stringLiteral text: String) { self = .text(text) }

  /// On one line.
  var text: String {
    switch self {
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)): \($1.text)" }.joined(separator: ", ") + "}"
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .text(let text): Self.quoted(text)
    case .number(let number):
      number.isFinite
        ? ("\(number)".hasSuffix(".0") ? String("\(number)".dropLast(2)) : "\(number)") : "null"
    case .whole(let number): "\(number)"
    case .null: "null"
    case .written(let json): json.filter { !$0.isNewline }
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
