/// Width and height of an image in pixels, written `1280x720`.
public struct ImageSize: Hashable, Sendable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  /// Largest width and height: above 8K video, and low enough for every count to fit in 64 bits.
  static let largest = 8192

  /// 720p.
  public static let standard = ImageSize(width: 1280, height: 720)

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads `WIDTHxHEIGHT`, each from 1 to 8192; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1],
      1...Self.largest ~= width, 1...Self.largest ~= height
    else { return nil }
    self.init(width: width, height: height)
  }

  public var description: String { "\(width)x\(height)" }

  /// The image that is `factor` times smaller, rounded to whole pixels, at least one.
  public func divided(by factor: Int) -> ImageSize {
    func part(_ side: Int) -> Int { max(1, (2 * side + factor) / (2 * factor)) }
    return ImageSize(width: part(width), height: part(height))
  }
}
