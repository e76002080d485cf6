import CVulkan
public import DeviceProtocol

extension Instance {
  /// All devices with Vulkan 1.1 or later, in the order of the drivers.
  ///
  /// Throws `.noDriver` when there is none.
  public func physicalDevices() throws(VulkanError) -> [PhysicalDevice] {
    var devices: [PhysicalDevice] = []
    for (index, handle) in try physicalDeviceHandles().enumerated() {
      var properties = VkPhysicalDeviceProperties()
      functions.getPhysicalDeviceProperties(handle, &properties)
      guard properties.apiVersion >= packedVersion(1, 1) else { continue }
      devices.append(
        DeviceQuery(
          functions: functions, handle: handle, version: min(version, properties.apiVersion)
        ).physicalDevice(index: index))
    }
    try check(VK_SUCCESS, "vkGetPhysicalDeviceProperties2", making: "the list of devices")
    guard !devices.isEmpty else {
      throw VulkanError(
        .noDriver, call: "vkEnumeratePhysicalDevices", making: "the list of devices",
        detail: "no device with Vulkan 1.1 or later")
    }
    return devices
  }
}

/// The questions asked of one device. `version` is what both the instance and the device have.
private struct DeviceQuery {
  let functions: InstanceFunctions
  let handle: VkPhysicalDevice
  let version: UInt32

  func physicalDevice(index: Int) -> PhysicalDevice {
    let list: [VkExtensionProperties] = properties { count, list in
      functions.enumerateDeviceExtensionProperties(handle, nil, count, list)
    }
    let extensions = Set(list.map { text($0.extensionName) })
    let asked = askedProperties(extensions)
    let core = asked.core
    let family = queueFamily()
    let heaps = memoryHeaps()
    let type = kind(core.deviceType)
    let (features, enabled) = features(extensions)
    return PhysicalDevice(
      index: index,
      name: text(core.deviceName),
      type: type,
      vendorID: core.vendorID,
      deviceID: core.deviceID,
      apiVersion: versionText(core.apiVersion),
      driver: PhysicalDevice.Driver(
        id: Int(asked.driver.driverID.rawValue),
        name: text(asked.driver.driverName),
        info: text(asked.driver.driverInfo) + SoftwareThreads.phrase(for: asked.driver.driverID),
        rawVersion: core.driverVersion,
        version: driverVersion(core.driverVersion, vendorID: core.vendorID)),
      deviceUUID: hexadecimal(asked.identity.deviceUUID),
      pipelineCacheUUID: hexadecimal(core.pipelineCacheUUID),
      memoryHeaps: heaps,
      unifiedMemory: type == .cpu || type == .integratedGPU || heaps.allSatisfy { $0.deviceLocal },
      subgroupSize: Int(asked.subgroup.subgroupSize),
      subgroupOperations: subgroupOperations(asked.subgroup),
      timestampPeriod: Double(core.limits.timestampPeriod),
      timestampValidBits: family?.validBits ?? 0,
      queueFamily: family?.index,
      limits: limits(core.limits, asked.maintenance),
      features: features,
      enabledExtensions: enabled)
  }

  private struct Asked {
    var core: VkPhysicalDeviceProperties
    var driver: VkPhysicalDeviceDriverProperties
    var identity: VkPhysicalDeviceIDProperties
    var subgroup: VkPhysicalDeviceSubgroupProperties
    var maintenance: VkPhysicalDeviceMaintenance3Properties
  }

  private func askedProperties(_ extensions: Set<String>) -> Asked {
    withCallMemory { memory in
      let driver = memory.one(VkPhysicalDeviceDriverProperties())
      driver.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES
      let hasDriver =
        version >= packedVersion(1, 2)
        || extensions.contains(VK_KHR_DRIVER_PROPERTIES_EXTENSION_NAME)
      let identity = memory.one(VkPhysicalDeviceIDProperties())
      identity.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES
      identity.pointee.pNext = hasDriver ? UnsafeMutableRawPointer(driver) : nil
      let subgroup = memory.one(VkPhysicalDeviceSubgroupProperties())
      subgroup.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES
      subgroup.pointee.pNext = UnsafeMutableRawPointer(identity)
      let maintenance = memory.one(VkPhysicalDeviceMaintenance3Properties())
      maintenance.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES
      maintenance.pointee.pNext = UnsafeMutableRawPointer(subgroup)
      var all = VkPhysicalDeviceProperties2()
      all.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2
      all.pNext = UnsafeMutableRawPointer(maintenance)
      functions.getPhysicalDeviceProperties2(handle, &all)
      return Asked(
        core: all.properties, driver: driver.pointee, identity: identity.pointee,
        subgroup: subgroup.pointee, maintenance: maintenance.pointee)
    }
  }

  private func features(_ extensions: Set<String>) -> (PhysicalDevice.Features, [String]) {
    var enabled: [String] = []
    /// Whether something is in the core of `core` or later, or in an extension, then enabled.
    func has(_ name: String, core: UInt32? = nil) -> Bool {
      if let core, version >= core { return true }
      guard extensions.contains(name) else { return false }
      enabled.append(name)
      return true
    }
    let sets = FeatureStructs.Presence(
      storage8Bit: has(VK_KHR_8BIT_STORAGE_EXTENSION_NAME, core: packedVersion(1, 2)),
      float16Int8: has(VK_KHR_SHADER_FLOAT16_INT8_EXTENSION_NAME, core: packedVersion(1, 2)),
      subgroupSizeControl: has(
        VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME, core: packedVersion(1, 3)),
      pipelineExecutables: has(VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME))
    let calibrated = has(VK_EXT_CALIBRATED_TIMESTAMPS_EXTENSION_NAME)
    // A device that only comes close to Vulkan requires that its user says so. The name is not in
    // the headers without beta extensions.
    _ = has("VK_KHR_portability_subset")
    let found = withCallMemory { memory in
      let structs = FeatureStructs(memory, sets)
      functions.getPhysicalDeviceFeatures2(handle, structs.head)
      return structs.features(calibratedTimestamps: calibrated)
    }
    return (found, enabled)
  }

  private func queueFamily() -> (index: Int, validBits: Int)? {
    var count: UInt32 = 0
    functions.getPhysicalDeviceQueueFamilyProperties(handle, &count, nil)
    var families = [VkQueueFamilyProperties](repeating: .init(), count: Int(count))
    functions.getPhysicalDeviceQueueFamilyProperties(handle, &count, &families)
    func rank(_ family: VkQueueFamilyProperties) -> Int {
      let graphics = family.queueFlags & VK_QUEUE_GRAPHICS_BIT.rawValue != 0
      return (family.timestampValidBits > 0 ? 2 : 0) + (graphics ? 0 : 1)
    }
    var best: Int?
    for (index, family) in families.enumerated()
    where family.queueFlags & VK_QUEUE_COMPUTE_BIT.rawValue != 0 && family.queueCount > 0 {
      if let chosen = best, rank(families[chosen]) >= rank(family) { continue }
      best = index
    }
    return best.map { ($0, Int(families[$0].timestampValidBits)) }
  }

  private func memoryHeaps() -> [PhysicalDevice.MemoryHeap] {
    var memory = VkPhysicalDeviceMemoryProperties()
    functions.getPhysicalDeviceMemoryProperties(handle, &memory)
    return elements(memory.memoryHeaps, as: VkMemoryHeap.self).prefix(Int(memory.memoryHeapCount))
      .map {
        PhysicalDevice.MemoryHeap(
          bytes: $0.size, deviceLocal: $0.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT.rawValue != 0)
      }
  }

  private func kind(_ type: VkPhysicalDeviceType) -> PhysicalDevice.Kind {
    switch type {
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: .integratedGPU
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: .discreteGPU
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: .virtualGPU
    case VK_PHYSICAL_DEVICE_TYPE_CPU: .cpu
    default: .other
    }
  }

  private func driverVersion(_ version: UInt32, vendorID: UInt32) -> String {
    guard vendorID == 0x10DE else { return versionText(version) }
    // NVIDIA packs 10, 8, 8 and 6 bits.
    return "\(version >> 22).\(version >> 14 & 0xFF).\(version >> 6 & 0xFF).\(version & 0x3F)"
  }

  private func subgroupOperations(_ subgroup: VkPhysicalDeviceSubgroupProperties) -> [String] {
    guard subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT.rawValue != 0 else { return [] }
    let names = [
      "basic", "vote", "arithmetic", "ballot", "shuffle", "shuffleRelative", "clustered", "quad",
    ]
    return names.enumerated().filter { subgroup.supportedOperations >> UInt32($0.offset) & 1 == 1 }
      .map { $0.element }
  }

  private func limits(
    _ core: VkPhysicalDeviceLimits, _ maintenance: VkPhysicalDeviceMaintenance3Properties
  ) -> PhysicalDevice.Limits {
    PhysicalDevice.Limits(
      maxComputeWorkGroupInvocations: Int(core.maxComputeWorkGroupInvocations),
      maxComputeWorkGroupSize: elements(core.maxComputeWorkGroupSize, as: UInt32.self)
        .map(Int.init),
      maxComputeWorkGroupCount: elements(core.maxComputeWorkGroupCount, as: UInt32.self)
        .map(Int.init),
      maxComputeSharedMemorySize: Int(core.maxComputeSharedMemorySize),
      maxTexelBufferElements: Int(core.maxTexelBufferElements),
      maxLinearImageDimension: maxLinearImageDimension(),
      maxUniformBufferRange: Int(core.maxUniformBufferRange),
      maxStorageBufferRange: Int(core.maxStorageBufferRange),
      maxMemoryAllocationSize: maintenance.maxMemoryAllocationSize,
      maxPerStageDescriptorStorageBuffers: Int(core.maxPerStageDescriptorStorageBuffers),
      maxPerStageDescriptorUniformBuffers: Int(core.maxPerStageDescriptorUniformBuffers),
      minUniformBufferOffsetAlignment: Int(core.minUniformBufferOffsetAlignment),
      minStorageBufferOffsetAlignment: Int(core.minStorageBufferOffsetAlignment),
      minTexelBufferOffsetAlignment: Int(core.minTexelBufferOffsetAlignment),
      nonCoherentAtomSize: Int(core.nonCoherentAtomSize))
  }

  private func maxLinearImageDimension() -> Int {
    [VK_FORMAT_R32G32B32A32_SFLOAT, VK_FORMAT_R16G16B16A16_SFLOAT].map { format in
      var found = VkImageFormatProperties()
      let result = functions.getPhysicalDeviceImageFormatProperties(
        handle, format, VK_IMAGE_TYPE_2D, VK_IMAGE_TILING_LINEAR,
        VK_IMAGE_USAGE_SAMPLED_BIT.rawValue, 0, &found)
      return result == VK_SUCCESS ? Int(min(found.maxExtent.width, found.maxExtent.height)) : 0
    }.min() ?? 0
  }
}

/// The elements of a fixed-size C array, which Swift sees as a tuple.
func elements<Tuple: BitwiseCopyable, Element: BitwiseCopyable>(
  _ tuple: Tuple, as type: Element.Type
) -> [Element] {
  withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: type)) }
}
