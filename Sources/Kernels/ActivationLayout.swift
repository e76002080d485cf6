public import Workloads

/// How activations lie in memory, on every device and for every kernel: the canonical layout.
///
/// Channels are packed by four, and each plane has a border of zeros: `[ceil(C / 4), halo + H + halo,
/// halo + W + halo]` texels of four channels. Channels past the last are zero, so that convolutions
/// can read whole texels; the border spares them bounds checks. Behind the last plane lie texels
/// that ragged tiles may read (never use).
public struct ActivationLayout: Hashable, Sendable {
  /// Channels in a texel.
  public static let channelsPerTexel = 4
  /// Zeros around each plane, in pixels: enough for the padding of a kernel of 9.
  public static let halo = 4
  /// Largest kernel the halo serves.
  public static let largestKernel = 2 * halo + 1
  /// The layout in a few characters, for the header of a table.
  public static let name = "N,C/4,H,W,4 halo \(halo)"

  public let shape: MapShape

  public init(_ shape: MapShape) {
    self.shape = shape
  }

  /// Texels along the channels.
  public var blocks: Int { Self.blocks(shape.channels) }
  /// Texels from one row to the next.
  public var rowStride: Int { shape.width + 2 * Self.halo }
  /// Texels from one plane to the next.
  public var planeStride: Int { (shape.height + 2 * Self.halo) * rowStride }
  /// All texels, with those that ragged tiles read past the end: 16 rows and 32 columns cover
  /// tiles of 8 x 8 pixels at stride 2.
  public var texelCount: Int { blocks * planeStride + 16 * rowStride + 32 }
  /// Texels that `channels` take.
  public static func blocks(_ channels: Int) -> Int {
    (channels + channelsPerTexel - 1) / channelsPerTexel
  }

  /// Position of one number in a buffer of numbers.
  public func index(_ channel: Int, _ y: Int, _ x: Int) -> Int {
    let block = channel / Self.channelsPerTexel
    let texel = block * planeStride + (y + Self.halo) * rowStride + x + Self.halo
    return texel * Self.channelsPerTexel + channel % Self.channelsPerTexel
  }

  /// Fills a buffer of ``texelCount`` texels: `value` of each element's row-major index, zeros elsewhere.
  public func fill<Number: BinaryFloatingPoint>(
    _ buffer: UnsafeMutableBufferPointer<Number>, value: (Int) -> Float
  ) {
    buffer.update(repeating: 0)
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        let source = shape.index(channel, y, 0)
        let target = index(channel, y, 0)
        for x in 0..<shape.width {
          buffer[target + x * Self.channelsPerTexel] = Number(value(source + x))
        }
      }
    }
  }

  /// Whether everything that is not an element (halo, padding channels, the tail) is zero, as every
  /// kernel must leave it.
  public func paddingIsZero<Number: BinaryFloatingPoint>(
    _ buffer: UnsafeBufferPointer<Number>
  ) -> Bool {
    let lanes = Self.channelsPerTexel
    func isZero(_ texels: Range<Int>) -> Bool {
      buffer[(texels.lowerBound * lanes)..<(texels.upperBound * lanes)].allSatisfy { $0 == 0 }
    }
    for block in 0..<blocks {
      let plane = block * planeStride
      let used = min(lanes, shape.channels - block * lanes)
      guard isZero(plane..<plane + Self.halo * rowStride + Self.halo) else { return false }
      for y in 0..<shape.height {
        let row = plane + (y + Self.halo) * rowStride + Self.halo
        // The right border of this row and the left border of the next are neighbours.
        guard isZero(row + shape.width..<row + rowStride) else { return false }
        for texel in row..<row + (used < lanes ? shape.width : 0) {
          for lane in used..<lanes where buffer[texel * lanes + lane] != 0 { return false }
        }
      }
      let end = plane + (shape.height + Self.halo) * rowStride + Self.halo
      guard isZero(end..<plane + planeStride) else { return false }
    }
    return isZero(blocks * planeStride..<texelCount)
  }
}
