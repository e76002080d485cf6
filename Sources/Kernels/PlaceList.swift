internal import Workloads

/// Where a pruned convolution reads: for each tile of output texels, the places (input texel and
/// position in the kernel) where any weight between them is kept.
public struct PlaceList: Hashable, Sendable {
  public struct Place: Hashable, Sendable {
    /// Input texel.
    public let block: Int
    /// `ky * kernel + kx`.
    public let tap: Int
  }

  /// Places of all tiles, tile after tile.
  public let entries: [Place]
  /// The entries of each tile; never empty, since loops that test at their end run once. A tile
  /// without kept weights reads one place with weights of zero.
  public let ranges: [Range<Int>]

  init(_ mask: WeightMask, of convolution: Convolution, tileBlocks: Int) {
    var entries: [Place] = []
    var ranges: [Range<Int>] = []
    let blocks = convolution.storedBlocks
    for first in stride(from: 0, to: blocks, by: tileBlocks) {
      let outputs = (first..<min(first + tileBlocks, blocks)).flatMap { block in
        (0..<4).compactMap { convolution.outputChannel(block: block, lane: $0) }
      }
      let start = entries.count
      for block in 0..<convolution.inputBlocks {
        let inputs = block * 4..<min(block * 4 + 4, convolution.inputs)
        for tap in 0..<convolution.kernel * convolution.kernel
        where outputs.contains(where: { output in inputs.contains { mask[output, $0, tap] } }) {
          entries.append(Place(block: block, tap: tap))
        }
      }
      if entries.count == start { entries.append(Place(block: 0, tap: 0)) }
      ranges.append(start..<entries.count)
    }
    self.entries = entries
    self.ranges = ranges
  }
}

/// Whole numbers that a pruned kernel reads beside its weights, four in a texel.
public struct PlaceTable: Hashable, Sendable {
  let numbers: [Float]

  /// Texels of four numbers.
  public var texelCount: Int { numbers.count / 4 }

  /// First and last entry of each tile; then input texel, ky and kx of each entry.
  init(_ list: PlaceList, kernel: Int) {
    let ranges = list.ranges.flatMap { range -> [Float] in
      [Float(range.lowerBound), Float(range.upperBound - 1), 0, 0]
    }
    numbers =
      ranges
      + list.entries.flatMap { place -> [Float] in
        [Float(place.block), Float(place.tap / kernel), Float(place.tap % kernel), 0]
      }
  }

  /// `[tile][input texel][texel in tile][input lane]`: the number of the pattern, from 1, of the
  /// kernels of four output channels; 0 for a removed kernel. `nil` if a kernel has none of the
  /// patterns.
  init?(
    patterns: [UInt16], mask: WeightMask, of convolution: Convolution, tileBlocks: Int
  ) {
    let inputs = convolution.inputBlocks
    let tiles = (convolution.storedBlocks + tileBlocks - 1) / tileBlocks
    var numbers = [Float](repeating: 0, count: tiles * inputs * tileBlocks * 16)
    for block in 0..<convolution.storedBlocks {
      for lane in 0..<4 {
        guard let output = convolution.outputChannel(block: block, lane: lane) else { continue }
        for input in 0..<convolution.inputs {
          let bits = (0..<9).reduce(UInt16(0)) { $0 | (mask[output, input, $1] ? 1 << $1 : 0) }
          if bits == 0 { continue }
          guard let pattern = patterns.firstIndex(of: bits) else { return nil }
          let (tile, inTile) = block.quotientAndRemainder(dividingBy: tileBlocks)
          let texel = ((tile * inputs + input / 4) * tileBlocks + inTile) * 4 + input % 4
          numbers[texel * 4 + lane] = Float(pattern + 1)
        }
      }
    }
    self.numbers = numbers
  }
}
