/// SplitSR (Liu et al., IMWUT 2021): residual groups, some of them of lightweight blocks that convolve
/// a part of the channels. What the paper leaves open has been read in two ways; both are here.
extension NetworkFamily {
  static let splitSR = NetworkFamily(
    "splitsr",
    "SplitSR, hybrid by groups: RCAN without attention, where all blocks of some groups are split "
      + "blocks.",
    scale: scale,
    keys: [
      groups.key, blocks.key, channels.key, alpha.key, hybrid.key, mode.key, location.key,
    ]
  ) { net, settings throws(InvalidGraph) in
    let groupCount = settings[groups]
    let blockCount = settings[blocks]
    let alpha = settings[alpha]
    let location = settings[location]
    let hybrid = location == .upsampler ? 0 : min(settings[hybrid], groupCount)
    let head = try net.rcanHead(channels: settings[channels])
    var map = head
    for group in 0..<groupCount {
      let isSplit =
        settings[mode] == .front ? group < hybrid : group >= groupCount - hybrid
      let groupInput = map
      for block in 0..<blockCount {
        net.prefix = "group\(group).block\(block)."
        map =
          isSplit
          ? try net.splitBlock(map, alpha: alpha)
          : try net.residualBlock(map, branch: 1 / Double(blockCount).squareRoot())
      }
      net.prefix = "group\(group)."
      map = try net.groupTail(map, skip: groupInput, of: groupCount)
    }
    net.prefix = ""
    map = try net.sum(try net.conv(map, 3, to: settings[channels], "body.tail"), head, "body.add")
    map =
      location == .features
      ? try net.upsample(map, by: settings[scale])
      : try net.splitUpsample(map, by: settings[scale], alpha: alpha)
    try net.rcanTail(map)
  }

  static let splitSRBlock = NetworkFamily(
    "splitsr-block",
    "SplitSR, hybrid by blocks: in every group each block whose index divides by period is standard, "
      + "the others are split blocks; without convolutions or skips around groups.",
    scale: scale, keys: [groups.key, blocks.key, channels.key, alpha.key, period.key]
  ) { net, settings throws(InvalidGraph) in
    let groupCount = settings[groups]
    let blockCount = settings[blocks]
    let period = settings[period]
    let standard = groupCount * ((blockCount + period - 1) / period)
    var map = try net.rcanHead(channels: settings[channels])
    for group in 0..<groupCount {
      for block in 0..<blockCount {
        net.prefix = "group\(group).block\(block)."
        if block % period == 0 {
          map = try net.residualBlock(map, branch: 1 / Double(standard).squareRoot())
          map = try net.activate(map, .relu, "add")
        } else {
          map = try net.splitBlock(map, alpha: settings[alpha])
        }
      }
    }
    net.prefix = ""
    try net.rcanTail(try net.upsample(map, by: settings[scale]))
  }

  static let blockSplitSR = NetworkFamily(
    block: "block-splitsr",
    "SplitSRBlock: conv3x3 and relu of the first channels, which then move behind the others.",
    channels: channels, keys: [alpha.key]
  ) { net, map, settings throws(InvalidGraph) in
    try net.splitBlock(map, alpha: settings[alpha])
  }

  private enum Mode: String, CaseIterable { case front, back }
  private enum Location: String, CaseIterable { case features, upsampler, both }

  private static let groups = Setting<Int>.whole("groups", 6, 1...64, "Residual groups.")
  private static let blocks = Setting<Int>.whole("blocks", 6, 1...64, "Blocks in a group.")
  private static let channels = Setting<Int>.whole("channels", 64, 2...512, "Channels.")
  private static let alpha = Setting<Double>.number(
    "alpha", 0.25, 0.01...1, "Split ratio: the part of the channels that a split block convolves.")
  private static let hybrid = Setting<Int>.whole(
    "hybrid", 3, 0...64, "Hybrid index: groups of split blocks; more than groups means all.")
  private static let mode = Setting<Mode>.word(
    "mode", .front, "Hybrid mode: whether the first or the last groups are of split blocks.")
  private static let location = Setting<Location>.word(
    "location", .features,
    "Replacement location: groups of the features, the upsampler's convolutions, or both.")
  private static let period = Setting<Int>.whole(
    "period", 3, 1...64, "One block in so many is standard.")
}

extension GraphBuilder {
  /// The first `alpha` of the channels through a 3x3 convolution and ReLU, behind the others, so that
  /// blocks one after the other take turns.
  fileprivate mutating func splitBlock(
    _ map: Graph.Value, alpha: Double
  ) throws(InvalidGraph) -> Graph.Value {
    try splitBlock(map, active: activeChannels(channels(map), alpha), "conv")
  }

  /// The first `count` channels through a convolution of this name and ReLU, behind the others.
  mutating func splitBlock(
    _ map: Graph.Value, active count: Int, _ name: String, pruning: Pruning? = nil
  ) throws(InvalidGraph) -> Graph.Value {
    let all = channels(map)
    guard count < all else {
      return try conv(map, 3, to: all, name, then: .relu, pruning: pruning)
    }
    let active = try slice(map, 0..<count, "active")
    let passive = try slice(map, count..<all, "passive")
    return try concat(
      passive, try conv(active, 3, to: count, name, then: .relu, pruning: pruning))
  }

  /// An upsampler whose convolutions see the active channels only; the passive ones are enlarged to
  /// nearest neighbours. The paper does not say more than that the upsampler may be replaced.
  fileprivate mutating func splitUpsample(
    _ map: Graph.Value, by scale: Int, alpha: Double
  ) throws(InvalidGraph) -> Graph.Value {
    let all = channels(map)
    let count = activeChannels(all, alpha)
    guard count < all else { return try upsample(map, by: scale) }
    var map = map
    for (index, factor) in upsamplingFactors(scale).enumerated() {
      prefix = "up\(index)."
      let area = factor * factor
      let active = try slice(map, 0..<count, "active")
      let passive = try slice(map, count..<all, "passive")
      let enlarged = try conv(active, 3, to: count * area, "conv")
      map = try shuffle(try concat(try repeated(passive, area), enlarged), factor)
    }
    prefix = ""
    return map
  }

  private func activeChannels(_ all: Int, _ alpha: Double) -> Int {
    min(all, max(1, Int((alpha * Double(all)).rounded())))
  }
}
