public import Workloads

/// Learned numbers of a convolution in the order a kernel reads them, padded with zeros to whole
/// texels and whole tiles.
public struct PackedParameters: Hashable, Sendable {
  public let operand: Operand
  public let convolution: Convolution
  /// Output texels of one tile; the texels of a tile lie together.
  public let tileBlocks: Int

  /// Texels of four numbers.
  public var texelCount: Int {
    operand == .weights
      ? Schedule.weightTexelCount(convolution, tileBlocks: tileBlocks)
      : paddedBlocks
  }

  /// Size of a buffer that holds them.
  public var byteCount: Int { texelCount * 4 * ElementType.float32.byteCount }

  /// Output texels, padded to whole tiles.
  private var paddedBlocks: Int {
    (Schedule.storedBlocks(convolution) + tileBlocks - 1) / tileBlocks * tileBlocks
  }

  /// Fills a buffer of ``texelCount`` texels from the operand's row-major elements.
  public func fill(_ buffer: UnsafeMutableBufferPointer<Float>, value: (Int) -> Float) {
    buffer.update(repeating: 0)
    for block in 0..<Schedule.storedBlocks(convolution) {
      for lane in 0..<4 {
        guard let output = outputChannel(block: block, lane: lane) else { continue }
        if operand == .weights {
          fillWeights(buffer, block: block, lane: lane, output: output, value: value)
        } else {
          buffer[block * 4 + lane] = value(output)
        }
      }
    }
  }

  /// The convolution's output channel that a lane of a stored texel holds; `nil` for padding.
  ///
  /// With a pixel-shuffle store, texel `c * shuffle^2 + place` holds the four channels `4c...4c+3`
  /// of the shuffled output at that place, so that each is stored by one write.
  func outputChannel(block: Int, lane: Int) -> Int? {
    let places = convolution.shuffle * convolution.shuffle
    let channel = block / places * 4 + lane
    guard channel < convolution.outputs / places else { return nil }
    return channel * places + block % places
  }

  /// Direct: `[tile][input texel][ky][kx][texel in tile][input lane]`, a texel holding four output
  /// channels. Depthwise: `[texel][ky][kx]`.
  private func fillWeights(
    _ buffer: UnsafeMutableBufferPointer<Float>, block: Int, lane: Int, output: Int,
    value: (Int) -> Float
  ) {
    let taps = convolution.kernel * convolution.kernel
    let inputs = convolution.inputsPerGroup
    if convolution.isDepthwise {
      for tap in 0..<taps { buffer[(block * taps + tap) * 4 + lane] = value(output * taps + tap) }
      return
    }
    let inputBlocks = ActivationLayout.blocks(inputs)
    let (tile, inTile) = block.quotientAndRemainder(dividingBy: tileBlocks)
    for input in 0..<inputs {
      for tap in 0..<taps {
        let row = (tile * inputBlocks + input / 4) * taps + tap
        let texel = (row * tileBlocks + inTile) * 4 + input % 4
        buffer[texel * 4 + lane] = value((output * inputs + input) * taps + tap)
      }
    }
  }
}
