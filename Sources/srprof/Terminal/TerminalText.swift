/// Text for a terminal: the literals of the program, between which everything else is escaped.
///
/// Names of devices, schedules, files and reasons come from drivers and files that anyone may have made. Where
/// they are put into a literal of this type, none of their characters controls the terminal or begins a line.
struct TerminalText: ExpressibleByStringInterpolation {
  /// The characters that are written.
  private(set) var text: String

  init(stringLiteral literal: String) {
    text = literal
  }

  init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
  }

  /// Text from elsewhere, on one line.
  init(escaping foreign: String) {
    text = foreign.escaped(keeping: "")
  }

  /// Lines in a format that other programs read, of which nothing controls the terminal. Escapes are those of
  /// JSON, so that JSON means what it did.
  init(lines: String) {
    text = lines.escaped(keeping: "\n\t")
  }

  fileprivate init(joining text: String) {
    self.text = text
  }

  /// Text in bold or red where colour is on.
  func styled(_ style: Style) -> TerminalText {
    var result = self
    if Terminal.outputHasColor { result.text = "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" }
    return result
  }

  enum Style: Int {
    case bold = 1
    case red = 31
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    mutating func appendInterpolation(_ own: TerminalText) {
      text += own.text
    }

    mutating func appendInterpolation(_ foreign: some CustomStringConvertible) {
      text += foreign.description.escaped(keeping: "")
    }
  }

  static func + (left: TerminalText, right: TerminalText) -> TerminalText {
    var sum = left
    sum.text += right.text
    return sum
  }

  static func += (left: inout TerminalText, right: TerminalText) {
    left.text += right.text
  }
}

extension Sequence<TerminalText> {
  /// All of them, one after the other.
  func joined(separator: TerminalText = "") -> TerminalText {
    TerminalText(joining: map(\.text).joined(separator: separator.text))
  }
}

extension String {
  /// The text with escapes, as in JSON, for what controls a terminal or turns the direction of letters; `kept`
  /// are the control characters that stay.
  func escaped(keeping kept: String) -> String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if !scalar.isControl || kept.unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a terminal obeys it instead of showing it: C0, DEL, C1, ends of lines and paragraphs, and marks,
  /// embeddings, overrides and isolates of direction.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
