internal import CSystem
internal import DeviceProtocol
internal import Vulkan

/// Does what requests ask of the Vulkan driver, one after another.
final class Executor {
  private let supervisor: Channel
  private let contents = ContentStore()
  private var instance: Instance?
  private var opened: OpenDevice?
  /// Pipelines that the driver compiled, while they are sent in pieces.
  private var compiled: [UInt8] = []

  init(supervisor: Channel) {
    self.supervisor = supervisor
  }

  /// Answers requests until there are no more.
  func run() {
    while let frame = try? supervisor.receive() {
      let isHeard: Bool
      do throws(RequestFailure) {
        let answer = try answer(frame.header.operation, frame.payload)
        isHeard = supervisor.reply(to: frame.header, .done, answer)
      } catch {
        isHeard =
          switch error {
          case .vulkan(let error): supervisor.reply(to: frame.header, .failed, error.bytes)
          case .refused(let reason):
            supervisor.reply(to: frame.header, .refused, ByteWriter.payload(reason))
          }
      }
      if !isHeard { return }
    }
  }

  private func answer(
    _ operation: WorkerOperation, _ payload: [UInt8]
  ) throws(RequestFailure) -> [UInt8] {
    switch operation {
    case .devices: return try devices(try decoded(payload))
    case .open: return try open(try decoded(payload))
    case .cache: return try cache(try decoded(payload))
    case .put: return try put(payload)
    case .pipeline, .load:
      return try device().answer(operation, payload, contents)
    case .buffer, .write, .fill, .read, .digest, .set, .ring, .run, .release:
      return try device().answer(operation, payload, contents)
    case .hello, .telemetry, .lock, .restart, .alive:
      throw .refused("the executor does not answer this")
    }
  }

  private func device() throws(RequestFailure) -> OpenDevice {
    guard let opened else { throw .refused("no device is open") }
    return opened
  }

  private func devices(_ request: OpenRequest) throws(RequestFailure) -> [UInt8] {
    let instance = try entered(validation: request.validation)
    return ValueList(try vulkan { () throws(VulkanError) in try instance.physicalDevices() }).bytes
  }

  private func open(_ request: OpenRequest) throws(RequestFailure) -> [UInt8] {
    guard opened == nil else { throw .refused("a device is open already") }
    let instance = try entered(validation: request.validation)
    let stored = request.pipelineCache.flatMap { contents[$0] } ?? []
    let device = try vulkan { () throws(VulkanError) in
      let devices = try instance.physicalDevices()
      guard let chosen = devices.first(where: { UInt32($0.index) == request.index }) else {
        throw VulkanError(
          .argument, call: "vkEnumeratePhysicalDevices", making: "a device",
          detail: "it is not there any more")
      }
      return try Device(instance: instance, physicalDevice: chosen, pipelineCache: stored)
    }
    opened = OpenDevice(device)
    return []
  }

  private func entered(validation: Bool) throws(RequestFailure) -> Instance {
    if let instance { return instance }
    let loader = getenv("SRPROF_VULKAN_LOADER").map { String(cString: $0) }
    let new = try vulkan { () throws(VulkanError) in
      try Instance(validation: validation, loader: loader.flatMap { $0.isEmpty ? nil : $0 })
    }
    instance = new
    return new
  }

  /// A piece of what the driver compiled, behind the size of the whole.
  private func cache(_ piece: BufferPiece) throws(RequestFailure) -> [UInt8] {
    if piece.offset == 0 { compiled = try device().device.pipelineCacheData() ?? [] }
    guard piece.offset <= compiled.count else { throw .refused("the cache has no such piece") }
    let end = min(compiled.count, piece.offset + piece.count)
    var writer = ByteWriter()
    writer.write(UInt64(compiled.count))
    compiled[piece.offset..<end].withUnsafeBytes { writer.write(raw: $0) }
    if end == compiled.count { compiled = [] }
    return writer.bytes
  }

  private func put(_ payload: [UInt8]) throws(RequestFailure) -> [UInt8] {
    let (piece, bytes): (ContentPiece, ArraySlice<UInt8>) = try decodedWithBytes(payload)
    guard contents.add(piece, bytes) else {
      throw .refused("contents without their digest, or out of order")
    }
    return []
  }
}
