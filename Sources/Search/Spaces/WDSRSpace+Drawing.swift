public import Networks
public import Statistics

extension WDSRSpace {
  /// Any point of the space, each choice made evenly among what its place can take.
  public func random(using generator: inout SplitMix64) -> Point {
    var point = Point([UInt8](repeating: 0, count: Self.start(ofCell: cells.upperBound)))
    point.choices[0] = UInt8(generator.below(channels.count))
    point.choices[1] = UInt8(generator.below(cells.count))
    for cell in 0..<cellCount(point) { draw(cell, of: &point, using: &generator) }
    return point
  }

  private func draw(
    _ cell: Int, of point: inout Point, using generator: inout SplitMix64
  ) {
    let block = blocks[generator.below(blocks.count)]
    set(block, cell: cell, of: &point)
    for layer in block.kernels.indices {
      point.choices[Self.start(ofCell: cell) + 1 + layer] =
        generator.element(of: schemes(block, layer: layer))
    }
  }

  private func set(_ block: Candidate.Block, cell: Int, of point: inout Point) {
    point.choices[Self.start(ofCell: cell)] = Self.number(of: block)
  }

  /// The part that one mutation changes.
  private enum Change {
    case channels
    case cells
    case block(cell: Int)
    case scheme(cell: Int, layer: Int)
  }

  /// A point that differs by one choice, each that has an alternative as likely as the others. A cell with
  /// another block keeps the schemes that its layers can take; cells that a point gets are drawn.
  public func mutated(_ point: Point, using generator: inout SplitMix64) -> Point {
    var changes: [Change] = []
    if channels.count > 1 { changes.append(.channels) }
    if cells.count > 1 { changes.append(.cells) }
    for cell in 0..<cellCount(point) {
      if blocks.count > 1 { changes.append(.block(cell: cell)) }
      let block = block(point, cell: cell)
      for layer in block.kernels.indices where schemes(block, layer: layer).count > 1 {
        changes.append(.scheme(cell: cell, layer: layer))
      }
    }
    guard !changes.isEmpty else { return point }
    var result = point
    switch changes[generator.below(changes.count)] {
    case .channels:
      result.choices[0] = generator.other(than: point.choices[0], below: channels.count)
    case .cells:
      result.choices[1] = generator.other(than: point.choices[1], below: cells.count)
      for cell in cellCount(result)..<max(cellCount(point), cellCount(result)) {
        let start = Self.start(ofCell: cell)
        for place in start..<start + Self.stride { result.choices[place] = 0 }
      }
      for cell in cellCount(point)..<max(cellCount(point), cellCount(result)) {
        draw(cell, of: &result, using: &generator)
      }
    case .block(let cell):
      let before = block(point, cell: cell)
      let others = blocks.filter { $0 != before }
      let block = others[generator.below(others.count)]
      set(block, cell: cell, of: &result)
      for layer in 0..<Self.layersPerCell {
        let place = Self.start(ofCell: cell) + 1 + layer
        guard layer < block.kernels.count else {
          result.choices[place] = 0
          continue
        }
        let fitting = schemes(block, layer: layer)
        if layer >= before.kernels.count || !fitting.contains(result.choices[place]) {
          result.choices[place] = generator.element(of: fitting)
        }
      }
    case .scheme(let cell, let layer):
      let place = Self.start(ofCell: cell) + 1 + layer
      let others = schemes(block(point, cell: cell), layer: layer).filter {
        $0 != point.choices[place]
      }
      result.choices[place] = generator.element(of: others)
    }
    return result
  }

  /// A random candidate of the space each of whose layers has a rate of its own: what predictions are tried
  /// on. The same generator gives the same candidate on every machine.
  ///
  /// - Throws: Why what was drawn is no network.
  public func randomCandidate(
    using generator: inout SplitMix64
  ) throws(InvalidNetwork) -> Candidate {
    var candidate = candidate(random(using: &generator), rate: rates.last ?? 1)
    for cell in candidate.cells.indices {
      for layer in candidate.cells[cell].layers.indices {
        let scheme = candidate.cells[cell].layers[layer].scheme
        candidate.cells[cell].layers[layer] = self.layer(
          scheme, rate: rates[generator.below(rates.count)])
      }
    }
    candidate.seed = UInt32(truncatingIfNeeded: generator.next())
    try candidate.validate()
    return candidate
  }
}

extension SplitMix64 {
  /// One of some numbers, of which there is at least one.
  mutating func element(of numbers: [UInt8]) -> UInt8 { numbers[below(numbers.count)] }

  /// A number below a bound of at least 2 that is not `number`.
  mutating func other(than number: UInt8, below bound: Int) -> UInt8 {
    let drawn = UInt8(below(bound - 1))
    return drawn < number ? drawn : drawn + 1
  }
}
