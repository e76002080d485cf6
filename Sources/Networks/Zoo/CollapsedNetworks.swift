/// ECBSR (Zhang et al., ACM MM 2021) and SESR (Bhardwaj et al., MLSys 2022) as they are deployed: the
/// branches they are trained with are folded into plain convolutions.
extension NetworkFamily {
  static let ecbsr = NetworkFamily(
    "ecbsr",
    "ECBSR, deployed: plain convolutions with PReLU, added to the image repeated along the channels.",
    scale: scale, colors: colors, keys: [ecbsrBlocks.key, channels.key]
  ) { net, settings throws(InvalidGraph) in
    let area = settings[scale] * settings[scale]
    var map = try net.conv(net.input, 3, to: settings[channels], "head", then: .prelu)
    for index in 0..<settings[ecbsrBlocks] {
      map = try net.conv(map, 3, to: settings[channels], "body\(index)", then: .prelu)
    }
    map = try net.conv(map, 3, to: settings[colors] * area, "tail", gain: 0.5)
    map = try net.sum(map, try net.repeated(net.input, area))
    _ = try net.shuffle(map, settings[scale])
  }

  static let sesr = NetworkFamily(
    "sesr",
    "SESR, collapsed: conv5x5, conv3x3 with PReLU, a skip of the first features, conv5x5, the image "
      + "added; M5 is blocks=5, XL blocks=11,channels=32.",
    scale: sesrScale, colors: colors, keys: [sesrBlocks.key, channels.key]
  ) { net, settings throws(InvalidGraph) in
    let scale = settings[sesrScale]
    let first = try net.conv(net.input, 5, to: settings[channels], "head")
    var map = first
    for index in 0..<settings[sesrBlocks] {
      map = try net.conv(map, 3, to: settings[channels], "body\(index)", then: .prelu)
    }
    map = try net.sum(map, first, "body.add")
    map = try net.conv(map, 5, to: settings[colors] * scale * scale, "tail", gain: 0.5)
    map = try net.sum(map, try net.repeated(net.input, scale * scale))
    for (index, factor) in upsamplingFactors(scale).enumerated() {
      map = try net.shuffle(map, factor, "shuffle\(index)")
    }
    _ = try net.activate(map, .unitClip, "output")
  }

  private static let ecbsrBlocks = Setting<Int>.whole(
    "blocks", 4, 0...64, "Convolutions between the first and the last: m of MmCc.")
  private static let sesrBlocks = Setting<Int>.whole(
    "blocks", 5, 1...64, "3x3 convolutions: m of Mm.")
  private static let channels = Setting<Int>.whole(
    "channels", 16, 1...512, "Channels between convolutions.")
  private static let sesrScale = Setting<Int>.whole(
    "scale", 2, of: [2, 4], "How many times larger the image gets, by two at a time.")
}
