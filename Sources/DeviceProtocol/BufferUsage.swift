/// The ways in which shaders may see a buffer. Copying to and from it is always possible.
public struct BufferUsage: OptionSet, Sendable {
  /// One bit for each use.
  public let rawValue: UInt8
  /// Uses from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Read and written by a shader.
  public static let storage = BufferUsage(rawValue: 1)
  /// Read by a shader as a uniform block.
  public static let uniform = BufferUsage(rawValue: 2)
  /// Read by a shader as RGBA32F texels of 16 bytes.
  public static let uniformTexel = BufferUsage(rawValue: 4)
  /// Read by a shader as several uniform blocks, each of a part.
  public static let uniformSlices = BufferUsage(rawValue: 16)
  /// Read by a shader as an image over the same memory.
  public static let linearImage = BufferUsage(rawValue: 8)
}

/// Where a buffer's memory lies.
public enum BufferPlacement: UInt8, Sendable {
  /// The device's own memory; the host maps it too where memory is unified.
  case device
  /// The host's memory, cached where possible.
  case staging
}
