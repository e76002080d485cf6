/// Why a file is not read as a network, in one line.
public struct ONNXError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The file, or one that holds its weights, cannot be opened or read.
    case unreadable
    /// The file is broken, or has something in it that is not read.
    case refused
    /// The size of the image that was given, or is missing, is what does not fit.
    case inputSize
  }

  public let kind: Kind
  public let file: String
  /// The node it is about; `nil` for the whole file.
  public let node: String?
  private let sentence: String

  init(_ kind: Kind = .refused, file: String, node: String? = nil, _ sentence: String) {
    self.kind = kind
    self.file = file
    self.node = node
    self.sentence = sentence
  }

  public var description: String {
    "\(file): " + ((node.map { "node '\($0)': " } ?? "") + sentence).printable
  }
}

extension String {
  /// The text in one line that is not long: names in a broken file may have anything in them.
  fileprivate var printable: String {
    var result = UnicodeScalarView()
    for scalar in unicodeScalars.prefix(500) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

/// Why a part of a model is not read, in a sentence; where it was is known by the caller.
struct Refusal: Error {
  let kind: ONNXError.Kind
  let sentence: String

  init(_ kind: ONNXError.Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }

  init(_ sentence: String) { self.init(.refused, sentence) }

  static func unless(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(Refusal) {
    if !condition { throw Refusal(sentence()) }
  }
}
