public import Networks

/// WDSR whose cells each have a block of their own, WDSR's or a lightweight one, and whose layers each have a
/// pruning scheme of their own (Zhan et al., ICCV 2021). Head, tail, global skip and depthwise convolutions are
/// dense.
///
/// A point has the place of its channels in ``channels``, the cells above the fewest, then for each cell that
/// there may be its block and the schemes of its layers, numbered as in `Candidate.Block.allCases` and
/// `PruningScheme.allCases`.
public struct WDSRSpace: Hashable, Sendable {
  /// How many times larger the image gets; 2 to 4.
  public let scale: Int
  /// Size of the image that goes out.
  public let output: ImageSize
  /// Channels between cells; rising.
  public let channels: [Int]
  /// How many cells there may be.
  public let cells: ClosedRange<Int>
  public let blocks: [Candidate.Block]
  public let schemes: [PruningScheme]
  /// Rates of all layers that have a scheme; rising from 1.
  public let rates: [Double]
  /// Channels before the activation over ``channels``; `nil` is each block's usual.
  public let expansion: Int?
  /// Width of WDSR-B's low-rank convolution over ``channels``.
  public let linear: Double

  /// By default the space of the papers: up to 16 cells, with the rates of NPAS (Li et al., CVPR 2021).
  ///
  /// - Throws: What is empty, out of order or makes no network, with its name.
  public init(
    scale: Int, output: ImageSize = .standard, channels: [Int] = [16, 24, 32],
    cells: ClosedRange<Int> = 1...16, blocks: [Candidate.Block] = Candidate.Block.wdsr,
    schemes: [PruningScheme] = PruningScheme.allCases,
    rates: [Double] = [1, 2, 2.5, 3, 5, 7, 10], expansion: Int? = nil, linear: Double = 0.8
  ) throws(InvalidNetwork) {
    self.scale = scale
    self.output = output
    self.channels = channels
    self.cells = cells
    // In one order, so that the same space draws the same networks.
    self.blocks = Candidate.Block.allCases.filter(blocks.contains)
    self.schemes = PruningScheme.allCases.filter(schemes.contains)
    self.rates = rates
    self.expansion = expansion
    self.linear = linear
    try validate()
  }

  private func validate() throws(InvalidNetwork) {
    func require(_ condition: Bool, _ sentence: String) throws(InvalidNetwork) {
      if !condition { throw InvalidNetwork(sentence) }
    }
    try require(!blocks.isEmpty, "the search space has no blocks")
    try require(!schemes.isEmpty, "the search space has no schemes")
    try require(
      1...256 ~= channels.count && zip(channels, channels.dropFirst()).allSatisfy { $0 < $1 },
      "channels are 1 to 256 numbers, each above the one before")
    try require(
      cells.lowerBound >= 1 && cells.upperBound <= 256,
      "cells are 1 to 256, not \(cells.lowerBound) to \(cells.upperBound)")
    try require(
      1...256 ~= rates.count && rates.allSatisfy { 1...1024 ~= $0 }
        && zip(rates, rates.dropFirst()).allSatisfy { $0 < $1 },
      "rates are 1 to 256 numbers from 1 to 1024, each above the one before")
    try require(
      expansion.map { 1...16 ~= $0 } ?? true, "expansion is 1 to 16, not \(expansion ?? 0)")
    try require(0.01...4 ~= linear, "linear is 0.01 to 4, not \(linear)")
    for channels in channels {
      try require(1...512 ~= channels, "channels are 1 to 512, not \(channels)")
      for block in blocks {
        let dense = block.kernels.map { _ in Candidate.Layer(.none) }
        let candidate = Candidate(
          scale: scale, input: output.divided(by: max(scale, 1)), channels: channels,
          cells: [cell(block, channels: channels, layers: dense)])
        do throws(InvalidNetwork) { try candidate.validate() } catch {
          let place = "cells[0].block: "
          guard error.description.hasPrefix(place) else { throw error }
          throw InvalidNetwork("channels: \(error.description.dropFirst(place.count))")
        }
      }
    }
  }

  /// Most layers of a block.
  static let layersPerCell = Candidate.Block.allCases.map(\.kernels.count).max() ?? 0
  /// Numbers of a cell in a point.
  static let stride = 1 + layersPerCell

  /// Where a cell begins in a point.
  static func start(ofCell cell: Int) -> Int { 2 + cell * stride }

  /// The schemes that a layer of a block can take, by their numbers; `none` where no other fits.
  func schemes(_ block: Candidate.Block, layer: Int) -> [UInt8] {
    let fitting = PruningScheme.allCases.indices.filter {
      let scheme = PruningScheme.allCases[$0]
      return schemes.contains(scheme) && block.canTake(scheme, layer: layer)
    }
    return fitting.isEmpty ? [0] : fitting.map { UInt8($0) }
  }

  /// A block's number in points.
  static func number(of block: Candidate.Block) -> UInt8 {
    UInt8(Candidate.Block.allCases.firstIndex(of: block) ?? 0)
  }

  /// How many cells a point has.
  func cellCount(_ point: Point) -> Int { cells.lowerBound + Int(point.choices[1]) }

  /// The block of a cell of a point.
  func block(_ point: Point, cell: Int) -> Candidate.Block {
    Candidate.Block.allCases[Int(point.choices[Self.start(ofCell: cell)])]
  }

  /// Whether a point is one of this space.
  public func contains(_ point: Point) -> Bool {
    let choices = point.choices
    guard choices.count == Self.start(ofCell: cells.upperBound), choices[0] < channels.count,
      choices[1] < cells.count
    else { return false }
    return (0..<cells.upperBound).allSatisfy { cell in
      let start = Self.start(ofCell: cell)
      guard cell < cellCount(point) else {
        return choices[start..<start + Self.stride].allSatisfy { $0 == 0 }
      }
      guard choices[start] < Candidate.Block.allCases.count else { return false }
      let block = block(point, cell: cell)
      return blocks.contains(block)
        && (0..<Self.layersPerCell).allSatisfy { layer in
          let scheme = choices[start + 1 + layer]
          return layer < block.kernels.count
            ? schemes(block, layer: layer).contains(scheme) : scheme == 0
        }
    }
  }

  /// The network of a point at a rate. At rate 1 a layer is dense whatever its scheme, but for patterns.
  public func candidate(_ point: Point, rate: Double) -> Candidate {
    let channels = channels[Int(point.choices[0])]
    let cells = (0..<cellCount(point)).map { cell in
      let block = block(point, cell: cell)
      let start = Self.start(ofCell: cell) + 1
      return self.cell(
        block, channels: channels,
        layers: block.kernels.indices.map {
          layer(PruningScheme.allCases[Int(point.choices[start + $0])], rate: rate)
        })
    }
    return Candidate(
      scale: scale, input: output.divided(by: scale), channels: channels, cells: cells)
  }

  /// A cell of the space's widths.
  func cell(
    _ block: Candidate.Block, channels: Int, layers: [Candidate.Layer]
  ) -> Candidate.Cell {
    let middle = block.middle(channels: channels, expansion: expansion, linear: linear)
    return Candidate.Cell(block, middle: middle, layers: layers)
  }

  func layer(_ scheme: PruningScheme, rate: Double) -> Candidate.Layer {
    scheme == .none || rate == 1 && scheme != .pattern
      ? Candidate.Layer(.none) : Candidate.Layer(scheme, rate: rate)
  }

  /// The point whose schemes that prune nothing at rate 1 are the first that a layer can take.
  func canonical(_ point: Point, rate: Double) -> Point {
    guard rate == 1 else { return point }
    var result = point
    for cell in 0..<cellCount(point) {
      let block = block(point, cell: cell)
      for layer in block.kernels.indices {
        let place = Self.start(ofCell: cell) + 1 + layer
        guard PruningScheme.allCases[Int(point.choices[place])] != .pattern else { continue }
        result.choices[place] =
          schemes(block, layer: layer).first {
            PruningScheme.allCases[Int($0)] != .pattern
          } ?? 0
      }
    }
    return result
  }
}
