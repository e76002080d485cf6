public import Kernels
internal import Tables

/// Limits of another class of devices, which kernels are chosen within on a device that allows more.
/// Where the device allows less, that stays.
public struct LimitsCap: Hashable, Sendable {
  /// What the class of devices is called.
  public var name: String
  /// Limits by their names in the Vulkan specification, and `registers` of an invocation.
  public var limits: [String: Int]
  /// Invocations of a work-group along x, y and z.
  public var groupSize: [Int]?
  /// Features by their names in the Vulkan specification; one that is false is not used.
  public var features: [String: Bool]

  public init(
    name: String, limits: [String: Int] = [:], groupSize: [Int]? = nil,
    features: [String: Bool] = [:]
  ) {
    self.name = name
    self.limits = limits
    self.groupSize = groupSize
    self.features = features
  }

  /// Names of the limits and features that schedules obey.
  ///
  /// The device's subgroups stay as large as they are, and work-groups are made of whole ones:
  /// `subgroupSize` bounds how many of a subgroup's invocations pass weights around.
  private static var limitPaths: [String: WritableKeyPath<DeviceLimits, Int>] {
    [
      "maxComputeSharedMemorySize": \.maxComputeSharedMemorySize,
      "maxComputeWorkGroupInvocations": \.maxComputeWorkGroupInvocations,
      "maxLinearImageDimension": \.maxLinearImageDimension,
      "maxPerStageDescriptorUniformBuffers": \.maxPerStageDescriptorUniformBuffers,
      "maxPerStageDescriptorStorageBuffers": \.maxPerStageDescriptorStorageBuffers,
      "maxStorageBufferRange": \.maxStorageBufferRange,
      "maxTexelBufferElements": \.maxTexelBufferElements,
      "maxUniformBufferRange": \.maxUniformBufferRange,
      "registers": \.registers,
      "subgroupSize": \.maxSubgroupLanes,
    ]
  }
  private static var featurePaths: [String: WritableKeyPath<DeviceLimits, Bool>] {
    [
      "shaderFloat16": \.shaderFloat16,
      "storageBuffer16BitAccess": \.storageBuffer16BitAccess,
      "subgroupShuffle": \.subgroupShuffle,
      "uniformAndStorageBuffer16BitAccess": \.uniformAndStorageBuffer16BitAccess,
    ]
  }

  /// The smaller of each limit, and the features that both have.
  public func applied(to own: DeviceLimits) -> DeviceLimits {
    var limits = own
    for (name, path) in Self.limitPaths {
      if let cap = self.limits[name] { limits[keyPath: path] = min(own[keyPath: path], cap) }
    }
    for (name, path) in Self.featurePaths where features[name] == false {
      limits[keyPath: path] = false
    }
    if let groupSize {
      limits.maxComputeWorkGroupSize = zip(own.maxComputeWorkGroupSize, groupSize).map {
        min($0, $1)
      }
    }
    return limits
  }

  /// The same in what a table says about the device.
  func apply(to device: inout DeviceDescription) {
    device.limitsProfile = name
    for (name, cap) in limits {
      device.limits[name] = min(device.limits[name] ?? .max, UInt64(clamping: cap))
    }
    for (axis, cap) in (groupSize ?? []).enumerated() {
      let name = "maxComputeWorkGroupSize[\(axis)]"
      device.limits[name] = min(device.limits[name] ?? .max, UInt64(clamping: cap))
    }
    for (name, allowed) in features where !allowed { device.features[name] = false }
  }
}
