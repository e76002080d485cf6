public import DeviceProtocol

/// Memory that shaders see, with ways to write and read it.
///
/// Contents start undefined. Every access waits until it is done.
public final class Buffer {
  /// The ways in which shaders may see it.
  public typealias Usage = BufferUsage
  /// Where the memory lies.
  public typealias Placement = BufferPlacement

  /// The device it was made on.
  public let device: Device
  /// Size in bytes, as asked for.
  public let byteCount: Int
  /// The ways in which shaders may see it.
  public let usage: Usage
  /// Whether the worker writes and reads it directly, and not through a copy by the device.
  public let isMapped: Bool

  let id: UInt32

  /// Allocates a buffer with memory of its own.
  ///
  /// With `mapping` false, device memory is reached by copies even where it could be mapped, as it
  /// is on devices without unified memory. Throws `.limit` naming the limit that `byteCount`
  /// exceeds, `.argument` for a size below one byte, or the result of the call that failed.
  public init(
    device: Device, byteCount: Int, usage: Usage, placement: Placement = .device,
    mapping: Bool = true
  ) throws(VulkanError) {
    let making = "a buffer of \(byteCount) bytes"
    guard byteCount > 0 else {
      throw VulkanError(
        .argument, call: "vkCreateBuffer", making: making,
        detail: "the size must be at least one byte")
    }
    id = device.worker.newID()
    let request = BufferRequest(
      id: id, byteCount: byteCount, usage: usage, placement: placement, mapping: mapping)
    let reply = try device.worker.request(
      .buffer, request.bytes, generation: device.generation, call: "vkAllocateMemory",
      making: making)
    self.device = device
    self.byteCount = byteCount
    self.usage = usage
    isMapped = reply == [1]
  }

  deinit { device.worker.release(id, of: device.generation) }

  /// Writes the same contents to the beginning of buffers of one device. They cross the wire once, and are
  /// kept on the device for the next time.
  ///
  /// - Parameters:
  ///   - known: The digest of the contents, if they were written before.
  ///   - contents: The contents, for a device that does not have them.
  /// - Returns: The digest; `nil` for contents that no device keeps.
  @discardableResult
  public static func write(
    known: Digest? = nil, to buffers: [Buffer], contents: () -> [UInt8]
  ) throws(VulkanError) -> Digest? {
    guard let device = buffers.first?.device else { return known }
    if let known, try load(known, to: buffers, of: device) { return known }
    let contents = contents()
    if contents.count <= ContentPiece.mostBytes, !contents.isEmpty {
      let digest = Digest(of: contents)
      for _ in 0..<2 {
        if try load(digest, to: buffers, of: device) { return digest }
        try device.worker.put(contents, digest, generation: device.generation)
      }
    }
    // Too much for the device's store.
    for buffer in buffers { try buffer.writePieces(contents, at: 0) }
    return nil
  }

  /// Writes contents that the device keeps. False if it does not have them.
  private static func load(
    _ digest: Digest, to buffers: [Buffer], of device: Device
  ) throws(VulkanError) -> Bool {
    try device.worker.request(
      .load, LoadRequest(digest: digest, buffers: buffers.map(\.id)).bytes,
      generation: device.generation, call: "vkMapMemory", making: "a write of known contents")
      == [1]
  }

  /// Writes bytes from `offset` on. Throws `.argument` beyond the end of the buffer.
  public func write(_ bytes: [UInt8], at offset: Int = 0) throws(VulkanError) {
    // Few bytes are not worth a digest.
    if offset == 0, bytes.count >= 4096 {
      try Self.write(to: [self]) { bytes }
    } else {
      try writePieces(bytes, at: offset)
    }
  }

  /// Writes `values` as they lie in memory, from `offset` bytes on.
  public func write<T: BitwiseCopyable>(_ values: [T], at offset: Int = 0) throws(VulkanError) {
    try write(values.withUnsafeBytes { Array($0) }, at: offset)
  }

  private func writePieces(_ bytes: [UInt8], at offset: Int) throws(VulkanError) {
    var done = 0
    while done < bytes.count {
      let end = min(bytes.count, done + FrameHeader.pieceBytes)
      let piece = BufferPiece(buffer: id, offset: offset + done, count: end - done)
      try ask(.write, piece.bytes + bytes[done..<end], "a write of \(bytes.count) bytes")
      done = end
    }
  }

  /// The whole contents as values; bytes at the end that do not make a value are left out.
  public func contents<T: BitwiseCopyable>(as type: T.Type = T.self) throws(VulkanError) -> [T] {
    let count = byteCount / MemoryLayout<T>.stride
    let bytes = try bytes(count * MemoryLayout<T>.stride)
    return [T](unsafeUninitializedCapacity: count) { values, initialized in
      UnsafeMutableRawBufferPointer(values).copyBytes(from: bytes)
      initialized = count
    }
  }

  private func bytes(_ count: Int) throws(VulkanError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let wanted = min(count - bytes.count, FrameHeader.pieceBytes)
      let piece = BufferPiece(buffer: id, offset: bytes.count, count: wanted)
      let reply = try ask(.read, piece.bytes, "a read of \(count) bytes")
      guard reply.count == wanted else {
        throw VulkanError(
          .linkLost, call: "vkMapMemory", making: "a read of \(count) bytes",
          detail: "the worker sent \(reply.count) bytes of \(wanted)")
      }
      bytes.append(contentsOf: reply)
    }
    return bytes
  }

  /// Digests of the whole contents of buffers of one device, made there.
  public static func digests(of buffers: [Buffer]) throws(VulkanError) -> [Digest] {
    guard let device = buffers.first?.device else { return [] }
    let reply = try device.worker.request(
      .digest, IdentifierList(buffers.map(\.id)).bytes, generation: device.generation,
      call: "vkMapMemory", making: "digests of \(buffers.count) buffers")
    return try answer(reply, "digests") { bytes throws(MalformedFrame) in
      let list = try ValueList<Digest>(payload: bytes).values
      guard list.count == buffers.count else { throw .tooShort }
      return list
    }
  }

  /// Fills the whole buffer with a 32-bit word; a last part of a word gets the word's first bytes.
  public func fill(_ word: UInt32) throws(VulkanError) {
    try ask(
      .fill, FillRequest(buffer: id, word: word).bytes, "a fill of \(byteCount) bytes")
  }

  @discardableResult
  private func ask(
    _ operation: WorkerOperation, _ payload: [UInt8], _ making: @autoclosure () -> String
  ) throws(VulkanError) -> [UInt8] {
    try device.worker.request(
      operation, payload, generation: device.generation, call: "vkMapMemory", making: making())
  }
}
