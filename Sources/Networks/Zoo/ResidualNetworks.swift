internal import Workloads

/// EDSR (Lim et al., CVPRW 2017) and RCAN (Zhang et al., ECCV 2018). EDSR's residual scale is folded
/// into the weights.
extension NetworkFamily {
  static let edsr = NetworkFamily(
    "edsr", "EDSR: residual blocks of two conv3x3, a long skip, upsampling by pixel shuffle.",
    scale: scale, keys: [edsrBlocks.key, channels.key]
  ) { net, settings throws(InvalidGraph) in
    let head = try net.rcanHead(channels: settings[channels])
    var map = head
    let count = settings[edsrBlocks]
    for block in 0..<count {
      net.prefix = "block\(block)."
      map = try net.residualBlock(map, branch: 1 / Double(count).squareRoot())
    }
    net.prefix = ""
    map = try net.sum(try net.conv(map, 3, to: settings[channels], "body.tail"), head, "body.add")
    try net.rcanTail(try net.upsample(map, by: settings[scale]))
  }

  static let rcan = NetworkFamily(
    "rcan", "RCAN: groups of residual blocks with channel attention, skips around groups and all.",
    scale: scale, keys: [groups.key, blocks.key, channels.key, reduction.key]
  ) { net, settings throws(InvalidGraph) in
    let groupCount = settings[groups]
    let blockCount = settings[blocks]
    let head = try net.rcanHead(channels: settings[channels])
    var map = head
    for group in 0..<groupCount {
      let groupInput = map
      for block in 0..<blockCount {
        net.prefix = "group\(group).block\(block)."
        map = try net.residualBlock(
          map, branch: 1 / Double(blockCount).squareRoot(), reduction: settings[reduction])
      }
      net.prefix = "group\(group)."
      map = try net.groupTail(map, skip: groupInput, of: groupCount)
    }
    net.prefix = ""
    map = try net.sum(try net.conv(map, 3, to: settings[channels], "body.tail"), head, "body.add")
    try net.rcanTail(try net.upsample(map, by: settings[scale]))
  }

  private static let edsrBlocks = Setting<Int>.whole(
    "blocks", 16, 1...256, "Residual blocks; 16 is EDSR-baseline, 32 with 256 channels EDSR.")
  private static let groups = Setting<Int>.whole("groups", 10, 1...64, "Residual groups.")
  private static let blocks = Setting<Int>.whole("blocks", 20, 1...64, "Blocks in a group.")
  private static let channels = Setting<Int>.whole("channels", 64, 1...512, "Channels.")
  private static let reduction = Setting<Int>.whole(
    "reduction", 16, 0...512,
    "Channels over those between the two layers of channel attention; 0 for no attention.")
}

extension GraphBuilder {
  /// Mean shift and the first convolution.
  mutating func rcanHead(channels: Int) throws(InvalidGraph) -> Graph.Value {
    let image = try meanShift(input, Self.div2kMean, subtract: true)
    return try conv(image, 3, to: channels, "head")
  }

  /// The last convolution and mean shift.
  mutating func rcanTail(_ map: Graph.Value) throws(InvalidGraph) {
    let image = try conv(map, 3, to: 3, "tail", gain: 0.5)
    _ = try meanShift(image, Self.div2kMean, subtract: false)
  }

  /// conv3x3, ReLU, conv3x3, channel attention if there is a reduction, add. `branch` is the factor
  /// on what is added.
  mutating func residualBlock(
    _ input: Graph.Value, branch: Double, reduction: Int = 0
  ) throws(InvalidGraph) -> Graph.Value {
    let width = channels(input)
    var map = try conv(input, 3, to: width, "conv0", then: .relu)
    map = try conv(map, 3, to: width, "conv1", gain: branch)
    if reduction > 0 { map = try attention(map, reduction: reduction) }
    return try sum(map, input)
  }

  /// The convolution at the end of a group, and its skip.
  mutating func groupTail(
    _ map: Graph.Value, skip: Graph.Value, of groups: Int
  ) throws(InvalidGraph) -> Graph.Value {
    let tail = try conv(map, 3, to: channels(map), "tail", gain: 1 / Double(groups).squareRoot())
    return try sum(tail, skip)
  }

  private mutating func attention(
    _ map: Graph.Value, reduction: Int
  ) throws(InvalidGraph) -> Graph.Value {
    let width = channels(map)
    guard width >= reduction else {
      throw InvalidGraph(
        description: "reduction=\(reduction) leaves none of \(width) channels for attention")
    }
    var weights = try add(.globalAveragePool, map, name: "attention.pool")
    weights = try conv(weights, 1, to: width / reduction, "attention.conv0", then: .relu)
    weights = try conv(weights, 1, to: width, "attention.conv1")
    weights = try add(.activation(.sigmoid), weights, name: "attention.sigmoid")
    return try add(.multiply, map, weights, name: "attention.multiply")
  }
}
