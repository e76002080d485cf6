public import Networks
internal import Search
internal import Statistics

/// Networks that predictions are validated with: the zoo at reduced depth, and random members of the search
/// space. No network of ``CalibrationNetworks`` is among them.
public struct ValidationNetworks {
  /// Those of the zoo first.
  public let graphs: [Graph]

  /// The zoo: every family, few blocks of each, so that all of them together run for seconds.
  private static let families = [
    "wdsr-a:blocks=3,channels=16,scale=4", "wdsr-b:blocks=4,channels=24,scale=4",
    "wdsr-b:blocks=8,channels=16,scale=4", "wdsr-b:blocks=3,channels=32,scale=2",
    "splitsr:groups=2,blocks=2,hybrid=1,scale=4",
    "splitsr:groups=2,blocks=2,hybrid=1,alpha=0.5,scale=4",
    "splitsr-block:groups=1,blocks=6,scale=2", "edsr:blocks=2,scale=2",
    "rcan:groups=1,blocks=2,scale=2", "carn-m:scale=2", "srcnn:scale=1", "fsrcnn:scale=2",
    "espcn:scale=4", "xlsr:scale=4", "abpn:scale=3", "ecbsr:blocks=4,channels=16,scale=2",
    "sesr:blocks=5,scale=2", "quicksrnet:blocks=2,scale=4", "quicksrnet:blocks=5,scale=2",
    "feqe:blocks=4",
  ]

  /// Descriptions of the networks of the zoo for images of a size. FEQE unshuffles its image by four.
  public static func zoo(input size: ImageSize) -> [String] {
    let whole = ImageSize(
      width: max(size.width / 4, 1) * 4, height: max(size.height / 4, 1) * 4)
    return families.map { "\($0),input=\($0.hasPrefix("feqe") ? whole : size)" }
  }

  /// - Parameters:
  ///   - count: Networks altogether; those that the zoo does not make are drawn.
  ///   - size: Of the images that come in.
  ///   - seed: Of the draw.
  /// - Throws: That images of the size are none that these networks take.
  public init(count: Int, input size: ImageSize, seed: UInt64) throws(InvalidNetwork) {
    var graphs: [Graph] = []
    for description in Self.zoo(input: size).prefix(count) {
      graphs.append(try NetworkDescription(parsing: description).graph())
    }
    var random = SplitMix64(state: seed)
    while graphs.count < count {
      let scale = 2 + random.below(3)
      let space = try WDSRSpace(
        scale: scale, output: ImageSize(width: size.width * scale, height: size.height * scale),
        cells: 1...6)
      graphs.append(try space.randomCandidate(using: &random).graph())
    }
    self.graphs = graphs
  }
}
