public import Workloads

/// Learned numbers of a convolution in the order a kernel reads them, padded with zeros to whole
/// texels and whole tiles. Pruned weights are zero where the order has a place for them.
public struct PackedParameters: Hashable, Sendable {
  /// The order of texels; a texel of weights holds those of four output channels.
  public enum Order: Hashable, Sendable {
    /// `[texel]`: one number for each output channel.
    case perChannel
    /// `[tile][input texel][ky][kx][texel in tile][input lane]`.
    case tiled
    /// `[texel][ky][kx]`.
    case depthwise
    /// `[tile][input texel][texel in tile][row][column][input lane]` of transformed weights, for tiles
    /// of so many outputs.
    case winograd(outputs: Int)
    /// `[place][texel in tile][input lane]`.
    case listed(PlaceList)
    /// `[tile][input texel][texel in tile][input lane][output lane]`: the kept weights of one kernel,
    /// in so many texels.
    case byKernel(texels: Int)
  }

  public let operand: Operand
  public let convolution: Convolution
  /// Output texels of one tile; the texels of a tile lie together.
  public let tileBlocks: Int
  public let order: Order
  /// Which weights are kept; `nil` for all.
  public let mask: WeightMask?

  /// Texels behind the last that a subgroup may read when it loads more than are left.
  private static let tail = 128

  /// Texels of four numbers.
  public var texelCount: Int {
    let taps = convolution.kernel * convolution.kernel
    let inputs = convolution.inputBlocks
    switch order {
    case .perChannel: return paddedBlocks
    case .tiled: return paddedBlocks * inputs * taps * 4 + Self.tail
    case .depthwise: return paddedBlocks * taps
    case .winograd(let m): return paddedBlocks * inputs * (m + 2) * (m + 2) * 4 + Self.tail
    case .listed(let places): return places.entries.count * tileBlocks * 4 + Self.tail
    case .byKernel(let texels): return paddedBlocks * inputs * 16 * texels
    }
  }

  /// Output texels, padded to whole tiles.
  private var paddedBlocks: Int { tiles * tileBlocks }
  private var tiles: Int { (convolution.storedBlocks + tileBlocks - 1) / tileBlocks }

  /// Fills a buffer of ``texelCount`` texels from the operand's row-major elements.
  public func fill<Number: BinaryFloatingPoint>(
    _ buffer: UnsafeMutableBufferPointer<Number>, value: (Int) -> Float
  ) {
    buffer.update(repeating: 0)
    switch order {
    case .perChannel:
      for block in 0..<convolution.storedBlocks {
        for lane in 0..<4 {
          guard let output = outputChannel(block: block, lane: lane) else { continue }
          buffer[block * 4 + lane] = Number(value(output))
        }
      }
    case .listed(let places): fill(buffer, places, value)
    case .tiled, .depthwise, .winograd, .byKernel:
      for block in 0..<convolution.storedBlocks {
        for lane in 0..<4 {
          guard let output = outputChannel(block: block, lane: lane) else { continue }
          for input in 0..<convolution.inputsPerGroup {
            fillKernel(buffer, block, lane, output, input, value)
          }
        }
      }
    }
  }

  /// The convolution's output channel that a lane of a stored texel holds; `nil` for padding.
  ///
  /// With a pixel-shuffle store, texel `c * shuffle^2 + place` holds the four channels `4c...4c+3`
  /// of the shuffled output at that place, so that each is stored by one write.
  func outputChannel(block: Int, lane: Int) -> Int? {
    convolution.outputChannel(block: block, lane: lane)
  }

  /// A weight, zero if it is pruned.
  private func weight(_ output: Int, _ input: Int, _ tap: Int, _ value: (Int) -> Float) -> Float {
    let taps = convolution.kernel * convolution.kernel
    if let mask, !mask[output, input, tap] { return 0 }
    return value((output * convolution.inputsPerGroup + input) * taps + tap)
  }

  private func fillKernel<Number: BinaryFloatingPoint>(
    _ buffer: UnsafeMutableBufferPointer<Number>, _ block: Int, _ lane: Int, _ output: Int,
    _ input: Int, _ value: (Int) -> Float
  ) {
    let taps = convolution.kernel * convolution.kernel
    let (tile, inTile) = block.quotientAndRemainder(dividingBy: tileBlocks)
    let group = tile * convolution.inputBlocks + input / 4
    switch order {
    case .tiled:
      for tap in 0..<taps {
        let texel = ((group * taps + tap) * tileBlocks + inTile) * 4 + input % 4
        buffer[texel * 4 + lane] = Number(weight(output, input, tap, value))
      }
    case .depthwise:
      for tap in 0..<taps {
        buffer[(block * taps + tap) * 4 + lane] = Number(weight(output, input, tap, value))
      }
    case .winograd(let m):
      let kernel = (0..<9).map { Double(weight(output, input, $0, value)) }
      for (place, number) in Winograd.transformed(kernel, outputs: m).enumerated() {
        let places = (m + 2) * (m + 2)
        let texel = ((group * tileBlocks + inTile) * places + place) * 4 + input % 4
        buffer[texel * 4 + lane] = Number(number)
      }
    case .byKernel(let texels):
      let first = (((group * tileBlocks + inTile) * 4 + input % 4) * 4 + lane) * texels * 4
      let kept = (0..<taps).filter { mask?[output, input, $0] ?? true }
      for (place, tap) in kept.enumerated() where place < texels * 4 {
        buffer[first + place] = Number(weight(output, input, tap, value))
      }
    case .perChannel, .listed: break
    }
  }

  private func fill<Number: BinaryFloatingPoint>(
    _ buffer: UnsafeMutableBufferPointer<Number>, _ places: PlaceList, _ value: (Int) -> Float
  ) {
    for (tile, range) in places.ranges.enumerated() {
      for index in range {
        let place = places.entries[index]
        for inTile in 0..<tileBlocks {
          for lane in 0..<4 {
            let block = tile * tileBlocks + inTile
            guard block < convolution.storedBlocks,
              let output = outputChannel(block: block, lane: lane)
            else { continue }
            for inputLane in 0..<4 where place.block * 4 + inputLane < convolution.inputs {
              let texel = (index * tileBlocks + inTile) * 4 + inputLane
              buffer[texel * 4 + lane] = Number(
                weight(output, place.block * 4 + inputLane, place.tap, value))
            }
          }
        }
      }
    }
  }
}

extension Convolution {
  /// The output channel that a lane of a stored texel holds; `nil` for padding.
  func outputChannel(block: Int, lane: Int) -> Int? {
    let places = shuffle * shuffle
    let channel = block / places * 4 + lane
    guard channel < outputs / places else { return nil }
    return channel * places + block % places
  }
}
