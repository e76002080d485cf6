/// Why a text or a file describes no network, in one sentence.
public struct InvalidNetwork: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
