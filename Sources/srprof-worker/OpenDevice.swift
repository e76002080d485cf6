internal import DeviceProtocol
internal import Vulkan

/// An open device and what was made on it, by the numbers that the host gave.
final class OpenDevice {
  let device: Device
  private let staging: StagingArea
  private var objects: [UInt32: Object] = [:]

  private enum Object {
    case pipeline(ComputePipeline)
    case buffer(Buffer)
    case set(DescriptorSet)
    case ring(Ring)
  }

  /// Objects at a time, at most.
  private static let mostObjects = 1 << 16

  init(_ device: Device) {
    self.device = device
    staging = StagingArea(device: device)
  }

  /// Does what a request asks, and gives the payload of the reply.
  func answer(
    _ operation: WorkerOperation, _ payload: [UInt8], _ contents: ContentStore
  ) throws(RequestFailure) -> [UInt8] {
    switch operation {
    case .pipeline: return try makePipeline(try decoded(payload), contents)
    case .buffer: return try makeBuffer(try decoded(payload))
    case .write: try write(payload)
    case .fill:
      let request: FillRequest = try decoded(payload)
      let buffer = try buffer(request.buffer)
      try vulkan { () throws(VulkanError) in try buffer.fill(request.word) }
    case .read: return try read(try decoded(payload))
    case .digest: return try digests(try decoded(payload))
    case .load: return try load(try decoded(payload), contents)
    case .set: try makeSet(try decoded(payload))
    case .ring: try makeRing(try decoded(payload))
    case .run: return try run(try decoded(payload))
    case .release:
      let list: IdentifierList = try decoded(payload)
      for id in list.ids { objects[id] = nil }
    default: throw .refused("no request of a device")
    }
    return []
  }

  private func makePipeline(
    _ request: PipelineRequest, _ contents: ContentStore
  ) throws(RequestFailure) -> [UInt8] {
    try requireFree(request.id)
    guard let code = contents[request.code] else { throw .refused("the shader was never sent") }
    guard code.count % 4 == 0 else { throw .refused("the shader is no whole number of words") }
    let words = [UInt32](unsafeUninitializedCapacity: code.count / 4) { words, count in
      UnsafeMutableRawBufferPointer(words).copyBytes(from: code)
      count = code.count / 4
    }
    let (pipeline, executables) = try vulkan {
      () throws(VulkanError) -> (ComputePipeline, [PipelineExecutable]) in
      let pipeline = try ComputePipeline(
        device: device, spirv: words, bindings: request.bindings, constants: request.constants,
        capturingStatistics: request.capturesStatistics)
      return (pipeline, try pipeline.executables())
    }
    objects[request.id] = .pipeline(pipeline)
    return PipelineReply(
      compileNanoseconds: pipeline.compileNanoseconds, executables: executables
    ).bytes
  }

  private func makeBuffer(_ request: BufferRequest) throws(RequestFailure) -> [UInt8] {
    try requireFree(request.id)
    let buffer = try vulkan { () throws(VulkanError) in
      try Buffer(
        device: device, byteCount: request.byteCount, usage: request.usage,
        placement: request.placement, mapping: request.mapping)
    }
    objects[request.id] = .buffer(buffer)
    return [buffer.isMapped ? 1 : 0]
  }

  private func write(_ payload: [UInt8]) throws(RequestFailure) {
    let (piece, bytes): (BufferPiece, ArraySlice<UInt8>) = try decodedWithBytes(payload)
    guard bytes.count == piece.count else { throw .refused("a piece of another length") }
    let buffer = try buffer(piece.buffer)
    try write(bytes, at: piece.offset, to: [buffer])
  }

  private func read(_ piece: BufferPiece) throws(RequestFailure) -> [UInt8] {
    let buffer = try buffer(piece.buffer)
    var bytes = [UInt8](repeating: 0, count: piece.count)
    var failure: VulkanError?
    bytes.withUnsafeMutableBytes { target in
      do throws(VulkanError) {
        try buffer.read(into: target, at: piece.offset, through: staging)
      } catch {
        failure = error
      }
    }
    if let failure { throw .vulkan(failure) }
    return bytes
  }

  private func digests(_ list: IdentifierList) throws(RequestFailure) -> [UInt8] {
    var digests: [Digest] = []
    for id in list.ids {
      let buffer = try buffer(id)
      digests.append(try vulkan { () throws(VulkanError) in try buffer.digest(through: staging) })
    }
    return ValueList(digests).bytes
  }

  private func load(
    _ request: LoadRequest, _ contents: ContentStore
  ) throws(RequestFailure) -> [UInt8] {
    guard let bytes = contents[request.digest] else { return [0] }
    var buffers: [Buffer] = []
    for id in request.buffers { buffers.append(try buffer(id)) }
    try write(bytes[...], at: 0, to: buffers)
    return [1]
  }

  private func write(
    _ bytes: ArraySlice<UInt8>, at offset: Int, to buffers: [Buffer]
  ) throws(RequestFailure) {
    var failure: VulkanError?
    bytes.withUnsafeBytes { source in
      do throws(VulkanError) {
        try Buffer.write(source, at: offset, to: buffers, through: staging)
      } catch {
        failure = error
      }
    }
    if let failure { throw .vulkan(failure) }
  }

  private func makeSet(_ request: SetRequest) throws(RequestFailure) {
    try requireFree(request.id)
    guard case .pipeline(let pipeline) = objects[request.pipeline] else {
      throw .refused("there is no pipeline \(request.pipeline)")
    }
    var buffers: [Buffer] = []
    for id in request.buffers { buffers.append(try buffer(id)) }
    objects[request.id] = .set(
      try vulkan { () throws(VulkanError) in
        try DescriptorSet(pipeline: pipeline, buffers: buffers)
      })
  }

  private func makeRing(_ request: RingRequest) throws(RequestFailure) {
    try requireFree(request.id)
    guard request.steps.count <= Run.longest else { throw .refused("a ring that is too long") }
    var dispatches: [Dispatch] = []
    for step in request.steps {
      guard case .set(let set) = objects[step.set] else {
        throw .refused("there is no set \(step.set)")
      }
      dispatches.append(
        try vulkan { () throws(VulkanError) in
          try Dispatch(pipeline: set.pipeline, set: set, groups: step.groups)
        })
    }
    objects[request.id] = .ring(Ring(dispatches, device: device))
  }

  /// Runs in order, until one fails.
  private func run(_ runs: ValueList<Run>) throws(RequestFailure) -> [UInt8] {
    guard runs.values.count <= Run.mostInBatch else { throw .refused("too many runs at once") }
    var reply = RunReply(timings: [])
    for run in runs.values {
      guard case .ring(let ring) = objects[run.ring] else {
        throw .refused("there is no ring \(run.ring)")
      }
      do throws(VulkanError) {
        reply.timings.append(try ring.run(run))
      } catch {
        reply.failure = error
        break
      }
    }
    return reply.bytes
  }

  private func buffer(_ id: UInt32) throws(RequestFailure) -> Buffer {
    guard case .buffer(let buffer) = objects[id] else { throw .refused("there is no buffer \(id)") }
    return buffer
  }

  private func requireFree(_ id: UInt32) throws(RequestFailure) {
    guard objects[id] == nil else { throw .refused("number \(id) is taken") }
    guard objects.count < Self.mostObjects else { throw .refused("there are too many objects") }
  }
}
