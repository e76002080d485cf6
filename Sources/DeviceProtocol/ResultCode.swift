/// The result of a Vulkan call, with the names of the specification.
///
/// Source: Vulkan specification, "Return Codes" (`VkResult`).
public struct ResultCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The value of `VkResult`: negative for errors, positive for other outcomes than success.
  public let rawValue: Int32

  /// A result code of any value, known by name or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `VK_SUCCESS`: done.
  public static let success = ResultCode(rawValue: 0)
  /// `VK_NOT_READY`: a fence or a query is not finished yet.
  public static let notReady = ResultCode(rawValue: 1)
  /// `VK_TIMEOUT`: a wait ended before the work did.
  public static let timeout = ResultCode(rawValue: 2)
  /// `VK_INCOMPLETE`: an array was too small for everything there was.
  public static let incomplete = ResultCode(rawValue: 5)
  /// `VK_ERROR_OUT_OF_HOST_MEMORY`
  public static let outOfHostMemory = ResultCode(rawValue: -1)
  /// `VK_ERROR_OUT_OF_DEVICE_MEMORY`
  public static let outOfDeviceMemory = ResultCode(rawValue: -2)
  /// `VK_ERROR_INITIALIZATION_FAILED`
  public static let initializationFailed = ResultCode(rawValue: -3)
  /// `VK_ERROR_DEVICE_LOST`: the device reset, hung, or was removed.
  public static let deviceLost = ResultCode(rawValue: -4)
  /// `VK_ERROR_MEMORY_MAP_FAILED`
  public static let memoryMapFailed = ResultCode(rawValue: -5)
  /// `VK_ERROR_LAYER_NOT_PRESENT`
  public static let layerNotPresent = ResultCode(rawValue: -6)
  /// `VK_ERROR_EXTENSION_NOT_PRESENT`
  public static let extensionNotPresent = ResultCode(rawValue: -7)
  /// `VK_ERROR_FEATURE_NOT_PRESENT`
  public static let featureNotPresent = ResultCode(rawValue: -8)
  /// `VK_ERROR_INCOMPATIBLE_DRIVER`: the loader found no driver that it can use.
  public static let incompatibleDriver = ResultCode(rawValue: -9)
  /// `VK_ERROR_TOO_MANY_OBJECTS`
  public static let tooManyObjects = ResultCode(rawValue: -10)
  /// `VK_ERROR_FORMAT_NOT_SUPPORTED`
  public static let formatNotSupported = ResultCode(rawValue: -11)
  /// `VK_ERROR_FRAGMENTED_POOL`
  public static let fragmentedPool = ResultCode(rawValue: -12)
  /// `VK_ERROR_UNKNOWN`
  public static let unknown = ResultCode(rawValue: -13)
  /// `VK_ERROR_OUT_OF_POOL_MEMORY`
  public static let outOfPoolMemory = ResultCode(rawValue: -1_000_069_000)
  /// `VK_ERROR_INVALID_SHADER_NV`: the driver refused the shader.
  public static let invalidShader = ResultCode(rawValue: -1_000_012_000)

  private static let names: [ResultCode: String] = [
    .success: "VK_SUCCESS",
    .notReady: "VK_NOT_READY",
    .timeout: "VK_TIMEOUT",
    .incomplete: "VK_INCOMPLETE",
    .outOfHostMemory: "VK_ERROR_OUT_OF_HOST_MEMORY",
    .outOfDeviceMemory: "VK_ERROR_OUT_OF_DEVICE_MEMORY",
    .initializationFailed: "VK_ERROR_INITIALIZATION_FAILED",
    .deviceLost: "VK_ERROR_DEVICE_LOST",
    .memoryMapFailed: "VK_ERROR_MEMORY_MAP_FAILED",
    .layerNotPresent: "VK_ERROR_LAYER_NOT_PRESENT",
    .extensionNotPresent: "VK_ERROR_EXTENSION_NOT_PRESENT",
    .featureNotPresent: "VK_ERROR_FEATURE_NOT_PRESENT",
    .incompatibleDriver: "VK_ERROR_INCOMPATIBLE_DRIVER",
    .tooManyObjects: "VK_ERROR_TOO_MANY_OBJECTS",
    .formatNotSupported: "VK_ERROR_FORMAT_NOT_SUPPORTED",
    .fragmentedPool: "VK_ERROR_FRAGMENTED_POOL",
    .unknown: "VK_ERROR_UNKNOWN",
    .outOfPoolMemory: "VK_ERROR_OUT_OF_POOL_MEMORY",
    .invalidShader: "VK_ERROR_INVALID_SHADER_NV",
  ]

  /// The name in the specification, or "VkResult -42" for a code without a name here.
  public var description: String { Self.names[self] ?? "VkResult \(rawValue)" }
}
