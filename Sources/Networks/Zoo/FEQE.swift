/// FEQE (Vu et al., ECCVW 2018), without its instance norm.
extension NetworkFamily {
  static let feqe = NetworkFamily(
    "feqe",
    "FEQE: an image that has its final size already, pixel-unshuffled by 4, residual blocks, and back.",
    scale: enlargement, keys: [blocks.key, channels.key]
  ) { net, settings throws(InvalidGraph) in
    let channels = settings[channels]
    guard channels % 4 == 0 else {
      throw InvalidGraph(description: "channels divide by 4, unlike \(channels)")
    }
    let image = try net.enlarged(by: settings[enlargement])
    var map = try net.add(.pixelUnshuffle(factor: 2), image, name: "down0")
    map = try net.conv(map, 1, to: channels / 4, "head")
    map = try net.add(.pixelUnshuffle(factor: 2), map, name: "down1")
    for block in 0..<settings[blocks] {
      net.prefix = "block\(block)."
      map = try net.residualBlock(map, branch: 1 / Double(settings[blocks]).squareRoot())
    }
    net.prefix = ""
    map = try net.shuffle(try net.conv(map, 1, to: 4 * channels, "up0"), 2, "up0.shuffle")
    map = try net.conv(map, 1, to: 12, "up1", gain: 0.5)
    _ = try net.sum(try net.shuffle(map, 2, "up1.shuffle"), image, "output")
  }

  private static let blocks = Setting<Int>.whole("blocks", 20, 1...256, "Residual blocks.")
  private static let channels = Setting<Int>.whole(
    "channels", 16, 4...512, "Channels of the residual blocks; divides by 4.")
}
