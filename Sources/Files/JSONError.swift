/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  /// The mistake.
  public enum Reason: Hashable, Sendable {
    /// There is no text at all.
    case empty
    /// The text ends too soon.
    case truncated
    /// Something that is not JSON, in one sentence.
    case malformed(String)
    /// A key that an object has twice.
    case duplicateKey(String)
  }

  public let reason: Reason
  /// Counted from 1.
  public let line: Int
  /// The byte, counted from 0.
  public let offset: Int

  public init(_ reason: Reason, line: Int, offset: Int) {
    self.reason = reason
    self.line = line
    self.offset = offset
  }

  /// Follows the name of the file.
  public var description: String {
    switch reason {
    case .empty: "is not JSON: it is empty, at line \(line), byte \(offset)"
    case .truncated: "ends in the middle, after \(offset) bytes"
    case .malformed(let text): "is not JSON: \(text), at line \(line), byte \(offset)"
    case .duplicateKey(let key):
      "has the key '\(key)' twice in one object, at line \(line), byte \(offset)"
    }
  }
}
