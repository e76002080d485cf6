/// XLSR (Ayazoglu, CVPRW 2021), ABPN (Du et al., CVPRW 2021) and QuickSRNet (Berger et al., CVPRW 2023),
/// made for phones' accelerators.
extension NetworkFamily {
  static let xlsr = NetworkFamily(
    "xlsr",
    "XLSR: blocks of a grouped conv3x3 and a conv1x1, concatenation with a wide skip, clipped output.",
    scale: scale, keys: [gblocks.key]
  ) { net, settings throws(InvalidGraph) in
    let scale = settings[scale]
    let skip = try net.conv(net.input, 3, to: 16, "skip")
    // Four parallel convolutions to 8 channels are one to 32.
    var map = try net.conv(net.input, 3, to: 32, "head", then: .relu)
    map = try net.conv(map, 1, to: 32, "mix")
    for block in 0..<settings[gblocks] {
      net.prefix = "block\(block)."
      map = try net.conv(map, 3, to: 32, "conv0", groups: 4, then: .relu)
      map = try net.conv(map, 1, to: 32, "conv1")
    }
    net.prefix = ""
    map = try net.conv(try net.concat(skip, map), 1, to: 32, "fuse", then: .relu)
    map = try net.shuffle(try net.conv(map, 3, to: 3 * scale * scale, "tail"), scale)
    _ = try net.activate(map, .unitClip, "output")
  }

  static let abpn = NetworkFamily(
    "abpn", "ABPN: plain convolutions, added to the image repeated along the channels.",
    scale: scale, keys: [abpnBlocks.key, abpnChannels.key]
  ) { net, settings throws(InvalidGraph) in
    let scale = settings[scale]
    let outputs = 3 * scale * scale
    var map = try net.conv(net.input, 3, to: settings[abpnChannels], "head", then: .relu)
    for index in 0..<settings[abpnBlocks] {
      map = try net.conv(map, 3, to: settings[abpnChannels], "body\(index)", then: .relu)
    }
    map = try net.conv(map, 3, to: outputs, "tail0", then: .relu)
    map = try net.conv(map, 3, to: outputs, "tail1", gain: 0.5)
    map = try net.sum(map, try net.repeated(net.input, scale * scale))
    map = try net.shuffle(map, scale)
    _ = try net.activate(map, .unitClip, "output")
  }

  static let quickSRNet = NetworkFamily(
    "quicksrnet",
    "QuickSRNet: plain convolutions with clips; Small is blocks=2, Medium blocks=5, Large "
      + "blocks=11,channels=64.",
    scale: scale, keys: [quickBlocks.key, quickChannels.key]
  ) { net, settings throws(InvalidGraph) in
    let scale = settings[scale]
    var map = try net.conv(net.input, 3, to: settings[quickChannels], "head", then: .unitClip)
    for index in 0..<settings[quickBlocks] {
      map = try net.conv(map, 3, to: settings[quickChannels], "body\(index)", then: .unitClip)
    }
    map = try net.conv(map, 3, to: 3 * scale * scale, "tail", then: .unitClip)
    _ = try net.shuffle(map, scale)
  }

  private static let gblocks = Setting<Int>.whole(
    "blocks", 3, 1...64, "Blocks of a grouped convolution and one that mixes.")
  private static let abpnBlocks = Setting<Int>.whole(
    "blocks", 4, 0...64, "Convolutions between the first and the last two.")
  private static let abpnChannels = Setting<Int>.whole(
    "channels", 28, 1...512, "Channels between convolutions.")
  private static let quickBlocks = Setting<Int>.whole(
    "blocks", 5, 0...64, "Convolutions between the first and the last.")
  private static let quickChannels = Setting<Int>.whole(
    "channels", 32, 1...512, "Channels between convolutions.")
}
