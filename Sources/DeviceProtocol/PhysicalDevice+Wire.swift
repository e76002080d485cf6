extension PhysicalDevice: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(
      index: try reader.size(), name: try reader.text(), type: try Kind(from: &reader),
      vendorID: try reader.integer(), deviceID: try reader.integer(),
      apiVersion: try reader.text(), driver: try Driver(from: &reader),
      deviceUUID: try reader.text(), pipelineCacheUUID: try reader.text(),
      memoryHeaps: try reader.list(smallest: 9), unifiedMemory: try reader.bool(),
      subgroupSize: try reader.size(), subgroupOperations: try reader.texts(),
      timestampPeriod: try reader.number(), timestampValidBits: try reader.size(),
      queueFamily: try reader.optional { (reader) throws(MalformedFrame) in
        try reader.size()
      },
      limits: try Limits(from: &reader), features: try Features(from: &reader),
      enabledExtensions: try reader.texts())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(size: index)
    writer.write(name)
    writer.write(type)
    writer.write(vendorID)
    writer.write(deviceID)
    writer.write(apiVersion)
    writer.write(driver)
    writer.write(deviceUUID)
    writer.write(pipelineCacheUUID)
    writer.write(list: memoryHeaps)
    writer.write(unifiedMemory)
    writer.write(size: subgroupSize)
    writer.write(list: subgroupOperations) { $0.write($1) }
    writer.write(timestampPeriod)
    writer.write(size: timestampValidBits)
    writer.write(optional: queueFamily) { $0.write(size: $1) }
    writer.write(limits)
    writer.write(features)
    writer.write(list: enabledExtensions) { $0.write($1) }
  }
}

extension PhysicalDevice.Kind: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    let index = Int(try reader.integer(UInt8.self))
    guard Self.allCases.indices.contains(index) else { throw .outOfRange }
    self = Self.allCases[index]
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(UInt8(Self.allCases.firstIndex(of: self) ?? 0))
  }
}

extension PhysicalDevice.Driver: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(
      id: try reader.size(), name: try reader.text(), info: try reader.text(),
      rawVersion: try reader.integer(), version: try reader.text())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(size: id)
    writer.write(name)
    writer.write(info)
    writer.write(rawVersion)
    writer.write(version)
  }
}

extension PhysicalDevice.MemoryHeap: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(bytes: try reader.integer(), deviceLocal: try reader.bool())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(bytes)
    writer.write(deviceLocal)
  }
}

extension PhysicalDevice.Limits: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(
      maxComputeWorkGroupInvocations: try reader.size(),
      maxComputeWorkGroupSize: try reader.sizes(), maxComputeWorkGroupCount: try reader.sizes(),
      maxComputeSharedMemorySize: try reader.size(), maxTexelBufferElements: try reader.size(),
      maxLinearImageDimension: try reader.size(), maxUniformBufferRange: try reader.size(),
      maxStorageBufferRange: try reader.size(), maxMemoryAllocationSize: try reader.integer(),
      maxPerStageDescriptorStorageBuffers: try reader.size(),
      maxPerStageDescriptorUniformBuffers: try reader.size(),
      minUniformBufferOffsetAlignment: try reader.size(),
      minStorageBufferOffsetAlignment: try reader.size(),
      minTexelBufferOffsetAlignment: try reader.size(), nonCoherentAtomSize: try reader.size())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(size: maxComputeWorkGroupInvocations)
    writer.write(list: maxComputeWorkGroupSize) { $0.write(size: $1) }
    writer.write(list: maxComputeWorkGroupCount) { $0.write(size: $1) }
    writer.write(size: maxComputeSharedMemorySize)
    writer.write(size: maxTexelBufferElements)
    writer.write(size: maxLinearImageDimension)
    writer.write(size: maxUniformBufferRange)
    writer.write(size: maxStorageBufferRange)
    writer.write(maxMemoryAllocationSize)
    writer.write(size: maxPerStageDescriptorStorageBuffers)
    writer.write(size: maxPerStageDescriptorUniformBuffers)
    writer.write(size: minUniformBufferOffsetAlignment)
    writer.write(size: minStorageBufferOffsetAlignment)
    writer.write(size: minTexelBufferOffsetAlignment)
    writer.write(size: nonCoherentAtomSize)
  }
}

extension PhysicalDevice.Features: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(
      shaderFloat16: try reader.bool(), shaderInt8: try reader.bool(),
      shaderInt16: try reader.bool(),
      shaderUniformBufferArrayDynamicIndexing: try reader.bool(),
      storageBuffer16BitAccess: try reader.bool(),
      uniformAndStorageBuffer16BitAccess: try reader.bool(),
      storageBuffer8BitAccess: try reader.bool(), pipelineExecutableInfo: try reader.bool(),
      subgroupSizeControl: try reader.bool(), calibratedTimestamps: try reader.bool())
  }

  public func write(to writer: inout ByteWriter) {
    for feature in [
      shaderFloat16, shaderInt8, shaderInt16, shaderUniformBufferArrayDynamicIndexing,
      storageBuffer16BitAccess, uniformAndStorageBuffer16BitAccess, storageBuffer8BitAccess,
      pipelineExecutableInfo, subgroupSizeControl, calibratedTimestamps,
    ] { writer.write(feature) }
  }
}

extension ByteReader {
  fileprivate mutating func sizes() throws(MalformedFrame) -> [Int] {
    try list(smallest: 8) { (reader) throws(MalformedFrame) in try reader.size() }
  }

  fileprivate mutating func texts() throws(MalformedFrame) -> [String] {
    try list(smallest: 4) { (reader) throws(MalformedFrame) in try reader.text() }
  }
}

extension ByteWriter {
  /// Appends an index or a size.
  fileprivate mutating func write(size: Int) { write(UInt64(clamping: size)) }
}
