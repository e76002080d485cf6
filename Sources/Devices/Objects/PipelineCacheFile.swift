internal import DeviceProtocol
internal import FoundationEssentials

/// Compiled pipelines of one device and driver, in a file of their own.
///
/// The file is a 64-bit FNV-1a hash of the rest, little-endian, and then the driver's data. The
/// hash is there because drivers need only check their header, not what follows it.
/// Header: Vulkan specification, `VkPipelineCacheHeaderVersionOne`.
struct PipelineCacheFile {
  private let url: URL
  private let directory: URL
  private let header: [UInt8]

  init(directory path: String, device: PhysicalDevice) {
    directory = URL(filePath: path, directoryHint: .isDirectory)
    let vendor = String(device.vendorID, radix: 16)
    let model = String(device.deviceID, radix: 16)
    url = directory.appending(
      path: "pipelines-\(vendor)-\(model)-\(device.pipelineCacheUUID).bin",
      directoryHint: .notDirectory)
    // Size of the header, its version, vendor, device, and the UUID of driver and device.
    let words: [UInt32] = [32, 1, device.vendorID, device.deviceID]
    let digits = Array(device.pipelineCacheUUID)
    header =
      words.flatMap { Self.littleEndian($0) }
      + stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
  }

  /// The driver's data; nil when there is none, or it is damaged, or of another device or driver.
  func load() -> [UInt8]? {
    guard let file = try? Data(contentsOf: url), file.count >= 8 + header.count else { return nil }
    let data = [UInt8](file.dropFirst(8))
    guard file.prefix(8).elementsEqual(Self.littleEndian(Self.hash(data))),
      data.prefix(header.count).elementsEqual(header)
    else { return nil }
    return data
  }

  /// Replaces the file in one step, so that a reader sees the old one or the new one.
  func save(_ data: [UInt8]) -> Bool {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try Data(Self.littleEndian(Self.hash(data)) + data).write(to: url, options: .atomic)
      return true
    } catch {
      return false
    }
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func hash(_ data: [UInt8]) -> UInt64 {
    data.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
