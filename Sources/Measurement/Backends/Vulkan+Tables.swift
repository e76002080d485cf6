public import DeviceProtocol
internal import FoundationEssentials
public import Kernels
public import Tables
internal import Workloads

extension DeviceDescription {
  /// The description of a Vulkan device, used within the limits of `cap`.
  ///
  /// - Parameter host: The machine that it is on; `nil` for this one.
  public init(_ device: PhysicalDevice, host: HostFacts? = nil, cap: LimitsCap? = nil) {
    let limits = device.limits
    let features = device.features
    self.init(
      name: device.name, type: Kind(rawValue: device.type.rawValue) ?? .other,
      vendorID: device.vendorID, deviceID: device.deviceID, uuid: device.deviceUUID,
      apiVersion: device.apiVersion,
      driver: Driver(
        id: device.driver.id, name: device.driver.name, info: device.driver.info,
        version: device.driver.rawVersion),
      memoryBytes: device.memoryHeaps.filter(\.deviceLocal).map(\.bytes).max() ?? 0,
      subgroupSize: device.subgroupSize,
      timestamp: Timestamp(
        periodNanoseconds: device.timestampPeriod, validBits: device.timestampValidBits),
      limits: [
        "maxComputeSharedMemorySize": UInt64(limits.maxComputeSharedMemorySize),
        "maxComputeWorkGroupInvocations": UInt64(limits.maxComputeWorkGroupInvocations),
        "maxLinearImageDimension": UInt64(limits.maxLinearImageDimension),
        "maxMemoryAllocationSize": limits.maxMemoryAllocationSize,
        "maxPerStageDescriptorStorageBuffers": UInt64(limits.maxPerStageDescriptorStorageBuffers),
        "maxPerStageDescriptorUniformBuffers": UInt64(limits.maxPerStageDescriptorUniformBuffers),
        "maxStorageBufferRange": UInt64(limits.maxStorageBufferRange),
        "maxTexelBufferElements": UInt64(limits.maxTexelBufferElements),
        "maxUniformBufferRange": UInt64(limits.maxUniformBufferRange),
        "subgroupSize": UInt64(device.subgroupSize),
      ],
      features: [
        "calibratedTimestamps": features.calibratedTimestamps,
        "pipelineExecutableInfo": features.pipelineExecutableInfo,
        "shaderFloat16": features.shaderFloat16,
        "shaderInt16": features.shaderInt16,
        "shaderInt8": features.shaderInt8,
        "shaderUniformBufferArrayDynamicIndexing": features
          .shaderUniformBufferArrayDynamicIndexing,
        "storageBuffer16BitAccess": features.storageBuffer16BitAccess,
        "storageBuffer8BitAccess": features.storageBuffer8BitAccess,
        "subgroupShuffle": device.subgroupOperations.contains("shuffle"),
        "subgroupSizeControl": features.subgroupSizeControl,
        "uniformAndStorageBuffer16BitAccess": features.uniformAndStorageBuffer16BitAccess,
      ],
      host: host.map(Host.init) ?? .current)
    for (axis, size) in limits.maxComputeWorkGroupSize.enumerated() {
      self.limits["maxComputeWorkGroupSize[\(axis)]"] = UInt64(size)
    }
    cap?.apply(to: &self)
  }
}

extension DeviceDescription.Host {
  /// A machine that a worker runs on.
  init(_ facts: HostFacts) {
    func known(_ text: String) -> String { text.isEmpty ? "unknown" : text }
    var hash = FNV1a()
    hash.combine(facts.unit)
    self.init(
      operatingSystem: known(facts.operatingSystem), processor: known(facts.processor),
      cores: Int(facts.cores), model: facts.model.isEmpty ? nil : facts.model,
      unit: hash.digits)
  }

  /// The machine this process runs on.
  static var current: DeviceDescription.Host {
    let information = ProcessInfo.processInfo
    return DeviceDescription.Host(
      operatingSystem: operatingSystem ?? information.operatingSystemVersionString,
      processor: processor ?? "unknown", cores: information.activeProcessorCount)
  }

  /// `PRETTY_NAME` of os-release(5).
  private static var operatingSystem: String? {
    value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
  }

  private static var processor: String? {
    value(of: "model name", in: "/proc/cpuinfo", separator: ":")
  }

  /// What a file of lines with a key, a separator and a value has for a key.
  static func value(of key: String, in file: String, separator: Character) -> String? {
    // Sizes of /proc files are zero, so that only reading to the end tells what they hold.
    guard let handle = try? Data(contentsOf: URL(filePath: file)) else { return nil }
    for line in String(decoding: handle, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ $0 != "\t" }) == key else { continue }
      return String(parts[1].drop { $0 == " " }).filter { $0 != "\"" }
    }
    return nil
  }
}

extension DeviceLimits {
  /// What a Vulkan device allows a kernel.
  public init(_ device: PhysicalDevice) {
    let limits = device.limits
    let features = device.features
    self.init(
      maxTexelBufferElements: limits.maxTexelBufferElements,
      maxLinearImageDimension: limits.maxLinearImageDimension,
      maxUniformBufferRange: limits.maxUniformBufferRange,
      maxStorageBufferRange: limits.maxStorageBufferRange,
      maxPerStageDescriptorStorageBuffers: limits.maxPerStageDescriptorStorageBuffers,
      maxPerStageDescriptorUniformBuffers: limits.maxPerStageDescriptorUniformBuffers,
      maxComputeSharedMemorySize: limits.maxComputeSharedMemorySize,
      maxComputeWorkGroupInvocations: limits.maxComputeWorkGroupInvocations,
      maxComputeWorkGroupSize: limits.maxComputeWorkGroupSize,
      subgroupSize: device.subgroupSize,
      subgroupShuffle: device.subgroupOperations.contains("shuffle"),
      registers: device.type == .cpu ? .max : DeviceLimits.registers(vendorID: device.vendorID),
      shaderUniformBufferArrayDynamicIndexing: features.shaderUniformBufferArrayDynamicIndexing,
      shaderFloat16: features.shaderFloat16,
      storageBuffer16BitAccess: features.storageBuffer16BitAccess,
      uniformAndStorageBuffer16BitAccess: features.uniformAndStorageBuffer16BitAccess)
  }
}

extension Failure {
  /// The kind of failure an error of the Vulkan layer is.
  package init(_ error: VulkanError) {
    let kind: Kind =
      switch error.reason {
      case .limit: .overLimit
      case .timedOut: .timedOut
      case .result(.outOfDeviceMemory), .result(.outOfHostMemory), .result(.memoryMapFailed):
        .outOfMemory
      case .result(.deviceLost): .deviceLost
      case .crashed: .crashed
      case .linkLost: .linkLost
      case .result(.featureNotPresent), .result(.formatNotSupported): .unsupported
      default: .driver
      }
    self.init(kind, error.description)
  }
}
