/// Why an image or a tensor cannot be read or written, in one line: the file, what is wrong, and what
/// to do.
public struct ImageError: Error, Hashable, CustomStringConvertible {
  public let file: String
  public let what: String
  /// What to do; empty where the operating system's reason says it.
  public let advice: String
  /// Whether the file could not be reached; otherwise what is in it, or should be, is wrong.
  public let isInputOutput: Bool

  init(_ file: String, _ what: String, _ advice: String = "", isInputOutput: Bool = false) {
    self.file = file
    self.what = what
    self.advice = advice
    self.isInputOutput = isInputOutput
  }

  public var description: String { "\(file): \(what)" + (advice.isEmpty ? "" : "; \(advice)") }
}
