public import DeviceProtocol

/// One opened device with one compute queue, shared by everything made on it.
///
/// After a timeout, a crash of its driver or a lost connection it refuses everything with `.timedOut`.
/// ``reopened()`` gives another to go on with.
public final class Device {
  /// The device as the driver describes it.
  public let physicalDevice: PhysicalDevice
  /// The drivers that it belongs to.
  public let instance: Instance
  /// Bytes of stored pipelines that the driver was given; 0 when there were none, or none that fit this device
  /// and driver.
  public let loadedPipelineCacheBytes: Int

  private let cacheFile: PipelineCacheFile?
  private let pipelineCacheDirectory: String?
  let generation: Int
  /// The process that the device is in; each device has one of its own.
  public let worker: Worker

  /// Opens `physicalDevice`, which `instance` must have listed, with all of its `features`.
  ///
  /// Compiled pipelines are read from `pipelineCacheDirectory` of this machine, when given; see
  /// `savePipelineCache()`. Throws the result of the call that failed, or `.argument` for a device that has
  /// no compute queue or is not there any more.
  public convenience init(
    instance: Instance, physicalDevice: PhysicalDevice, pipelineCacheDirectory: String? = nil
  ) throws(VulkanError) {
    try self.init(
      on: try instance.claim(), of: instance, physicalDevice: physicalDevice,
      pipelineCacheDirectory: pipelineCacheDirectory)
  }

  private init(
    on worker: Worker, of instance: Instance, physicalDevice: PhysicalDevice,
    pipelineCacheDirectory: String?
  ) throws(VulkanError) {
    self.worker = worker
    generation = worker.generation
    self.instance = instance
    self.physicalDevice = physicalDevice
    self.pipelineCacheDirectory = pipelineCacheDirectory
    cacheFile = pipelineCacheDirectory.map {
      PipelineCacheFile(directory: $0, device: physicalDevice)
    }
    var request = OpenRequest(
      validation: instance.validation, index: UInt32(clamping: physicalDevice.index))
    let stored = cacheFile?.load() ?? []
    loadedPipelineCacheBytes = stored.count
    if !stored.isEmpty, stored.count <= ContentPiece.mostBytes {
      let digest = Digest(of: stored)
      try worker.put(stored, digest, generation: generation)
      request.pipelineCache = digest
    }
    _ = try worker.request(
      .open, request.bytes, generation: generation, call: "vkCreateDevice",
      making: "a device of \(physicalDevice.name)")
  }

  /// The same device, opened anew; everything made on this one is void. A connection that is lost is made anew
  /// too.
  public func reopened() throws(VulkanError) -> Device {
    try worker.restart()
    let again = try worker.physicalDevices(validation: instance.validation).first {
      $0.deviceUUID == physicalDevice.deviceUUID && $0.name == physicalDevice.name
    }
    return try Device(
      on: worker, of: instance, physicalDevice: again ?? physicalDevice,
      pipelineCacheDirectory: pipelineCacheDirectory)
  }

  /// Whether nothing can be asked of it any more.
  public var isAbandoned: Bool { !worker.isAlive(generation) }

  /// Keeps the pipelines compiled so far in the cache directory, replacing the file as a whole.
  ///
  /// Returns whether it was written; false also without a directory. Nothing of a measurement
  /// depends on it.
  @discardableResult
  public func savePipelineCache() -> Bool {
    guard let cacheFile, !isAbandoned else { return false }
    var data: [UInt8] = []
    while true {
      let piece = BufferPiece(buffer: 0, offset: data.count, count: FrameHeader.pieceBytes)
      guard
        let reply = try? worker.request(
          .cache, piece.bytes, generation: generation, call: "vkGetPipelineCacheData",
          making: "the pipelines"),
        let whole = Self.whole(reply), reply.count > 8 || whole == data.count
      else { return false }
      data.append(contentsOf: reply.dropFirst(8))
      if data.count >= whole { break }
    }
    return !data.isEmpty && cacheFile.save(data)
  }

  private static func whole(_ reply: [UInt8]) -> Int? {
    var reader = ByteReader(reply)
    return try? reader.size()
  }
}

extension Worker {
  /// Brings contents to the device, piece by piece.
  func put(
    _ contents: [UInt8], _ digest: Digest, generation: Int
  ) throws(VulkanError) {
    var offset = 0
    repeat {
      let end = min(contents.count, offset + FrameHeader.pieceBytes)
      let piece = ContentPiece(digest: digest, byteCount: contents.count, offset: offset)
      _ = try request(
        .put, piece.bytes + contents[offset..<end], generation: generation, call: "vkMapMemory",
        making: "contents of \(contents.count) bytes")
      offset = end
    } while offset < contents.count
  }
}
