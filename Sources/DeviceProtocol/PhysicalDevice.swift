/// A device and its abilities, looked up once: plain values, no handle.
///
/// Names and units of limits and features are those of the Vulkan specification.
public struct PhysicalDevice: Sendable, Equatable {
  /// The kind of device that it says it is (`VkPhysicalDeviceType`).
  public enum Kind: String, Sendable, CaseIterable {
    case other, integratedGPU, discreteGPU, virtualGPU, cpu
  }

  /// The driver, from `VkPhysicalDeviceDriverProperties` where the device has it.
  public struct Driver: Sendable, Equatable {
    /// `VkDriverId`; 0 when unknown.
    public let id: Int
    /// Such as "llvmpipe"; empty when unknown.
    public let name: String
    /// Such as "Mesa 22.3.6 (LLVM 15.0.6)", with its threads where it can be told how many to use; empty
    /// when unknown.
    public let info: String
    /// `driverVersion` as the driver packs it.
    public let rawVersion: UInt32
    /// `driverVersion` as text, unpacked as Vulkan does, or as NVIDIA does for its devices.
    public let version: String

    /// A driver with its parts.
    public init(
      id: Int, name: String, info: String, rawVersion: UInt32, version: String
    ) {
      self.id = id
      self.name = name
      self.info = info
      self.rawVersion = rawVersion
      self.version = version
    }
  }

  /// One heap of memory.
  public struct MemoryHeap: Sendable, Equatable {
    /// Size in bytes.
    public let bytes: UInt64
    /// Whether it is the device's own memory.
    public let deviceLocal: Bool

    /// A heap with its parts.
    public init(
      bytes: UInt64, deviceLocal: Bool
    ) {
      self.bytes = bytes
      self.deviceLocal = deviceLocal
    }
  }

  /// Limits that bound kernels and buffers (`VkPhysicalDeviceLimits`,
  /// `VkPhysicalDeviceMaintenance3Properties`). Sizes are in bytes unless said otherwise.
  public struct Limits: Sendable, Equatable {
    /// Invocations of one workgroup.
    public let maxComputeWorkGroupInvocations: Int
    /// Size of one workgroup in each of x, y, z.
    public let maxComputeWorkGroupSize: [Int]
    /// Workgroups of one dispatch in each of x, y, z.
    public let maxComputeWorkGroupCount: [Int]
    /// Shared memory of one workgroup.
    public let maxComputeSharedMemorySize: Int
    /// Texels of one texel buffer.
    public let maxTexelBufferElements: Int
    /// Texels along each side of an image that lies in rows in memory and is read by shaders, of four
    /// floats of 16 or 32 bits; 0 where there is none.
    public let maxLinearImageDimension: Int
    /// Bytes that one uniform buffer binding sees.
    public let maxUniformBufferRange: Int
    /// Bytes that one storage buffer binding sees.
    public let maxStorageBufferRange: Int
    /// Bytes of one allocation.
    public let maxMemoryAllocationSize: UInt64
    /// Storage buffers that one shader sees.
    public let maxPerStageDescriptorStorageBuffers: Int
    /// Uniform buffers that one shader sees.
    public let maxPerStageDescriptorUniformBuffers: Int
    /// Alignment of an offset into a uniform buffer.
    public let minUniformBufferOffsetAlignment: Int
    /// Alignment of an offset into a storage buffer.
    public let minStorageBufferOffsetAlignment: Int
    /// Alignment of an offset into a texel buffer.
    public let minTexelBufferOffsetAlignment: Int
    /// Granularity of flushing and invalidating mapped memory.
    public let nonCoherentAtomSize: Int

    /// Limits with their parts.
    public init(
      maxComputeWorkGroupInvocations: Int, maxComputeWorkGroupSize: [Int],
      maxComputeWorkGroupCount: [Int], maxComputeSharedMemorySize: Int, maxTexelBufferElements: Int,
      maxLinearImageDimension: Int, maxUniformBufferRange: Int, maxStorageBufferRange: Int,
      maxMemoryAllocationSize: UInt64, maxPerStageDescriptorStorageBuffers: Int,
      maxPerStageDescriptorUniformBuffers: Int, minUniformBufferOffsetAlignment: Int,
      minStorageBufferOffsetAlignment: Int, minTexelBufferOffsetAlignment: Int,
      nonCoherentAtomSize: Int
    ) {
      self.maxComputeWorkGroupInvocations = maxComputeWorkGroupInvocations
      self.maxComputeWorkGroupSize = maxComputeWorkGroupSize
      self.maxComputeWorkGroupCount = maxComputeWorkGroupCount
      self.maxComputeSharedMemorySize = maxComputeSharedMemorySize
      self.maxTexelBufferElements = maxTexelBufferElements
      self.maxLinearImageDimension = maxLinearImageDimension
      self.maxUniformBufferRange = maxUniformBufferRange
      self.maxStorageBufferRange = maxStorageBufferRange
      self.maxMemoryAllocationSize = maxMemoryAllocationSize
      self.maxPerStageDescriptorStorageBuffers = maxPerStageDescriptorStorageBuffers
      self.maxPerStageDescriptorUniformBuffers = maxPerStageDescriptorUniformBuffers
      self.minUniformBufferOffsetAlignment = minUniformBufferOffsetAlignment
      self.minStorageBufferOffsetAlignment = minStorageBufferOffsetAlignment
      self.minTexelBufferOffsetAlignment = minTexelBufferOffsetAlignment
      self.nonCoherentAtomSize = nonCoherentAtomSize
    }
  }

  /// Features that kernels and measuring can use. Those that are true are enabled by `Device`.
  public struct Features: Sendable, Equatable {
    /// 16-bit floats in arithmetic.
    public let shaderFloat16: Bool
    /// 8-bit integers in arithmetic.
    public let shaderInt8: Bool
    /// 16-bit integers in arithmetic.
    public let shaderInt16: Bool
    /// Arrays of uniform buffers indexed by what the shader computes.
    public let shaderUniformBufferArrayDynamicIndexing: Bool
    /// 16-bit values in storage buffers.
    public let storageBuffer16BitAccess: Bool
    /// 16-bit values in storage and uniform buffers.
    public let uniformAndStorageBuffer16BitAccess: Bool
    /// 8-bit values in storage buffers.
    public let storageBuffer8BitAccess: Bool
    /// VK_KHR_pipeline_executable_properties: what the compiler says of a pipeline.
    public let pipelineExecutableInfo: Bool
    /// A subgroup size can be asked for.
    public let subgroupSizeControl: Bool
    /// VK_EXT_calibrated_timestamps: device and host clocks read together.
    public let calibratedTimestamps: Bool

    /// Features with their parts.
    public init(
      shaderFloat16: Bool, shaderInt8: Bool, shaderInt16: Bool,
      shaderUniformBufferArrayDynamicIndexing: Bool, storageBuffer16BitAccess: Bool,
      uniformAndStorageBuffer16BitAccess: Bool, storageBuffer8BitAccess: Bool,
      pipelineExecutableInfo: Bool, subgroupSizeControl: Bool, calibratedTimestamps: Bool
    ) {
      self.shaderFloat16 = shaderFloat16
      self.shaderInt8 = shaderInt8
      self.shaderInt16 = shaderInt16
      self.shaderUniformBufferArrayDynamicIndexing = shaderUniformBufferArrayDynamicIndexing
      self.storageBuffer16BitAccess = storageBuffer16BitAccess
      self.uniformAndStorageBuffer16BitAccess = uniformAndStorageBuffer16BitAccess
      self.storageBuffer8BitAccess = storageBuffer8BitAccess
      self.pipelineExecutableInfo = pipelineExecutableInfo
      self.subgroupSizeControl = subgroupSizeControl
      self.calibratedTimestamps = calibratedTimestamps
    }
  }

  /// Position in the drivers' list, from 0.
  public let index: Int
  /// Such as "llvmpipe (LLVM 15.0.6, 256 bits)".
  public let name: String
  /// The kind of device that it says it is.
  public let type: Kind
  /// PCI vendor, or a Khronos vendor number.
  public let vendorID: UInt32
  /// The vendor's number of the device.
  public let deviceID: UInt32
  /// Vulkan version of the device, such as "1.3.239".
  public let apiVersion: String
  /// The driver.
  public let driver: Driver
  /// 32 hexadecimal digits, the same on every run; some drivers change them with their version.
  public let deviceUUID: String
  /// 32 hexadecimal digits that change when stored pipelines become useless.
  public let pipelineCacheUUID: String
  /// All heaps of memory.
  public let memoryHeaps: [MemoryHeap]
  /// Whether the host reaches the device's own memory as its own: a CPU, an integrated GPU, or one
  /// without any other memory.
  public let unifiedMemory: Bool
  /// Invocations of one subgroup, by default.
  public let subgroupSize: Int
  /// Subgroup operations in compute shaders, such as "basic", "arithmetic", "shuffle"; empty when
  /// compute shaders have none.
  public let subgroupOperations: [String]
  /// Nanoseconds of one tick of a timestamp.
  public let timestampPeriod: Double
  /// Bits of a timestamp that count, on the queue family used; 0 without timestamps.
  public let timestampValidBits: Int
  /// The queue family that `Device` uses; nil when none of the device's families computes.
  ///
  /// Families with timestamps come first, and among those the ones without graphics, as inference
  /// engines choose: such a queue is not interrupted by what the desktop draws.
  public let queueFamily: Int?
  /// Limits that bound kernels and buffers.
  public let limits: Limits
  /// Features that are there.
  public let features: Features

  /// Extensions that `Device` enables for these features.
  public let enabledExtensions: [String]

  /// A device with its parts.
  public init(
    index: Int, name: String, type: Kind, vendorID: UInt32, deviceID: UInt32, apiVersion: String,
    driver: Driver, deviceUUID: String, pipelineCacheUUID: String, memoryHeaps: [MemoryHeap],
    unifiedMemory: Bool, subgroupSize: Int, subgroupOperations: [String], timestampPeriod: Double,
    timestampValidBits: Int, queueFamily: Int?, limits: Limits, features: Features,
    enabledExtensions: [String]
  ) {
    self.index = index
    self.name = name
    self.type = type
    self.vendorID = vendorID
    self.deviceID = deviceID
    self.apiVersion = apiVersion
    self.driver = driver
    self.deviceUUID = deviceUUID
    self.pipelineCacheUUID = pipelineCacheUUID
    self.memoryHeaps = memoryHeaps
    self.unifiedMemory = unifiedMemory
    self.subgroupSize = subgroupSize
    self.subgroupOperations = subgroupOperations
    self.timestampPeriod = timestampPeriod
    self.timestampValidBits = timestampValidBits
    self.queueFamily = queueFamily
    self.limits = limits
    self.features = features
    self.enabledExtensions = enabledExtensions
  }
}
