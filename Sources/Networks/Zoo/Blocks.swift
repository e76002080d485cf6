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
    try net.sum(try net.inverted(map, expansion: settings[expansion], branch: 0.5), map)
  }

  static let blockIdle = NetworkFamily(
    block: "block-idle",
    "IdleBlock: conv1x1, depthwise3x3, conv1x1 of a part of the channels; the idle rest is kept.",
    channels: channels, keys: [alpha.key, expansion.key, side.key]
  ) { net, map, settings throws(InvalidGraph) in
    let all = settings[channels]
    let active = min(all - 1, max(1, Int((settings[alpha] * Double(all)).rounded())))
    let isLeftIdle = settings[side] == .left
    let places = isLeftIdle ? all - active..<all : 0..<active
    let rest = isLeftIdle ? 0..<all - active : active..<all
    let idle = try net.slice(map, rest, "idle")
    let part = try net.slice(map, places, "active")
    let result = try net.inverted(part, expansion: settings[expansion], branch: 1)
    return isLeftIdle ? try net.concat(idle, result) : try net.concat(result, idle)
  }

  static let blockShuffle = NetworkFamily(
    block: "block-shuffle",
    "ShuffleBlock (ShuffleNetV2): conv1x1, depthwise3x3, conv1x1 of half the channels, channel "
      + "shuffle.",
    channels: channels
  ) { net, map, settings throws(InvalidGraph) in
    let half = try net.half(settings[channels])
    let idle = try net.slice(map, 0..<half, "idle")
    var result = try net.slice(map, half..<2 * half, "active")
    result = try net.conv(result, 1, to: half, "conv0", then: .relu)
    result = try net.depthwise(result, "depthwise")
    result = try net.conv(result, 1, to: half, "conv1", then: .relu)
    result = try net.concat(idle, result)
    return try net.add(.select((0..<2 * half).map { $0 % 2 * half + $0 / 2 }), result, name: "mix")
  }

  static let blockGhost = NetworkFamily(
    block: "block-ghost",
    "GhostBlock (GhostNet): two ghost modules (conv1x1 to half the channels, depthwise3x3 for the "
      + "other half), add.",
    channels: channels, keys: [ghostExpansion.key]
  ) { net, map, settings throws(InvalidGraph) in
    let count = settings[channels]
    let wide = try net.ghost(
      map, to: settings[ghostExpansion] * count, "expand", then: .relu, gain: 1)
    return try net.sum(try net.ghost(wide, to: count, "project", then: .none, gain: 0.5), map)
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

extension GraphBuilder {
  /// Half of an even number of channels.
  fileprivate func half(_ channels: Int) throws(InvalidGraph) -> Int {
    guard channels % 2 == 0 else {
      throw InvalidGraph(description: "channels divide by 2, unlike \(channels)")
    }
    return channels / 2
  }

  /// conv1x1 to `expansion` times the channels, depthwise3x3, both with ReLU6, conv1x1 back.
  fileprivate mutating func inverted(
    _ map: Graph.Value, expansion: Int, branch: Double
  ) throws(InvalidGraph) -> Graph.Value {
    let width = channels(map)
    var map = try conv(map, 1, to: expansion * width, "expand", then: .relu6)
    map = try depthwise(map, "depthwise", then: .relu6)
    return try conv(map, 1, to: width, "project", gain: branch)
  }

  /// conv1x1 to half the channels; a depthwise convolution of them makes the other half.
  fileprivate mutating func ghost(
    _ map: Graph.Value, to outputs: Int, _ name: String, then activation: Activation, gain: Double
  ) throws(InvalidGraph) -> Graph.Value {
    let primary = try conv(
      map, 1, to: try half(outputs), "\(name).primary", then: activation, gain: gain)
    let cheap = try depthwise(primary, "\(name).cheap", then: activation)
    return try concat(primary, cheap, "\(name).concat")
  }
}
