internal import DeviceProtocol

/// Memory through which the host writes and reads buffers that it does not see.
///
/// It is kept between uses: a driver of a discrete device takes longer to make it than to copy through it.
public final class StagingArea {
  private let device: Device
  private var kept: Buffer?

  /// More bytes are not kept.
  private static let mostKept = 256 << 20

  /// An area for buffers of a device; memory is taken at its first use.
  public init(device: Device) {
    self.device = device
  }

  /// A buffer of at least as many bytes, in whose first the host writes and reads. Throws what making it throws.
  func buffer(byteCount: Int) throws(VulkanError) -> Buffer {
    if let kept, kept.byteCount >= byteCount { return kept }
    // The smaller one goes first, to leave room.
    kept = nil
    let buffer = try Buffer(device: device, byteCount: byteCount, usage: [], placement: .staging)
    if byteCount <= Self.mostKept { kept = buffer }
    return buffer
  }
}
