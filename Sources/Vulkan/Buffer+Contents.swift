import CVulkan
public import DeviceProtocol

extension Buffer {
  /// Writes `bytes` from `offset` on, in bytes. Throws `.argument` beyond the end of the buffer.
  ///
  /// - Parameter staging: What the bytes go through where the host does not see the buffer; `nil` for memory
  ///   of their own.
  public func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int = 0, through staging: StagingArea? = nil
  ) throws(VulkanError) {
    try Self.write(bytes, at: offset, to: [self], through: staging ?? StagingArea(device: device))
  }

  /// Writes the same bytes to buffers of the area's device, from `offset` on.
  public static func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int = 0, to buffers: [Buffer],
    through staging: StagingArea
  ) throws(VulkanError) {
    var area: Buffer?
    for buffer in buffers {
      try buffer.requireRange(offset: offset, count: bytes.count, "a write")
      guard let source = bytes.baseAddress, bytes.count > 0 else { continue }
      if let mapped = buffer.mapped {
        (mapped + offset).copyMemory(from: source, byteCount: bytes.count)
        try buffer.flush()
      } else {
        let filled: Buffer
        if let area {
          filled = area
        } else {
          filled = try staging.buffer(byteCount: bytes.count)
          try filled.write(bytes)
          area = filled
        }
        try filled.copy(to: buffer, from: 0, to: offset, count: bytes.count)
      }
    }
  }

  /// Writes `values` as they lie in memory, from `offset` bytes on.
  public func write<T: BitwiseCopyable>(_ values: [T], at offset: Int = 0) throws(VulkanError) {
    var failure: VulkanError?
    values.withUnsafeBytes { bytes in
      do throws(VulkanError) { try write(bytes, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Reads as many bytes as `bytes` has, from `offset` bytes on.
  public func read(
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int = 0,
    through staging: StagingArea? = nil
  ) throws(VulkanError) {
    try requireRange(offset: offset, count: bytes.count, "a read")
    guard let target = bytes.baseAddress, bytes.count > 0 else { return }
    if let mapped {
      try device.requireUsable("vkMapMemory", making: "a read of \(bytes.count) bytes")
      try invalidate()
      target.copyMemory(from: mapped + offset, byteCount: bytes.count)
    } else {
      let area = try (staging ?? StagingArea(device: device)).buffer(byteCount: bytes.count)
      try copy(to: area, from: offset, to: 0, count: bytes.count)
      try area.read(into: bytes)
    }
  }

  /// The whole contents as values; bytes at the end that do not make a value are left out.
  public func contents<T: BitwiseCopyable>(as type: T.Type = T.self) throws(VulkanError) -> [T] {
    let count = byteCount / MemoryLayout<T>.stride
    var failure: VulkanError?
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.baseAddress, count: count * MemoryLayout<T>.stride)
      do throws(VulkanError) {
        try read(into: bytes)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// The digest of the whole contents, made where they lie.
  public func digest(through staging: StagingArea? = nil) throws(VulkanError) -> Digest {
    if mapped != nil { return try digest(of: byteCount) }
    let area = try (staging ?? StagingArea(device: device)).buffer(byteCount: byteCount)
    try copy(to: area, from: 0, to: 0, count: byteCount)
    return try area.digest(of: byteCount)
  }

  /// The digest of the first bytes of a buffer that the host sees.
  private func digest(of count: Int) throws(VulkanError) -> Digest {
    try device.requireUsable("vkMapMemory", making: "a digest of \(count) bytes")
    try invalidate()
    return Digest(of: UnsafeRawBufferPointer(start: mapped, count: count))
  }

  /// Fills the whole buffer with a 32-bit word; a last part of a word gets the word's first bytes.
  public func fill(_ word: UInt32) throws(VulkanError) {
    if let mapped {
      UnsafeMutableRawBufferPointer(start: mapped, count: size)
        .bindMemory(to: UInt32.self).update(repeating: word)
      try flush()
    } else {
      try transfer("a fill of \(byteCount) bytes") { functions, commands in
        functions.cmdFillBuffer(commands, self.handle, 0, VK_WHOLE_SIZE, word)
      }
    }
  }

  private func copy(
    to target: Buffer, from: Int, to: Int, count: Int
  ) throws(VulkanError) {
    try transfer("a copy of \(count) bytes") { functions, commands in
      var region = VkBufferCopy(
        srcOffset: VkDeviceSize(from), dstOffset: VkDeviceSize(to), size: VkDeviceSize(count))
      functions.cmdCopyBuffer(commands, self.handle, target.handle, 1, &region)
    }
  }

  private func transfer(
    _ making: String, _ record: (DeviceFunctions, VkCommandBuffer) -> Void
  ) throws(VulkanError) {
    let commands = try Commands(device: device, making: making) { functions, commands in
      functions.fullBarrier(commands)
      record(functions, commands)
      functions.fullBarrier(commands)
    }
    // Far beyond any copy: it ends the wait for a device that hangs.
    _ = try commands.run(timeoutNanoseconds: 60_000_000_000)
  }

  private func requireRange(offset: Int, count: Int, _ what: String) throws(VulkanError) {
    guard offset >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw VulkanError(
        .argument, call: "vkMapMemory", making: "\(what) of \(count) bytes",
        detail: "offset \(offset) in a buffer of \(byteCount) bytes")
    }
  }
}
