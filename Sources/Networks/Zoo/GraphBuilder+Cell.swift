extension GraphBuilder {
  /// One cell of a candidate; `branch` is the factor on a result that is added to the cell's input.
  mutating func cell(
    _ input: Graph.Value, _ cell: Candidate.Cell, branch: Double
  ) throws(InvalidGraph) -> Graph.Value {
    let all = channels(input)
    let widths = cell.shapes(channels: all).map(\.outputs)
    let pruning = cell.layers.map(\.pruning)
    switch cell.block {
    case .wdsrA, .wdsrB:
      var map = input
      for (index, kernel) in cell.block.kernels.enumerated() {
        let isLast = index == widths.count - 1
        map = try conv(
          map, kernel, to: widths[index], "conv\(index)", then: index == 0 ? .relu : .none,
          gain: isLast ? branch : 1, pruning: pruning[index])
      }
      return try sum(map, input)
    case .invertedResidual:
      return try sum(try inverted(input, width: widths[0], gain: branch, pruning), input)
    case .ghost:
      return try ghostBlock(input, width: 2 * widths[0], gain: branch, pruning)
    case .shuffle:
      return try shuffleBlock(input, width: widths[0], pruning)
    case .idle:
      let active = all - cell.block.active(of: all)..<all
      return try idleBlock(input, active: active, width: widths[0], pruning)
    case .splitSR:
      return try splitBlock(input, active: widths[0], "conv0", pruning: pruning[0])
    }
  }

  /// conv1x1 to `width`, depthwise3x3, both with ReLU6, conv1x1 back.
  ///
  /// - Parameter pruning: Of the two dense convolutions.
  mutating func inverted(
    _ map: Graph.Value, width: Int, gain: Double = 1, _ pruning: [Pruning?] = [nil, nil]
  ) throws(InvalidGraph) -> Graph.Value {
    let outputs = channels(map)
    var map = try conv(map, 1, to: width, "conv0", then: .relu6, pruning: pruning[0])
    map = try depthwise(map, "depthwise0", then: .relu6)
    return try conv(map, 1, to: outputs, "conv1", gain: gain, pruning: pruning[1])
  }

  /// An inverted residual without its sum, of the first or last channels; the others stay as they are.
  mutating func idleBlock(
    _ map: Graph.Value, active: Range<Int>, width: Int, _ pruning: [Pruning?] = [nil, nil]
  ) throws(InvalidGraph) -> Graph.Value {
    let all = channels(map)
    let isLeftIdle = active.lowerBound > 0
    let rest = isLeftIdle ? 0..<active.lowerBound : active.upperBound..<all
    let idle = try slice(map, rest, "idle")
    let part = try slice(map, active, "active")
    let result = try inverted(part, width: width, pruning)
    return isLeftIdle ? try concat(idle, result) : try concat(result, idle)
  }

  /// ShuffleNetV2's unit: conv1x1 to `width`, depthwise3x3, conv1x1 back, of the second half of the channels;
  /// then the halves take turns channel by channel.
  mutating func shuffleBlock(
    _ map: Graph.Value, width: Int, _ pruning: [Pruning?] = [nil, nil]
  ) throws(InvalidGraph) -> Graph.Value {
    let half = try half(channels(map))
    let idle = try slice(map, 0..<half, "idle")
    var result = try slice(map, half..<2 * half, "active")
    result = try conv(result, 1, to: width, "conv0", then: .relu, pruning: pruning[0])
    result = try depthwise(result, "depthwise0")
    result = try conv(result, 1, to: half, "conv1", then: .relu, pruning: pruning[1])
    result = try concat(idle, result)
    return try add(.select((0..<2 * half).map { $0 % 2 * half + $0 / 2 }), result, name: "mix")
  }

  /// Two ghost modules, the first to `width` channels, and a sum.
  mutating func ghostBlock(
    _ map: Graph.Value, width: Int, gain: Double, _ pruning: [Pruning?] = [nil, nil]
  ) throws(InvalidGraph) -> Graph.Value {
    let wide = try ghost(map, to: width, index: 0, then: .relu, gain: 1, pruning[0])
    let back = try ghost(
      wide, to: channels(map), index: 1, then: .none, gain: gain, pruning[1])
    return try sum(back, map)
  }

  /// conv1x1 to half the channels; a depthwise convolution of them makes the other half.
  private mutating func ghost(
    _ map: Graph.Value, to outputs: Int, index: Int, then activation: Activation, gain: Double,
    _ pruning: Pruning?
  ) throws(InvalidGraph) -> Graph.Value {
    let primary = try conv(
      map, 1, to: try half(outputs), "conv\(index)", then: activation, gain: gain, pruning: pruning)
    let cheap = try depthwise(primary, "depthwise\(index)", then: activation)
    return try concat(primary, cheap, "concat\(index)")
  }

  /// Half of an even number of channels.
  private func half(_ channels: Int) throws(InvalidGraph) -> Int {
    guard channels % 2 == 0 else {
      throw InvalidGraph(description: "channels divide by 2, unlike \(channels)")
    }
    return channels / 2
  }
}
