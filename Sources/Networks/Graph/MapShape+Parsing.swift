public import Workloads

extension MapShape {
  /// The shape of an image written `1x3x180x320` (batch, channels, height, width) or `3x180x320`.
  ///
  /// - Throws: In one sentence what is wrong with the text.
  public init(parsing text: String) throws(InvalidGraph) {
    var sizes: [Int] = []
    for part in text.split(separator: "x", omittingEmptySubsequences: false) {
      guard let size = Int(part), (1...Self.largestSize).contains(size) else {
        throw InvalidGraph(
          description: "'\(text)' is no image shape; write it as 1x3x180x320 (batch, channels, "
            + "height, width, each at least 1)")
      }
      sizes.append(size)
    }
    if sizes.count == 4, sizes[0] == 1 { sizes.removeFirst() }
    guard sizes.count == 3 else {
      throw InvalidGraph(
        description: sizes.count == 4
          ? "a batch is one image, not \(sizes[0]); write the shape as 1x3x180x320"
          : "'\(text)' has \(sizes.count) numbers; write the shape as 1x3x180x320")
    }
    self.init(channels: sizes[0], height: sizes[1], width: sizes[2])
  }

  /// Most channels, rows and columns a map may have.
  package static let largestSize = 1 << 20
}
