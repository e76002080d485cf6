/// WDSR (Yu et al., NTIRE 2018): residual blocks that are wide before their activation. Weight norm is
/// folded into the weights, and so is the factor 1/sqrt(blocks) on each residual branch.
extension NetworkFamily {
  static let wdsrA = wdsr(
    .wdsrA, "WDSR-A: blocks of conv3x3 to expansion x channels, relu, conv3x3 back, add.", [])
  static let wdsrB = wdsr(
    .wdsrB,
    "WDSR-B: blocks of conv1x1 to expansion x channels, relu, conv1x1 to linear x channels, "
      + "conv3x3 back, add.", [linear.key])

  private static let blocks = Setting<Int>.whole("blocks", 16, 1...256, "Residual blocks.")
  private static let channels = Setting<Int>.whole(
    "channels", 32, 1...512, "Channels between blocks.")
  private static let linear = Setting<Double>.number(
    "linear", 0.8, 0.01...4, "Width of the low-rank convolution over channels; others use 0.84.")
  private static let scheme = Setting<PruningScheme>.word(
    "scheme", .none,
    "How convolutions of blocks are pruned; pattern prunes 3x3 kernels only, filter the channels "
      + "within a block.")
  private static let rate = Setting<Double>.number(
    "rate", 1, 1...1024,
    "All weights over kept ones; for pattern all kernels over kept ones, for filter all filters.")

  private static func wdsr(
    _ block: Candidate.Block, _ summary: String, _ ownKeys: [Key]
  ) -> NetworkFamily {
    let expansion = Setting<Int>.whole(
      "expansion", block.expansion, 1...16,
      "Channels before the activation over channels between blocks.")
    return NetworkFamily(
      block.rawValue, summary, scale: scale,
      keys: [blocks.key, channels.key, expansion.key] + ownKeys + [scheme.key, rate.key]
    ) { net, settings throws(InvalidGraph) in
      let channels = settings[channels]
      let middle = block.middle(
        channels: channels, expansion: settings[expansion], linear: settings[linear])
      let scheme = settings[scheme]
      let rate = settings[rate]
      if scheme == .none, rate != 1 {
        throw InvalidGraph(
          description: "rate=\(rate) is for a scheme, as in scheme=block-punched; there is none")
      }
      if scheme != .none, scheme != .pattern, rate == 1 {
        throw InvalidGraph(
          description:
            "scheme=\(scheme.rawValue) prunes nothing at rate=1; give a rate above 1, as in rate=4")
      }
      let layers = block.kernels.indices.map { index in
        block.canTake(scheme, layer: index)
          ? Candidate.Layer(scheme, rate: rate) : Candidate.Layer(.none)
      }
      let cell = Candidate.Cell(block, middle: middle, layers: layers)
      guard cell.widths.allSatisfy({ $0 > 0 }) else {
        throw InvalidGraph(description: "rate=\(rate) leaves no filter of a convolution")
      }
      let cells = [Candidate.Cell](repeating: cell, count: settings[blocks])
      try net.wdsr(scale: settings[scale], channels: channels, cells)
    }
  }
}

extension GraphBuilder {
  /// The whole network: head, cells, tail, global skip of a 5x5 convolution, pixel shuffle.
  mutating func wdsr(
    scale: Int, channels: Int, _ cells: [Candidate.Cell]
  ) throws(InvalidGraph) {
    let mean: [Float] = [0.5, 0.5, 0.5]
    let image = try meanShift(input, mean, subtract: true)
    var map = try conv(image, 3, to: channels, "head")
    let branch = 1 / Double(cells.count).squareRoot()
    for (index, cell) in cells.enumerated() {
      prefix = "cell\(index)."
      map = try self.cell(map, cell, branch: branch)
    }
    prefix = ""
    let outputs = 3 * scale * scale
    let tail = try conv(map, 3, to: outputs, "tail", gain: 0.5)
    let skip = try conv(image, 5, to: outputs, "skip", gain: 0.5)
    map = try shuffle(try sum(tail, skip), scale)
    _ = try meanShift(map, mean, subtract: false)
  }
}
