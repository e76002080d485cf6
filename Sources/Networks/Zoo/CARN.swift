/// CARN-M (Ahn et al., ECCV 2018): cascading blocks, each of which uses one residual unit of grouped
/// convolutions three times.
extension NetworkFamily {
  static let carnM = NetworkFamily(
    "carn-m",
    "CARN-M: three cascading blocks of one shared residual unit each; parameters count it once.",
    scale: scale, keys: [channels.key, groups.key]
  ) { net, settings throws(InvalidGraph) in
    let groups = settings[groups]
    let head = try net.rcanHead(channels: settings[channels])
    let map = try net.cascade(head, "fuse") { net, map, index throws(InvalidGraph) in
      net.prefix = "block\(index)."
      let unit = try net.carnUnit(channels: settings[channels], groups: groups)
      let result = try net.cascade(map, "fuse") { net, map, index throws(InvalidGraph) in
        net.prefix += "use\(index)."
        return try net.carn(map, unit)
      }
      return result
    }
    try net.rcanTail(
      try net.upsample(map, by: settings[scale], groups: groups, then: .relu))
  }

  private static let channels = Setting<Int>.whole("channels", 64, 1...512, "Channels.")
  private static let groups = Setting<Int>.whole(
    "groups", 4, 1...64, "Groups of the 3x3 convolutions; divides channels.")
}

extension GraphBuilder {
  /// Three stages; behind each, a 1x1 convolution and ReLU of everything so far.
  fileprivate mutating func cascade(
    _ map: Graph.Value, _ name: String,
    stage: (inout GraphBuilder, Graph.Value, Int) throws(InvalidGraph) -> Graph.Value
  ) throws(InvalidGraph) -> Graph.Value {
    let outer = prefix
    var map = map
    var all = map
    for index in 0..<3 {
      let result = try stage(&self, map, index)
      prefix = outer
      all = try concat(all, result, "concat\(index)")
      map = try conv(all, 1, to: channels(map), "\(name)\(index)", then: .relu)
    }
    return map
  }

  fileprivate typealias CARNUnit = (
    first: ConvolutionLayer, second: ConvolutionLayer, third: ConvolutionLayer
  )

  fileprivate mutating func carnUnit(
    channels: Int, groups: Int
  ) throws(InvalidGraph) -> CARNUnit {
    (
      try convolution(3, from: channels, to: channels, "conv0", groups: groups, then: .relu),
      try convolution(3, from: channels, to: channels, "conv1", groups: groups, then: .relu),
      try convolution(1, from: channels, to: channels, "conv2", gain: 0.5)
    )
  }

  /// Two grouped 3x3 convolutions with ReLU, a 1x1 convolution, add, ReLU.
  fileprivate mutating func carn(
    _ input: Graph.Value, _ unit: CARNUnit
  ) throws(InvalidGraph) -> Graph.Value {
    var map = try conv(input, unit.first, "conv0", then: .relu)
    map = try conv(map, unit.second, "conv1", then: .relu)
    map = try conv(map, unit.third, "conv2")
    return try activate(try sum(map, input), .relu, "add")
  }
}
