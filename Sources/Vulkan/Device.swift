import CVulkan
public import DeviceProtocol
import Synchronization

/// One opened device with one compute queue, shared by everything made on it.
///
/// What is made on a device holds it, so it goes last. After a timeout the device still works on
/// something that cannot be taken back: it then refuses everything with `.timedOut`, and neither
/// its objects nor itself nor its instance are ever destroyed, since the device may use them and
/// waiting for it could hang. Make a new instance and device to go on.
///
/// Unchecked because handles and function pointers are not `Sendable` by type; they never change,
/// and the queue, which Vulkan allows to only one thread at a time, is behind a lock.
public final class Device: @unchecked Sendable {
  /// What was opened.
  public let physicalDevice: PhysicalDevice
  /// The instance that the device belongs to.
  public let instance: Instance

  let handle: VkDevice
  let functions: DeviceFunctions
  let memoryTypes: [VkMemoryType]
  let queueFamily: UInt32
  let pipelineCache: VkPipelineCache?
  let queue: Locked<VkQueue>
  private let abandoned = Atomic(false)

  /// Opens `physicalDevice`, which `instance` must have listed, with all of its `features`.
  ///
  /// `pipelineCache` is what `pipelineCacheData()` gave before. Throws the result of the call that
  /// failed, or `.argument` for a device that is not of this instance or has no compute queue.
  public init(
    instance: Instance, physicalDevice: PhysicalDevice, pipelineCache stored: [UInt8] = []
  ) throws(VulkanError) {
    let making = "a device of \(physicalDevice.name)"
    let handles = try instance.physicalDeviceHandles()
    guard let family = physicalDevice.queueFamily else {
      throw VulkanError(
        .argument, call: "vkCreateDevice", making: making, detail: "it has no compute queue")
    }
    guard handles.indices.contains(physicalDevice.index),
      try instance.physicalDevices().contains(physicalDevice)
    else {
      throw VulkanError(
        .argument, call: "vkCreateDevice", making: making, detail: "the instance has no such device"
      )
    }
    let physicalHandle = handles[physicalDevice.index]

    var created: VkDevice?
    let result = withCallMemory { memory in
      var queue = VkDeviceQueueCreateInfo()
      queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO
      queue.queueFamilyIndex = UInt32(family)
      queue.queueCount = 1
      queue.pQueuePriorities = UnsafePointer(memory.one(Float(1)))
      var info = VkDeviceCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO
      info.pNext = UnsafeRawPointer(
        FeatureStructs(memory, enabling: physicalDevice.features).head)
      info.queueCreateInfoCount = 1
      info.pQueueCreateInfos = UnsafePointer(memory.one(queue))
      info.enabledExtensionCount = UInt32(physicalDevice.enabledExtensions.count)
      info.ppEnabledExtensionNames = memory.texts(physicalDevice.enabledExtensions)
      return instance.functions.createDevice(physicalHandle, &info, nil, &created)
    }
    try instance.check(result, "vkCreateDevice", making: making)
    guard let created else {
      throw VulkanError(.result(.unknown), call: "vkCreateDevice", making: making)
    }
    let functions: DeviceFunctions
    do throws(VulkanError) {
      functions = try DeviceFunctions(
        device: created, lookUp: instance.functions.getDeviceProcAddr)
    } catch {
      if let destroy = instance.functions.getDeviceProcAddr(created, "vkDestroyDevice") {
        unsafeBitCast(destroy, to: PFN_vkDestroyDevice.self)(created, nil)
      }
      throw error
    }
    var queue: VkQueue?
    functions.getDeviceQueue(created, UInt32(family), 0, &queue)
    guard let queue else {
      functions.destroyDevice(created, nil)
      throw VulkanError(.result(.unknown), call: "vkGetDeviceQueue", making: making)
    }
    var memory = VkPhysicalDeviceMemoryProperties()
    instance.functions.getPhysicalDeviceMemoryProperties(physicalHandle, &memory)

    self.instance = instance
    self.physicalDevice = physicalDevice
    self.functions = functions
    self.queue = Locked(queue)
    handle = created
    queueFamily = UInt32(family)
    memoryTypes = Array(
      elements(memory.memoryTypes, as: VkMemoryType.self).prefix(Int(memory.memoryTypeCount)))
    // A cache only saves time, so that a device without one is still good.
    pipelineCache = stored.withUnsafeBytes { bytes in
      var info = VkPipelineCacheCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO
      info.initialDataSize = bytes.count
      info.pInitialData = bytes.isEmpty ? nil : bytes.baseAddress
      var cache: VkPipelineCache?
      return functions.createPipelineCache(created, &info, nil, &cache) == VK_SUCCESS ? cache : nil
    }
    try check(VK_SUCCESS, "vkCreatePipelineCache", making: making)
  }

  deinit {
    if abandoned.load(ordering: .acquiring) {
      instance.abandon()
      return
    }
    if let pipelineCache { functions.destroyPipelineCache(handle, pipelineCache, nil) }
    functions.destroyDevice(handle, nil)
  }

  /// The pipelines compiled so far, in the driver's form; `nil` where the driver does not give them.
  /// Nothing of a measurement depends on them.
  public func pipelineCacheData() -> [UInt8]? {
    guard let pipelineCache, !isAbandoned else { return nil }
    var count = 0
    guard functions.getPipelineCacheData(handle, pipelineCache, &count, nil) == VK_SUCCESS,
      count > 0
    else { return nil }
    var data = [UInt8](repeating: 0, count: count)
    let result = data.withUnsafeMutableBytes { bytes in
      functions.getPipelineCacheData(handle, pipelineCache, &count, bytes.baseAddress)
    }
    return result == VK_SUCCESS ? Array(data.prefix(count)) : nil
  }

  /// Whether a wait timed out, so that nothing may be destroyed or asked any more.
  public var isAbandoned: Bool { abandoned.load(ordering: .acquiring) }

  /// Gives the device up after a timeout.
  func abandon() { abandoned.store(true, ordering: .releasing) }

  /// Throws `.timedOut` on a device that was given up.
  func requireUsable(_ call: String, making: @autoclosure () -> String) throws(VulkanError) {
    guard isAbandoned else { return }
    throw VulkanError(
      .timedOut, call: call, making: making(), detail: "earlier work on this device never finished")
  }

  /// Throws for an error code and for whatever validation said; other outcomes are returned.
  @discardableResult
  func check(
    _ result: VkResult, _ call: String, making: @autoclosure () -> String
  ) throws(VulkanError) -> VkResult {
    try instance.check(result, call, making: making())
  }
}
