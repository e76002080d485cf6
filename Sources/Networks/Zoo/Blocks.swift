/// Lightweight blocks on their own; batch norm is folded into the convolutions.
extension NetworkFamily {
  static let blockDepthwiseSeparable = NetworkFamily(
    block: "block-depthwise-separable", "Depthwise separable convolution: depthwise3x3, conv1x1.",
    channels: channels
  ) { net, map, settings throws(InvalidGraph) in
    try net.conv(try net.depthwise(map, "depthwise"), 1, to: settings[channels], "pointwise")
  }

  static let blockInvertedResidual = NetworkFamily(
    block: "block-inverted-residual",
    "InvertedResidual (MobileNetV2): conv1x1 to expansion x channels, depthwise3x3, conv1x1 back, "
      + "add.",
    channels: channels, keys: [expansion.key]
  ) { net, map, settings throws(InvalidGraph) in
    let width = settings[expansion] * settings[channels]
    return try net.sum(try net.inverted(map, width: width, gain: 0.5), map)
  }

  static let blockIdle = NetworkFamily(
    block: "block-idle",
    "IdleBlock: conv1x1, depthwise3x3, conv1x1 of a part of the channels; the idle rest is kept.",
    channels: channels, keys: [alpha.key, expansion.key, side.key]
  ) { net, map, settings throws(InvalidGraph) in
    let all = settings[channels]
    let active = min(all - 1, max(1, Int((settings[alpha] * Double(all)).rounded())))
    return try net.idleBlock(
      map, active: settings[side] == .left ? all - active..<all : 0..<active,
      width: settings[expansion] * active)
  }

  static let blockShuffle = NetworkFamily(
    block: "block-shuffle",
    "ShuffleBlock (ShuffleNetV2): conv1x1, depthwise3x3, conv1x1 of half the channels, channel "
      + "shuffle.",
    channels: channels
  ) { net, map, settings throws(InvalidGraph) in
    try net.shuffleBlock(map, width: settings[channels] / 2)
  }

  static let blockGhost = NetworkFamily(
    block: "block-ghost",
    "GhostBlock (GhostNet): two ghost modules (conv1x1 to half the channels, depthwise3x3 for the "
      + "other half), add.",
    channels: channels, keys: [ghostExpansion.key]
  ) { net, map, settings throws(InvalidGraph) in
    try net.ghostBlock(map, width: settings[ghostExpansion] * settings[channels], gain: 0.5)
  }

  private enum Side: String, CaseIterable { case left, right }

  private static let channels = Setting<Int>.whole("channels", 64, 2...512, "Channels.")
  private static let expansion = Setting<Int>.whole(
    "expansion", 6, 1...16, "Channels of the depthwise convolution over those of the block.")
  private static let ghostExpansion = Setting<Int>.whole(
    "expansion", 2, 1...16, "Channels between the two modules over those of the block.")
  private static let alpha = Setting<Double>.number(
    "alpha", 0.5, 0.01...0.99, "The part of the channels that is not idle.")
  private static let side = Setting<Side>.word(
    "side", .left, "Which channels are idle: the first or the last.")
}
