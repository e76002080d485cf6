import DeviceProtocol
import FoundationEssentials
import ShaderCompiler
import Testing
import Vulkan

/// Everything that opens a device, one test at a time, under validation.
@Suite(
  .serialized,
  .enabled(if: (try? Instance().physicalDevices()) != nil, "there is no Vulkan device here"))
struct DeviceTests {
  /// A device of the first driver. Tests end with its `checkValidation`.
  static func device(pipelineCache: [UInt8] = []) throws -> Device {
    let instance = try Instance(validation: true)
    let first = try #require(try instance.physicalDevices().first)
    return try Device(
      instance: instance, physicalDevice: first, pipelineCache: pipelineCache)
  }

  /// An add over `count` floats, ready to run.
  static func add(
    _ device: Device, count: Int, local: UInt32 = 16
  ) throws -> (pipeline: ComputePipeline, groups: GroupCount) {
    let spirv = try GLSLCompiler.spirv(
      from: Shader.add, preamble: "#define TYPE float\n", name: "add")
    let pipeline = try ComputePipeline(
      device: device, spirv: spirv,
      bindings: [.storageBuffer, .storageBuffer, .storageBuffer],
      constants: [local, UInt32(count)])
    return (pipeline, GroupCount((UInt32(count) + local - 1) / local))
  }

  /// A pipeline over one storage buffer of one or two words.
  static func words(
    _ device: Device, _ source: String, _ initial: [UInt32], groups: UInt32 = 1
  ) throws -> (buffer: Buffer, dispatch: Dispatch) {
    let pipeline = try ComputePipeline(
      device: device, spirv: try GLSLCompiler.spirv(from: source, name: "words"),
      bindings: [.storageBuffer])
    let buffer = try Buffer(device: device, byteCount: initial.count * 4, usage: .storage)
    try buffer.write(initial)
    let set = try DescriptorSet(pipeline: pipeline, buffers: [buffer])
    return (buffer, try Dispatch(pipeline: pipeline, set: set, groups: GroupCount(groups)))
  }

  static let seconds: UInt64 = 1_000_000_000

  @Test("a device is described with limits that Vulkan promises at least")
  func description() throws {
    let instance = try Instance(validation: true)
    let devices = try instance.physicalDevices()
    for (index, device) in devices.enumerated() {
      #expect(device.index >= index)
      #expect(!device.name.isEmpty)
      #expect(device.apiVersion.split(separator: ".").count == 3)
      #expect(device.deviceUUID.count == 32)
      #expect(device.pipelineCacheUUID.count == 32)
      #expect(device.memoryHeaps.contains { $0.deviceLocal && $0.bytes > 0 })
      #expect(device.subgroupOperations.first == "basic")
      #expect(device.limits.maxComputeWorkGroupInvocations >= 128)
      #expect(device.limits.maxComputeWorkGroupSize.count == 3)
      #expect(device.limits.maxComputeWorkGroupCount.allSatisfy { $0 >= 65535 })
      #expect(device.limits.maxComputeSharedMemorySize >= 16384)
      #expect(device.limits.maxStorageBufferRange >= 1 << 27)
      #expect(device.limits.maxMemoryAllocationSize >= 1 << 30)
    }
    #expect(try instance.physicalDevices() == devices)
    try instance.checkValidation()
  }

  @Test(
    "an add is right in every placement, with and without mapping",
    arguments: [(.device, true), (.device, false), (.staging, true)] as [(Buffer.Placement, Bool)])
  func add(placement: Buffer.Placement, mapping: Bool) throws {
    let device = try Self.device()
    let count = 37
    let (pipeline, groups) = try Self.add(device, count: count)
    let buffers = try (0..<3).map { _ in
      try Buffer(
        device: device, byteCount: count * 4, usage: .storage, placement: placement,
        mapping: mapping)
    }
    if !mapping { #expect(buffers.allSatisfy { !$0.isMapped }) }
    if placement == .staging { #expect(buffers.allSatisfy { $0.isMapped }) }
    try buffers[0].write((0..<count).map { Float($0) })
    try buffers[1].write((0..<count).map { Float($0) * 100 })
    try buffers[2].fill(0)
    let set = try DescriptorSet(pipeline: pipeline, buffers: buffers)
    let commands = try TimedCommands(
      device: device, dispatches: [Dispatch(pipeline: pipeline, set: set, groups: groups)])
    _ = try commands.run(timeoutNanoseconds: 60 * Self.seconds)
    #expect(try buffers[2].contents(as: Float.self) == (0..<count).map { Float($0) * 101 })
    try device.instance.checkValidation()
  }

  @Test("one staging area serves buffers of all sizes, in any order")
  func stagingArea() throws {
    let device = try Self.device()
    let staging = StagingArea(device: device)
    for count in [1, 70_000, 3] {
      let buffers = try (0..<2).map { _ in
        try Buffer(device: device, byteCount: count + 5, usage: .storage, mapping: false)
      }
      let contents = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
      for buffer in buffers { try buffer.fill(0) }
      try contents.withUnsafeBytes {
        try Buffer.write($0, at: 5, to: buffers, through: staging)
      }
      let whole = [0, 0, 0, 0, 0] + contents
      for buffer in buffers {
        #expect(try buffer.contents(as: UInt8.self) == whole)
        #expect(try buffer.digest(through: staging) == Digest(of: whole))
      }
    }
    try device.instance.checkValidation()
  }

  @Test("texel, uniform and storage bindings and constants reach the shader")
  func bindings() throws {
    let device = try Self.device()
    let pipeline = try ComputePipeline(
      device: device, spirv: try GLSLCompiler.spirv(from: Shader.scale, name: "scale"),
      bindings: [.uniformTexelBuffer, .uniformBuffer, .storageBuffer],
      constants: [3, Float(0.5).bitPattern])
    #expect(pipeline.compileNanoseconds > 0)
    let texels = try Buffer(device: device, byteCount: 32, usage: .uniformTexel)
    let factor = try Buffer(device: device, byteCount: 16, usage: .uniform)
    let result = try Buffer(device: device, byteCount: 32, usage: .storage)
    try texels.write([1, 2, 3, 4, 5, 6, 7, 8] as [Float])
    try factor.write([10, 0, 0, 0] as [Float])
    let set = try DescriptorSet(pipeline: pipeline, buffers: [texels, factor, result])
    let commands = try TimedCommands(
      device: device,
      dispatches: [Dispatch(pipeline: pipeline, set: set, groups: GroupCount(2))])
    _ = try commands.run(timeoutNanoseconds: 60 * Self.seconds)
    #expect(
      try result.contents(as: Float.self)
        == [80.5, 160.5, 240.5, 320.5, 400.5, 480.5, 560.5, 640.5])
    try device.instance.checkValidation()
  }

  @Test("contents are written and read in parts", arguments: [true, false])
  func parts(mapping: Bool) throws {
    let device = try Self.device()
    let buffer = try Buffer(device: device, byteCount: 10, usage: .storage, mapping: mapping)
    try buffer.fill(0x0403_0201)
    try buffer.write([9, 8] as [UInt8], at: 4)
    try buffer.write([] as [UInt8], at: 10)
    #expect(try buffer.contents(as: UInt8.self) == [1, 2, 3, 4, 9, 8, 3, 4, 1, 2])
    var part: [UInt8] = [0, 0, 0]
    try part.withUnsafeMutableBytes { try buffer.read(into: $0, at: 3) }
    #expect(part == [4, 9, 8])
    let error = #expect(throws: VulkanError.self) { try buffer.write([1, 2] as [UInt8], at: 9) }
    #expect(error?.reason == .argument)
    try device.instance.checkValidation()
  }

  @Test("dispatches see what those before them wrote, on every submission")
  func order() throws {
    let device = try Self.device()
    let (buffer, dispatch) = try Self.words(device, Shader.increment, [5])
    let commands = try TimedCommands(
      device: device, dispatches: Array(repeating: dispatch, count: 20))
    for _ in 0..<3 { _ = try commands.run(timeoutNanoseconds: 60 * Self.seconds) }
    #expect(try buffer.contents(as: UInt32.self) == [65])
    try device.instance.checkValidation()
  }

  @Test("device time is there where the queue has timestamps, and within the host's time")
  func timing() throws {
    let device = try Self.device()
    let (_, dispatch) = try Self.words(device, Shader.busy, [10_000, 0])
    let timing = try TimedCommands(device: device, dispatches: [dispatch])
      .run(timeoutNanoseconds: 60 * Self.seconds)
    if device.physicalDevice.timestampValidBits > 0 {
      let nanoseconds = try #require(timing.deviceNanoseconds)
      #expect(nanoseconds > 0)
      #expect(nanoseconds < timing.wallNanoseconds)
    } else {
      #expect(timing.deviceNanoseconds == nil)
    }
    try device.instance.checkValidation()
  }

  @Test("a submission of nothing has a time too")
  func nothing() throws {
    let device = try Self.device()
    let timing = try TimedCommands(device: device, dispatches: [])
      .run(timeoutNanoseconds: 60 * Self.seconds)
    #expect(timing.wallNanoseconds > 0)
    try device.instance.checkValidation()
  }

  @Test("work that takes too long is given up and the device with it; a new device works")
  func timeout() throws {
    let device = try Self.device()
    let (buffer, dispatch) = try Self.words(device, Shader.busy, [60_000, 0], groups: 64)
    let commands = try TimedCommands(device: device, dispatches: [dispatch])
    for _ in 0..<2 {
      let error = #expect(throws: VulkanError.self) {
        try commands.run(timeoutNanoseconds: 1_000_000)
      }
      #expect(error?.reason == .timedOut)
    }
    let reading = #expect(throws: VulkanError.self) { try buffer.contents(as: UInt32.self) }
    #expect(reading?.reason == .timedOut)
    let making = #expect(throws: VulkanError.self) {
      try Buffer(device: device, byteCount: 4, usage: .storage)
    }
    #expect(making?.reason == .timedOut)
    try order()
  }
}
