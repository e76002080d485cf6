/// A shader that did not compile, with all that the compiler said.
public struct ShaderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Name of the shader.
  public let shader: String
  /// The compiler's log, line by line as it came.
  public let log: String

  /// An error of a shader.
  public init(shader: String, log: String) {
    self.shader = shader
    self.log = log
  }

  /// One line: the shader and the first error in the log.
  public var description: String {
    let lines = log.split(whereSeparator: \.isNewline)
    let first = lines.first { $0.hasPrefix("ERROR") } ?? lines.first ?? "no message"
    return "\(shader) did not compile: \(first)"
  }
}
