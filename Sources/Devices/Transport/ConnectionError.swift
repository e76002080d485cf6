/// Why a device's worker cannot be reached, and how that is mended.
public struct ConnectionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One line: where, why, and what to do.
  public let description: String
  /// Whether the same may go well a moment later, as after a cable was pulled.
  public let mayPass: Bool

  /// An error with its sentence.
  public init(_ description: String, mayPass: Bool = false) {
    self.description = description.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.mayPass = mayPass
  }
}
