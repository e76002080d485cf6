/// A mistake in a profile, and where it is.
public struct ProfileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the caller named it.
  public let file: String
  /// Line of the mistake, from 1.
  public let line: Int
  /// Column of the mistake in Unicode scalars, from 1.
  public let column: Int
  /// What is wrong, on one line.
  public let sentence: String

  init(file: String, position: Position, _ sentence: String) {
    self.file = file
    self.line = position.line
    self.column = position.column
    self.sentence = sentence
  }

  /// `FILE:LINE:COLUMN: sentence`, as compilers write it.
  public var description: String { "\(file):\(line):\(column): \(sentence)" }
}

/// Why a file that a profile names cannot be read.
public struct UnreadableFile: Error, Hashable, Sendable {
  /// The end of a sentence, such as "no such file".
  public let reason: String

  public init(reason: String) {
    self.reason = reason
  }
}

/// A place in a profile's text.
struct Position: Hashable, Sendable {
  var line: Int
  var column: Int

  static let start = Position(line: 1, column: 1)
}
