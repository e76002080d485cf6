/// What a device allows a kernel: the limits and features that schedules must obey, by their names in
/// the Vulkan specification.
///
/// What is left out when one is made is what most devices allow; features left out are off.
public struct DeviceLimits: Hashable, Sendable {
  /// Texels of one texel buffer.
  public var maxTexelBufferElements: Int
  /// Texels along each side of an image over a buffer; 0 where there are none.
  public var maxLinearImageDimension: Int
  /// Bytes that one uniform buffer sees.
  public var maxUniformBufferRange: Int
  /// Bytes that one storage buffer sees.
  public var maxStorageBufferRange: Int
  /// Storage buffers that one shader sees.
  public var maxPerStageDescriptorStorageBuffers: Int
  /// Uniform buffers that one shader sees.
  public var maxPerStageDescriptorUniformBuffers: Int
  /// Bytes of shared memory of one work-group.
  public var maxComputeSharedMemorySize: Int
  /// Invocations of one work-group.
  public var maxComputeWorkGroupInvocations: Int
  /// Invocations of one work-group along x, y and z: three numbers.
  public var maxComputeWorkGroupSize: [Int]
  /// Invocations of one subgroup, by default.
  public var subgroupSize: Int
  /// Invocations of a subgroup that pass values around: all of them, or fewer within the limits of devices
  /// with smaller subgroups.
  public var maxSubgroupLanes: Int
  /// Whether invocations of a subgroup can read one another's values (`subgroupShuffle`).
  public var subgroupShuffle: Bool
  /// Arrays of uniform buffers, indexed by what the shader computes.
  public var shaderUniformBufferArrayDynamicIndexing: Bool
  /// Registers of 32 bits that an invocation may need by a rough count; `.max` where they do not count.
  public var registers: Int
  /// 16-bit floats in arithmetic.
  public var shaderFloat16: Bool
  /// 16-bit values in storage buffers.
  public var storageBuffer16BitAccess: Bool
  /// 16-bit values in uniform buffers too.
  public var uniformAndStorageBuffer16BitAccess: Bool

  public init(
    maxTexelBufferElements: Int, maxLinearImageDimension: Int = 0, maxUniformBufferRange: Int,
    maxStorageBufferRange: Int = 1 << 27, maxPerStageDescriptorStorageBuffers: Int = 16,
    maxPerStageDescriptorUniformBuffers: Int = 12,
    maxComputeSharedMemorySize: Int = 1 << 15, maxComputeWorkGroupInvocations: Int = 1024,
    maxComputeWorkGroupSize: [Int] = [1024, 1024, 64], subgroupSize: Int = 32,
    maxSubgroupLanes: Int? = nil, subgroupShuffle: Bool = false, registers: Int = .max,
    shaderUniformBufferArrayDynamicIndexing: Bool = false, shaderFloat16: Bool = false,
    storageBuffer16BitAccess: Bool = false,
    uniformAndStorageBuffer16BitAccess: Bool = false
  ) {
    self.maxTexelBufferElements = maxTexelBufferElements
    self.maxLinearImageDimension = maxLinearImageDimension
    self.maxPerStageDescriptorUniformBuffers = maxPerStageDescriptorUniformBuffers
    self.shaderUniformBufferArrayDynamicIndexing = shaderUniformBufferArrayDynamicIndexing
    self.maxUniformBufferRange = maxUniformBufferRange
    self.maxStorageBufferRange = maxStorageBufferRange
    self.maxPerStageDescriptorStorageBuffers = maxPerStageDescriptorStorageBuffers
    self.maxComputeSharedMemorySize = maxComputeSharedMemorySize
    self.maxComputeWorkGroupInvocations = maxComputeWorkGroupInvocations
    self.maxComputeWorkGroupSize = maxComputeWorkGroupSize
    self.subgroupSize = subgroupSize
    self.maxSubgroupLanes = maxSubgroupLanes ?? subgroupSize
    self.subgroupShuffle = subgroupShuffle
    self.registers = registers
    self.shaderFloat16 = shaderFloat16
    self.storageBuffer16BitAccess = storageBuffer16BitAccess
    self.uniformAndStorageBuffer16BitAccess = uniformAndStorageBuffer16BitAccess
  }

  /// Registers of 32 bits that an invocation may need on devices of a vendor, by its number in Vulkan.
  ///
  /// Arm's Mali have 64. Broadcom's VideoCore VI and VII have 32 for each of two threads; their compiler loads
  /// late, and so makes do where a rough count says 40. Source: Mesa 25.0, `panfrost/compiler` and
  /// `broadcom/compiler`, tried with the schedules of the catalogue. NVIDIA's and AMD's have 255 and 256, and
  /// others no more than some hundreds.
  public static func registers(vendorID: UInt32) -> Int {
    switch vendorID {
    case 0x13B5: 64
    case 0x14E4: 40
    default: 256
    }
  }

  /// Whether kernels are made to need few registers, and no arrays: where registers are few, compilers keep
  /// arrays in memory.
  public var hasFewRegisters: Bool { registers < 128 }

  /// Bytes of one slice of an operand that no single uniform buffer holds: 64 KiB where the device allows
  /// them, as most do. Where arrays of uniform buffers are missing, nothing is sliced.
  public var uniformSliceBytes: Int {
    shaderUniformBufferArrayDynamicIndexing ? min(maxUniformBufferRange, 1 << 16) : .max
  }

  /// Whether a work-group of this shape may be dispatched; sides are at least 1.
  public func allows(groupWidth width: Int, height: Int, depth: Int = 1) -> Bool {
    let most = maxComputeWorkGroupInvocations
    return zip([width, height, depth], maxComputeWorkGroupSize).allSatisfy { 1...max($1, 1) ~= $0 }
      && width <= most && height <= most / width && depth <= most / (width * height)
  }
}
