import DeviceProtocol
import FoundationEssentials
import ShaderCompiler
import Testing
import Vulkan

extension DeviceTests {
  @Test("a buffer beyond a limit is refused with the limit's name, what is allowed and asked")
  func bufferLimits() throws {
    let device = try Self.device()
    let limits = device.physicalDevice.limits
    let cases: [(name: String, allowed: Int, unit: Int, usage: Buffer.Usage)] = [
      ("maxStorageBufferRange", limits.maxStorageBufferRange, 1, .storage),
      ("maxUniformBufferRange", limits.maxUniformBufferRange, 1, .uniform),
      ("maxTexelBufferElements", limits.maxTexelBufferElements, 16, .uniformTexel),
      ("maxMemoryAllocationSize", Int(clamping: limits.maxMemoryAllocationSize), 1, []),
    ]
    for (name, allowed, unit, usage) in cases where allowed < Int.max / 32 {
      let error = try #require(
        #expect(throws: VulkanError.self) {
          try Buffer(device: device, byteCount: (allowed + 16) * unit, usage: usage)
        })
      #expect(error.reason == .limit(name))
      #expect(error.description.contains(name))
      #expect(error.description.contains(String(allowed)))
      #expect(error.description.contains(String(allowed + 16)))
    }
    try device.instance.checkValidation()
  }

  @Test("a buffer of no bytes is refused", arguments: [0, -1, Int.max])
  func bufferSize(byteCount: Int) throws {
    let device = try Self.device()
    let error = #expect(throws: VulkanError.self) {
      try Buffer(device: device, byteCount: byteCount, usage: .storage)
    }
    #expect(error?.reason == .argument)
    try device.instance.checkValidation()
  }

  @Test("too many workgroups are refused with the limit's name")
  func groupLimit() throws {
    let device = try Self.device()
    let (_, dispatch) = try Self.words(device, Shader.increment, [0])
    let allowed = device.physicalDevice.limits.maxComputeWorkGroupCount
    guard let y = UInt32(exactly: allowed[1] + 1) else { return }
    let error = #expect(throws: VulkanError.self) {
      try Dispatch(pipeline: dispatch.pipeline, set: dispatch.set, groups: GroupCount(1, y))
    }
    #expect(error?.reason == .limit("maxComputeWorkGroupCount"))
    try device.instance.checkValidation()
  }

  @Test("a set takes one buffer for each binding")
  func wrongCount() throws {
    let device = try Self.device()
    let (buffer, dispatch) = try Self.words(device, Shader.increment, [0])
    let error = #expect(throws: VulkanError.self) {
      try DescriptorSet(pipeline: dispatch.pipeline, buffers: [buffer, buffer])
    }
    #expect(error?.reason == .argument)
    try device.instance.checkValidation()
  }

  @Test("a set of other bindings is refused by a dispatch")
  func wrongSet() throws {
    let device = try Self.device()
    let (_, dispatch) = try Self.words(device, Shader.increment, [0])
    let (pipeline, _) = try Self.add(device, count: 1)
    let error = #expect(throws: VulkanError.self) {
      try Dispatch(pipeline: pipeline, set: dispatch.set, groups: GroupCount(1))
    }
    #expect(error?.reason == .argument)
    try device.instance.checkValidation()
  }

  @Test("what validation objects to is an error of the call at hand, once")
  func validation() throws {
    let device = try Self.device()
    let (_, dispatch) = try Self.words(device, Shader.increment, [0])
    let uniform = try Buffer(device: device, byteCount: 16, usage: .uniform)
    let error = #expect(throws: VulkanError.self) {
      try DescriptorSet(pipeline: dispatch.pipeline, buffers: [uniform])
    }
    #expect(error?.reason == .validation)
    #expect(error?.call == "vkUpdateDescriptorSets")
    #expect(error?.detail?.contains("VUID-VkWriteDescriptorSet-descriptorType-00331") == true)
    try device.instance.checkValidation()
  }

  @Test("the end of everything is silent under validation")
  func destruction() throws {
    let log = try #require(try Self.usedAndGone())
    try log.check()
  }

  private static func usedAndGone() throws -> ValidationLog? {
    let device = try Self.device()
    let (_, dispatch) = try Self.words(device, Shader.increment, [0])
    _ = try TimedCommands(device: device, dispatches: [dispatch])
      .run(timeoutNanoseconds: 60 * Self.seconds)
    return device.instance.validationLog
  }

  @Test("compiled pipelines are given out, and taken back by another device")
  func pipelineCache() throws {
    let first = try Self.device()
    _ = try Self.add(first, count: 3)
    let stored = try #require(first.pipelineCacheData())
    let second = try Self.device(pipelineCache: stored)
    _ = try Self.add(second, count: 3)
    #expect(second.pipelineCacheData() != nil)
    try second.instance.checkValidation()
  }
}
