/// A point of a search space: one small number for each choice. Spaces give points in canonical form:
/// equal networks have equal points, and a choice without effect is 0.
public struct Point: Hashable, Sendable, CustomStringConvertible {
  public var choices: [UInt8]

  public init(_ choices: [UInt8]) {
    self.choices = choices
  }

  /// Reads ``description``; `nil` for another text.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard !parts.contains(nil) else { return nil }
    choices = parts.compactMap(\.self)
  }

  /// The choices with points between them: `0.4.1.0.2`.
  public var description: String { choices.map { "\($0)" }.joined(separator: ".") }

  /// In how many choices two points of one space differ (Hamming, 1950).
  func distance(to other: Point) -> Int {
    zip(choices, other.choices).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  }
}
