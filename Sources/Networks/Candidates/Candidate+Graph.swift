internal import Workloads

extension Candidate {
  /// The network.
  ///
  /// - Throws: What is wrong, with its place: `cells[3].layers[0].scheme: ...`.
  public func graph() throws(InvalidNetwork) -> Graph {
    try validate()
    var builder = GraphBuilder(name: "candidate", channels: 3, size: input, seed: UInt64(seed))
    do throws(InvalidGraph) {
      try builder.wdsr(scale: scale, channels: channels, cells)
    } catch {
      throw InvalidNetwork(error.description)
    }
    return builder.graph
  }

  /// - Throws: What is wrong, with its place: `cells[3].layers[0].scheme: ...`.
  public func validate() throws(InvalidNetwork) {
    try require(2...4 ~= scale, "scale", "is 2, 3 or 4, not \(scale)")
    let sides = 1...ImageSize.largest
    try require(
      sides ~= input.width && sides ~= input.height, "input",
      "is from 1x1 to \(ImageSize.largest)x\(ImageSize.largest), not \(input)")
    try require(1...512 ~= channels, "channels", "is 1 to 512, not \(channels)")
    try require(1...256 ~= cells.count, "cells", "are 1 to 256, not \(cells.count)")
    for (index, cell) in cells.enumerated() {
      try cell.validate("cells[\(index)]", channels: channels)
    }
  }
}

extension Candidate.Cell {
  fileprivate func validate(_ place: String, channels: Int) throws(InvalidNetwork) {
    let kernels = block.kernels
    let name = block.rawValue
    try require(
      middle.count == kernels.count - 1, "\(place).middle",
      "\(name) has \(kernels.count - 1) widths within, not \(middle.count)")
    for (index, width) in middle.enumerated() {
      try require(
        1...8192 ~= width, "\(place).middle[\(index)]", "is 1 to 8192, not \(width)")
    }
    try validateParts(place, channels: channels)
    try require(
      layers.count == kernels.count, "\(place).layers",
      "\(name) has \(kernels.count) layers, not \(layers.count)")
    for (index, layer) in layers.enumerated() {
      try layer.validate("\(place).layers[\(index)]", of: block, index)
    }
    let shapes = shapes(channels: channels)
    for (index, layer) in layers.enumerated() {
      let place = "\(place).layers[\(index)].rate"
      try require(shapes[index].outputs > 0, place, "\(numberText(layer.rate)) leaves no filter")
      guard let pruning = layer.pruning else { continue }
      do throws(InvalidWorkload) {
        _ = try Convolution(
          kernel: kernels[index], inputs: shapes[index].inputs, outputs: shapes[index].outputs
        ).pruned(pruning.scheme, rate: pruning.rate)
      } catch {
        throw InvalidNetwork("\(place): \(error.description)")
      }
    }
  }

  /// Throws channels that cannot be parted as the block parts them.
  private func validateParts(_ place: String, channels: Int) throws(InvalidNetwork) {
    let name = block.rawValue
    switch block {
    case .wdsrA, .wdsrB, .invertedResidual: return
    case .ghost, .shuffle:
      try require(
        channels % 2 == 0, "\(place).block", "\(name) halves channels, and there are \(channels)")
    case .idle, .splitSR:
      try require(
        channels > 1, "\(place).block", "\(name) parts channels, and there is one alone")
    }
    if block == .ghost, let odd = middle.firstIndex(where: { $0 % 2 == 1 }) {
      throw InvalidNetwork(
        "\(place).middle[\(odd)]: \(name) halves widths, and this is \(middle[odd])")
    }
  }
}

extension Candidate.Layer {
  fileprivate func validate(
    _ place: String, of block: Candidate.Block, _ index: Int
  ) throws(InvalidNetwork) {
    let kernel = block.kernels[index]
    try require(
      scheme != .pattern || kernel == 3, "\(place).scheme",
      "pattern is for 3x3 kernels, this layer is \(kernel)x\(kernel)")
    try require(
      scheme != .filter || index < block.kernels.count - 1, "\(place).scheme",
      "filter is not for the last layer of a cell, whose channels are those between cells")
    try require(
      block.canTake(scheme, layer: index), "\(place).scheme",
      "\(scheme.rawValue) is not for \(block.rawValue)")
    try require(
      1...1024 ~= rate, "\(place).rate", "is 1 to 1024, not \(numberText(rate))")
    try require(
      scheme != .none || rate == 1, "\(place).rate", "is for a layer with a scheme, this has none")
  }
}

private func require(
  _ condition: Bool, _ place: @autoclosure () -> String, _ sentence: @autoclosure () -> String
) throws(InvalidNetwork) {
  if !condition { throw InvalidNetwork("\(place()): \(sentence())") }
}
