import CVulkan
public import DeviceProtocol
import Synchronization

/// The connection to Vulkan's loader and drivers.
///
/// Unchecked because its handle and function pointers are not `Sendable` by type; they never change,
/// and Vulkan allows the calls made on them from any thread.
public final class Instance: @unchecked Sendable {
  /// The version asked of the drivers, packed as Vulkan packs it; at most 1.3.
  let version: UInt32
  /// What the validation layer says; nil without validation.
  public let validationLog: ValidationLog?

  let functions: InstanceFunctions
  private let handle: VkInstance
  private let messenger: (functions: MessengerFunctions, handle: VkDebugUtilsMessengerEXT)?
  private let abandoned = Atomic(false)

  /// Opens the loader at `loader`, or the system's, and makes an instance.
  ///
  /// With `validation`, what the validation layer objects to, missing barriers included, becomes an
  /// error of the call at hand.
  /// Throws `.noLoader`, `.noDriver`, `.missingLayer`, or the result of the call that failed.
  public init(validation: Bool = false, loader path: String? = nil) throws(VulkanError) {
    let loader = try Loader(path: path)
    let global = try GlobalFunctions(loader)
    var offered: UInt32 = 0
    _ = global.enumerateInstanceVersion(&offered)
    let version = min(packedVersion(1, 3), offered)
    guard version >= packedVersion(1, 1) else {
      throw VulkanError(
        .noDriver, call: "vkEnumerateInstanceVersion", making: "an instance",
        detail: "the loader offers Vulkan \(versionText(offered)), 1.1 is needed")
    }
    if validation { try Self.requireValidation(global) }
    let log = validation ? ValidationLog() : nil

    var created: VkInstance?
    let result = withCallMemory { memory in
      var application = VkApplicationInfo()
      application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO
      application.pApplicationName = memory.text("srprof")
      application.apiVersion = version
      var info = VkInstanceCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO
      info.pApplicationInfo = UnsafePointer(memory.one(application))
      if let log {
        let messenger = memory.one(log.messengerInfo())
        messenger.pointee.pNext = UnsafeRawPointer(memory.one(Self.synchronization(memory)))
        info.pNext = UnsafeRawPointer(messenger)
        info.enabledLayerCount = 1
        info.ppEnabledLayerNames = memory.texts([Self.validationLayer])
        info.enabledExtensionCount = UInt32(Self.validationExtensions.count)
        info.ppEnabledExtensionNames = memory.texts(Self.validationExtensions)
      }
      return global.createInstance(&info, nil, &created)
    }
    guard result == VK_SUCCESS, let created else {
      if result == VK_ERROR_INCOMPATIBLE_DRIVER {
        throw VulkanError(
          .noDriver, call: "vkCreateInstance", making: "an instance",
          detail: "the loader found no driver (VK_ERROR_INCOMPATIBLE_DRIVER)")
      }
      throw VulkanError(
        .result(ResultCode(rawValue: result.rawValue)), call: "vkCreateInstance",
        making: "an instance")
    }
    do throws(VulkanError) {
      functions = try InstanceFunctions(loader, instance: created)
      messenger = try log.map { log throws(VulkanError) in
        try Self.messenger(for: log, loader: loader, instance: created)
      }
    } catch {
      // Without the table there may be no function to destroy it with; then it stays.
      let destroy: PFN_vkDestroyInstance? = try? loader.function(
        "vkDestroyInstance", of: created)
      destroy?(created, nil)
      throw error
    }
    handle = created
    validationLog = log
    self.version = version
    try check(result, "vkCreateInstance", making: "an instance")
  }

  deinit {
    if abandoned.load(ordering: .acquiring) {
      // The layer may still speak to the log on another thread.
      if let validationLog { _ = Unmanaged.passRetained(validationLog) }
      return
    }
    if let messenger {
      messenger.functions.destroyDebugUtilsMessengerEXT(handle, messenger.handle, nil)
    }
    functions.destroyInstance(handle, nil)
    // Destruction reports to the log through the create-info, so the log must last until here.
    withExtendedLifetime(validationLog) {}
  }

  /// Throws `.validation` if the validation layer has said anything since the last check.
  public func checkValidation() throws(VulkanError) {
    try validationLog?.check()
  }

  /// Throws for an error code and for whatever validation said; other outcomes are returned.
  @discardableResult
  func check(
    _ result: VkResult, _ call: String, making: @autoclosure () -> String
  ) throws(VulkanError) -> VkResult {
    try validationLog?.check(call: call, making: making())
    guard result.rawValue < 0 else { return result }
    throw VulkanError(
      .result(ResultCode(rawValue: result.rawValue)), call: call, making: making())
  }

  /// Leaves the instance as it is for ever, because a device of it could not be destroyed.
  func abandon() { abandoned.store(true, ordering: .releasing) }

  /// Handles of all physical devices, in the order of the drivers.
  func physicalDeviceHandles() throws(VulkanError) -> [VkPhysicalDevice] {
    var count: UInt32 = 0
    try check(
      functions.enumeratePhysicalDevices(handle, &count, nil), "vkEnumeratePhysicalDevices",
      making: "the list of devices")
    var handles = [VkPhysicalDevice?](repeating: nil, count: Int(count))
    if count > 0 {
      try check(
        functions.enumeratePhysicalDevices(handle, &count, &handles),
        "vkEnumeratePhysicalDevices", making: "the list of devices")
    }
    return handles.prefix(Int(count)).compactMap { $0 }
  }

  private static let validationLayer = "VK_LAYER_KHRONOS_validation"
  private static let validationExtensions = [
    VK_EXT_DEBUG_UTILS_EXTENSION_NAME, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME,
  ]

  private static func requireValidation(_ global: GlobalFunctions) throws(VulkanError) {
    let layers: [VkLayerProperties] = properties { count, list in
      global.enumerateInstanceLayerProperties(count, list)
    }
    guard layers.contains(where: { text($0.layerName) == validationLayer }) else {
      throw VulkanError(
        .missingLayer(validationLayer), call: "vkEnumerateInstanceLayerProperties",
        making: "an instance under validation")
    }
    // The layer brings the extensions where the loader does not.
    let extensions: [VkExtensionProperties] =
      properties { count, list in
        global.enumerateInstanceExtensionProperties(nil, count, list)
      }
      + properties { count, list in
        global.enumerateInstanceExtensionProperties(validationLayer, count, list)
      }
    let names = Set(extensions.map { text($0.extensionName) })
    if let absent = validationExtensions.first(where: { !names.contains($0) }) {
      throw VulkanError(
        .missingLayer(absent), call: "vkEnumerateInstanceExtensionProperties",
        making: "an instance under validation")
    }
  }

  /// Asks the layer to look for missing barriers as well, which software drivers never show.
  private static func synchronization(_ memory: CallMemory) -> VkValidationFeaturesEXT {
    var features = VkValidationFeaturesEXT()
    features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT
    features.enabledValidationFeatureCount = 1
    features.pEnabledValidationFeatures = UnsafePointer(
      memory.one(VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT))
    return features
  }

  private static func messenger(
    for log: ValidationLog, loader: Loader, instance: VkInstance
  ) throws(VulkanError) -> (functions: MessengerFunctions, handle: VkDebugUtilsMessengerEXT) {
    let functions = try MessengerFunctions(loader, instance: instance)
    var info = log.messengerInfo()
    var messenger: VkDebugUtilsMessengerEXT?
    let result = functions.createDebugUtilsMessengerEXT(instance, &info, nil, &messenger)
    guard result == VK_SUCCESS, let messenger else {
      throw VulkanError(
        .result(ResultCode(rawValue: result.rawValue)), call: "vkCreateDebugUtilsMessengerEXT",
        making: "an instance under validation")
    }
    return (functions, messenger)
  }
}

/// Everything a Vulkan list call gives: asked once for the count and once for the list.
func properties<T: BitwiseCopyable>(
  _ list: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<T>?) -> VkResult
) -> [T] {
  var count: UInt32 = 0
  guard list(&count, nil) == VK_SUCCESS, count > 0 else { return [] }
  return Array(unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
    initialized = list(&count, buffer.baseAddress).rawValue >= 0 ? Int(count) : 0
  }
}

/// A version packed as Vulkan packs it. The header's macro is not visible to Swift.
func packedVersion(_ major: UInt32, _ minor: UInt32) -> UInt32 { major << 22 | minor << 12 }

/// A packed version as "1.3.239".
func versionText(_ version: UInt32) -> String {
  "\(version >> 22 & 0x7F).\(version >> 12 & 0x3FF).\(version & 0xFFF)"
}
