import DeviceProtocol
import Foundation
import ShaderCompiler
import Testing

@testable import Devices

/// Everything that starts a worker on this machine: what it does, and what happens when something ends that
/// should not.
@Suite(.serialized) struct WorkerTests {
  /// A device of the first driver, under validation.
  static func device(isInterrupted: @escaping @Sendable () -> Bool = { false }) throws -> Device {
    let instance = try Instance(validation: true, isInterrupted: isInterrupted)
    let first = try #require(try instance.physicalDevices().first)
    return try Device(instance: instance, physicalDevice: first)
  }

  /// One dispatch over a buffer of 64 numbers.
  static func ring(
    _ device: Device, _ shader: String, _ numbers: [UInt32], groups: UInt32 = 1
  ) throws -> (ring: Ring, buffer: Buffer) {
    let pipeline = try ComputePipeline(
      device: device, spirv: try GLSLCompiler.spirv(from: shader, name: "test"),
      bindings: [.storageBuffer])
    let buffer = try Buffer(device: device, byteCount: 64 * 4, usage: .storage)
    try buffer.write(numbers)
    let set = try DescriptorSet(pipeline: pipeline, buffers: [buffer])
    return (try Ring([Dispatch(set: set, groups: GroupCount(groups))], device: device), buffer)
  }

  /// Whether a device doubles numbers.
  static func works(_ device: Device) throws -> Bool {
    let numbers = (0..<64).map { UInt32($0) }
    let (ring, buffer) = try ring(device, Shaders.double, numbers)
    for _ in 0..<2 { _ = try ring.run(length: 1, timeoutNanoseconds: 60e9) }
    return try buffer.contents(as: UInt32.self) == numbers.map { $0 * 4 }
  }

  /// Work that takes some seconds on any processor.
  static func busy(_ device: Device) throws -> Ring {
    try ring(device, Shaders.busy, [60_000, 0], groups: 60_000).ring
  }

  /// The executor of a worker.
  static func executor(of worker: Worker) throws -> pid_t {
    let supervisor = worker.hello.processID
    let children = try String(
      contentsOfFile: "/proc/\(supervisor)/task/\(supervisor)/children", encoding: .utf8)
    return try #require(children.split(separator: " ").first.flatMap { pid_t($0) })
  }

  /// Whether a process ends within five seconds.
  static func ends(_ process: pid_t) -> Bool {
    for _ in 0..<500 {
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      // A process that nobody has waited for yet has ended all the same.
      if status == nil || status?.contains(") Z ") == true { return true }
      usleep(10_000)
    }
    return false
  }

  /// Does something to a process a moment later.
  static func later(_ seconds: Double, _ signal: Int32, _ process: pid_t) {
    Thread.detachNewThread {
      usleep(UInt32(seconds * 1e6))
      kill(process, signal)
    }
  }

  @Test("a worker on this machine says who it is, and what it runs on")
  func hello() throws {
    let worker = try Worker(LocalTransport())
    #expect(worker.hello.processID > 0)
    #expect(!worker.hello.host.operatingSystem.isEmpty)
    #expect(worker.hello.host.cores > 0)
    #expect(worker.telemetry() != nil)
  }

  @Test("a driver that ends its process costs the request at hand, and the device opens again")
  func crash() throws {
    let device = try Self.device()
    let ring = try Self.busy(device)
    Self.later(0.3, SIGSEGV, try Self.executor(of: device.worker))
    let error = #expect(throws: VulkanError.self) {
      try ring.run(length: 64, timeoutNanoseconds: 60e9)
    }
    #expect(error?.reason == .crashed)
    #expect(error?.detail == "signal 11 (SIGSEGV)")
    #expect(device.isAbandoned)
    #expect(try Self.works(device.reopened()))
  }

  @Test(
    "a driver that ends its process while nothing is asked of it is a crash of the next request")
  func idleCrash() throws {
    let device = try Self.device()
    let (ring, _) = try Self.ring(device, Shaders.double, [1])
    let executor = try Self.executor(of: device.worker)
    kill(executor, SIGKILL)
    #expect(Self.ends(executor))
    let error = #expect(throws: VulkanError.self) {
      try ring.run(length: 1, timeoutNanoseconds: 1e9)
    }
    #expect(error?.reason == .crashed)
    #expect(try Self.works(device.reopened()))
  }

  @Test("an executor that is stopped is ended at the deadline of its request")
  func stopped() throws {
    let device = try Self.device()
    let executor = try Self.executor(of: device.worker)
    kill(executor, SIGSTOP)
    let error = #expect(throws: VulkanError.self) {
      try device.worker.request(
        .digest, IdentifierList([]).bytes, generation: device.generation, seconds: 0.5,
        call: "vkMapMemory", making: "a digest")
    }
    #expect(error?.reason == .timedOut)
    #expect(Self.ends(executor))
    #expect(try Self.works(device.reopened()))
  }

  @Test("while a request takes its time, signs of life come every second")
  func signsOfLife() throws {
    let device = try Self.device()
    let executor = try Self.executor(of: device.worker)
    kill(executor, SIGSTOP)
    Self.later(2.6, SIGCONT, executor)
    var signs: [Double] = []
    _ = try device.worker.request(
      .digest, IdentifierList([]).bytes, generation: device.generation, call: "vkMapMemory",
      making: "a digest", whileWaiting: { signs.append($0) })
    #expect(signs.count >= 2)
    #expect(signs == signs.sorted())
  }

  @Test("a submission beyond its timeout gives the device up, and it opens again")
  func timeout() throws {
    let device = try Self.device()
    let ring = try Self.busy(device)
    let error = #expect(throws: VulkanError.self) {
      try ring.run(length: 64, timeoutNanoseconds: 0.1e9)
    }
    #expect(error?.reason == .timedOut)
    #expect(device.isAbandoned)
    #expect(try Self.works(device.reopened()))
  }

  @Test("an interruption gives up what is waited for")
  func interruption() throws {
    let isInterrupted = Flag()
    let device = try Self.device { isInterrupted.value }
    let ring = try Self.busy(device)
    Thread.detachNewThread {
      usleep(300_000)
      isInterrupted.value = true
    }
    let error = #expect(throws: VulkanError.self) {
      try ring.run(length: 64, timeoutNanoseconds: 600e9)
    }
    #expect(error?.reason == .timedOut)
    #expect(error?.detail?.hasPrefix("interrupted") == true)
  }

  @Test("a supervisor that is ended takes its executor with it, and another one is started")
  func supervisor() throws {
    let device = try Self.device()
    let ring = try Self.busy(device)
    let executor = try Self.executor(of: device.worker)
    Self.later(0.3, SIGKILL, pid_t(device.worker.hello.processID))
    let error = #expect(throws: VulkanError.self) {
      try ring.run(length: 64, timeoutNanoseconds: 60e9)
    }
    #expect(error?.reason == .linkLost)
    #expect(Self.ends(executor))
    #expect(try Self.works(device.reopened()))
  }

  @Test("a worker that is closed leaves no process behind, whatever it does")
  func closing() throws {
    let device = try Self.device()
    let executor = try Self.executor(of: device.worker)
    kill(executor, SIGSTOP)
    device.worker.close()
    #expect(Self.ends(executor))
    #expect(Self.ends(pid_t(device.worker.hello.processID)))
  }

  @Test("contents cross the wire once")
  func contents() throws {
    let device = try Self.device()
    let contents = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 3) }
    func write() throws -> Buffer {
      let buffer = try Buffer(device: device, byteCount: contents.count, usage: .storage)
      try buffer.write(contents)
      return buffer
    }
    let first = try write()
    let before = device.worker.traffic
    let second = try write()
    #expect(device.worker.traffic - before < 500)
    #expect(
      try Buffer.digests(of: [first, second]) == [Digest(of: contents), Digest(of: contents)])
    #expect(try second.contents(as: UInt8.self) == contents)
  }

  @Test("contents that a device is said to know are asked for only where it does not")
  func knownContents() throws {
    let device = try Self.device()
    let contents = [UInt8](repeating: 7, count: 5000)
    func buffer() throws -> Buffer {
      try Buffer(device: device, byteCount: contents.count, usage: .storage)
    }
    let first = try buffer()
    let wrong = Digest(of: [1, 2, 3])
    let digest = try Buffer.write(known: wrong, to: [first]) { contents }
    #expect(digest == Digest(of: contents))
    #expect(try first.contents(as: UInt8.self) == contents)
    let second = try buffer()
    var asked = false
    #expect(
      try Buffer.write(known: digest, to: [second]) {
        asked = true
        return contents
      } == digest)
    #expect(!asked)
    #expect(try second.contents(as: UInt8.self) == contents)
  }

  @Test("objects that were let go are gone on the device too")
  func release() throws {
    let device = try Self.device()
    let id = try Buffer(device: device, byteCount: 64, usage: .storage).id
    let error = #expect(throws: VulkanError.self) {
      try device.worker.request(
        .digest, IdentifierList([id]).bytes, generation: device.generation, call: "vkMapMemory",
        making: "a digest")
    }
    #expect(error?.reason == .argument)
    #expect(error?.detail == "there is no buffer \(id)")
    #expect(try Self.works(device))
  }

  @Test("objects of a device that was opened again are refused")
  func stale() throws {
    let device = try Self.device()
    let (ring, buffer) = try Self.ring(device, Shaders.double, [1])
    let again = try device.reopened()
    #expect(throws: VulkanError.self) { try ring.run(length: 1, timeoutNanoseconds: 1e9) }
    #expect(throws: VulkanError.self) { try buffer.fill(0) }
    #expect(try Self.works(again))
  }

  @Test("what the validation layer says becomes the error of the call")
  func validation() throws {
    let device = try Self.device()
    let pipeline = try ComputePipeline(
      device: device, spirv: try GLSLCompiler.spirv(from: Shaders.double, name: "test"),
      bindings: [.storageBuffer])
    // A buffer that may not be a storage buffer.
    let buffer = try Buffer(device: device, byteCount: 256, usage: .uniform)
    let error = #expect(throws: VulkanError.self) {
      try DescriptorSet(pipeline: pipeline, buffers: [buffer])
    }
    #expect(error?.reason == .validation)
  }
}

/// A truth that threads share.
final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var truth = false

  var value: Bool {
    get { lock.withLock { truth } }
    set { lock.withLock { truth = newValue } }
  }
}
