import CVulkan
import DeviceProtocol

/// The chain of feature structs, written by the driver when asking and read by it when enabling.
struct FeatureStructs {
  /// Which structs beyond Vulkan 1.1 the device knows; others may not be in its chain.
  struct Presence {
    let storage8Bit: Bool
    let float16Int8: Bool
    let subgroupSizeControl: Bool
    let pipelineExecutables: Bool
  }

  let head: UnsafeMutablePointer<VkPhysicalDeviceFeatures2>
  private let storage16Bit: UnsafeMutablePointer<VkPhysicalDevice16BitStorageFeatures>
  private let storage8Bit: UnsafeMutablePointer<VkPhysicalDevice8BitStorageFeatures>
  private let float16Int8: UnsafeMutablePointer<VkPhysicalDeviceShaderFloat16Int8Features>
  private let subgroupSize: UnsafeMutablePointer<VkPhysicalDeviceSubgroupSizeControlFeatures>
  private let executables:
    UnsafeMutablePointer<VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR>

  /// A chain with every feature off, in the memory of one call.
  init(_ memory: CallMemory, _ presence: Presence) {
    head = memory.one(VkPhysicalDeviceFeatures2())
    head.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2
    storage16Bit = memory.one(VkPhysicalDevice16BitStorageFeatures())
    storage16Bit.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_16BIT_STORAGE_FEATURES
    head.pointee.pNext = UnsafeMutableRawPointer(storage16Bit)
    var next: UnsafeMutableRawPointer?
    storage8Bit = memory.one(VkPhysicalDevice8BitStorageFeatures())
    storage8Bit.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_8BIT_STORAGE_FEATURES
    if presence.storage8Bit { next = UnsafeMutableRawPointer(storage8Bit) }
    float16Int8 = memory.one(VkPhysicalDeviceShaderFloat16Int8Features())
    float16Int8.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_FLOAT16_INT8_FEATURES
    if presence.float16Int8 {
      float16Int8.pointee.pNext = next
      next = UnsafeMutableRawPointer(float16Int8)
    }
    subgroupSize = memory.one(VkPhysicalDeviceSubgroupSizeControlFeatures())
    subgroupSize.pointee.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES
    if presence.subgroupSizeControl {
      subgroupSize.pointee.pNext = next
      next = UnsafeMutableRawPointer(subgroupSize)
    }
    executables = memory.one(VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR())
    executables.pointee.sType =
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR
    if presence.pipelineExecutables {
      executables.pointee.pNext = next
      next = UnsafeMutableRawPointer(executables)
    }
    storage16Bit.pointee.pNext = next
  }

  /// A chain with `features` on, to enable them.
  init(_ memory: CallMemory, enabling features: PhysicalDevice.Features) {
    self.init(
      memory,
      Presence(
        storage8Bit: features.storageBuffer8BitAccess,
        float16Int8: features.shaderFloat16 || features.shaderInt8,
        subgroupSizeControl: features.subgroupSizeControl,
        pipelineExecutables: features.pipelineExecutableInfo))
    head.pointee.features.shaderInt16 = flag(features.shaderInt16)
    head.pointee.features.shaderUniformBufferArrayDynamicIndexing =
      flag(features.shaderUniformBufferArrayDynamicIndexing)
    storage16Bit.pointee.storageBuffer16BitAccess = flag(features.storageBuffer16BitAccess)
    storage16Bit.pointee.uniformAndStorageBuffer16BitAccess =
      flag(features.uniformAndStorageBuffer16BitAccess)
    storage8Bit.pointee.storageBuffer8BitAccess = flag(features.storageBuffer8BitAccess)
    float16Int8.pointee.shaderFloat16 = flag(features.shaderFloat16)
    float16Int8.pointee.shaderInt8 = flag(features.shaderInt8)
    subgroupSize.pointee.subgroupSizeControl = flag(features.subgroupSizeControl)
    executables.pointee.pipelineExecutableInfo = flag(features.pipelineExecutableInfo)
  }

  /// The chain as plain values.
  func features(calibratedTimestamps: Bool) -> PhysicalDevice.Features {
    PhysicalDevice.Features(
      shaderFloat16: float16Int8.pointee.shaderFloat16 != 0,
      shaderInt8: float16Int8.pointee.shaderInt8 != 0,
      shaderInt16: head.pointee.features.shaderInt16 != 0,
      shaderUniformBufferArrayDynamicIndexing:
        head.pointee.features.shaderUniformBufferArrayDynamicIndexing != 0,
      storageBuffer16BitAccess: storage16Bit.pointee.storageBuffer16BitAccess != 0,
      uniformAndStorageBuffer16BitAccess:
        storage16Bit.pointee.uniformAndStorageBuffer16BitAccess != 0,
      storageBuffer8BitAccess: storage8Bit.pointee.storageBuffer8BitAccess != 0,
      pipelineExecutableInfo: executables.pointee.pipelineExecutableInfo != 0,
      subgroupSizeControl: subgroupSize.pointee.subgroupSizeControl != 0,
      calibratedTimestamps: calibratedTimestamps)
  }
}

/// A truth value as Vulkan takes it.
private func flag(_ value: Bool) -> VkBool32 { value ? 1 : 0 }
