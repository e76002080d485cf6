import DeviceProtocol
import Testing

/// A value of the protocol, with what can be done with its bytes.
struct Sample: Sendable {
  let bytes: [UInt8]
  /// Whether bytes are read as this value.
  let isRead: @Sendable ([UInt8]) -> Bool

  init<Value: WireValue & Equatable & Sendable>(_ value: Value) {
    let bytes = value.bytes
    self.bytes = bytes
    isRead = { (payload: [UInt8]) in (try? Value(payload: payload)) == value }
  }
}

enum Samples {
  /// One of each kind, with every optional part once there and once not.
  static let all: [Sample] =
    [
      Sample(
        Hello(
          program: digest, architecture: "aarch64", processID: 4711,
          host: HostFacts(
            operatingSystem: "Android 14", model: "a phone", processor: "some chip", cores: 8,
            unit: "R58M12"))),
      Sample(ExecutorEnd(signal: 11, exitCode: 0)),
      Sample(OpenRequest(validation: true)),
      Sample(OpenRequest(validation: false, index: 1, pipelineCache: digest)),
      Sample(device),
      Sample(
        PipelineRequest(
          id: 1, code: digest,
          bindings: [
            .storageBuffer, .uniformBuffer, .uniformSlices(count: 3, bytes: 65536),
            .uniformTexelBuffer, .uniformTexelBuffer16, .linearImage(width: 4096),
            .linearImage16(width: 64),
          ], constants: [1, 2, .max], capturesStatistics: true)),
      Sample(
        PipelineReply(
          compileNanoseconds: 1.5e9,
          executables: [
            PipelineExecutable(
              name: "cs", subgroupSize: 32,
              statistics: [
                ExecutableStatistic(name: "a", description: "b", value: .integer(-1)),
                ExecutableStatistic(name: "c", description: "", value: .unsigned(.max)),
                ExecutableStatistic(name: "d", description: "e", value: .float(0.5)),
                ExecutableStatistic(name: "f", description: "g", value: .bool(true)),
              ])
          ])),
      Sample(
        BufferRequest(
          id: 2, byteCount: 1 << 33, usage: [.storage, .uniformTexel], placement: .staging,
          mapping: true)),
      Sample(FillRequest(buffer: 2, word: 0x7FC0_DEAD)),
      Sample(BufferPiece(buffer: 2, offset: 1 << 32, count: FrameHeader.pieceBytes)),
      Sample(ContentPiece(digest: digest, byteCount: ContentPiece.mostBytes, offset: 12)),
      Sample(LoadRequest(digest: digest, buffers: [1, 2, 3])),
      Sample(IdentifierList([])),
      Sample(SetRequest(id: 3, pipeline: 1, buffers: [2, 2])),
      Sample(RingRequest(id: 4, steps: [.init(set: 3, groups: GroupCount(1, 2, 3))])),
      Sample(Run(ring: 4, start: 1, length: 16, timeoutNanoseconds: .max, timesEach: true)),
      Sample(
        RunReply(
          timings: [
            Timing(deviceNanoseconds: 1, wallNanoseconds: 2, dispatchNanoseconds: [1, 0]),
            Timing(deviceNanoseconds: nil, wallNanoseconds: 2, dispatchNanoseconds: nil),
          ], failure: VulkanError(.timedOut, call: "vkWaitForFences", making: "a run"))),
      Sample(
        Telemetry(
          readings: [
            .init(source: "/sys/class/devfreq/gpu/cur_freq", value: "600000000"),
            .init(source: "vcgencmd", value: nil),
          ], thermalStatus: 2)),
    ] + errors.map { Sample($0) }

  private static let digest = Digest(of: [1, 2, 3])

  private static let errors: [VulkanError] = [
    VulkanError(.result(.deviceLost), call: "vkQueueSubmit", making: "a run", detail: "gone"),
    VulkanError(.noLoader, call: "dlopen", making: "an instance"),
    VulkanError(.noDriver, call: "vkCreateInstance", making: "an instance"),
    VulkanError(.missingFunction("vkX"), call: "vkX", making: "an instance"),
    VulkanError(.missingLayer("VK_LAYER"), call: "vkX", making: "an instance"),
    VulkanError(.validation, call: "vkX", making: "a run", detail: "a barrier is missing"),
    VulkanError(.limit("maxY"), call: "vkX", making: "a buffer"),
    VulkanError(.argument, call: "vkX", making: "a buffer"),
    VulkanError(.crashed, call: "vkX", making: "a pipeline", detail: "signal 11 (SIGSEGV)"),
    VulkanError(.linkLost, call: "vkX", making: "a run"),
  ]

  private static let device = PhysicalDevice(
    index: 1, name: "a GPU", type: .integratedGPU, vendorID: 0x5143, deviceID: 7,
    apiVersion: "1.1.128",
    driver: PhysicalDevice.Driver(
      id: 8, name: "driver", info: "info", rawVersion: 0x8020_0000, version: "512.0.0"),
    deviceUUID: "00ff", pipelineCacheUUID: "ff00",
    memoryHeaps: [PhysicalDevice.MemoryHeap(bytes: 1 << 33, deviceLocal: true)],
    unifiedMemory: true, subgroupSize: 64, subgroupOperations: ["basic", "shuffle"],
    timestampPeriod: 52.08, timestampValidBits: 48, queueFamily: nil,
    limits: PhysicalDevice.Limits(
      maxComputeWorkGroupInvocations: 1024, maxComputeWorkGroupSize: [1024, 1024, 64],
      maxComputeWorkGroupCount: [65535, 65535, 65535], maxComputeSharedMemorySize: 32768,
      maxTexelBufferElements: 1 << 27, maxLinearImageDimension: 16384,
      maxUniformBufferRange: 65536, maxStorageBufferRange: 1 << 30,
      maxMemoryAllocationSize: 1 << 31, maxPerStageDescriptorStorageBuffers: 24,
      maxPerStageDescriptorUniformBuffers: 84, minUniformBufferOffsetAlignment: 64,
      minStorageBufferOffsetAlignment: 64, minTexelBufferOffsetAlignment: 64,
      nonCoherentAtomSize: 1),
    features: PhysicalDevice.Features(
      shaderFloat16: true, shaderInt8: false, shaderInt16: true,
      shaderUniformBufferArrayDynamicIndexing: true, storageBuffer16BitAccess: true,
      uniformAndStorageBuffer16BitAccess: false, storageBuffer8BitAccess: false,
      pipelineExecutableInfo: true, subgroupSizeControl: true, calibratedTimestamps: false),
    enabledExtensions: ["VK_KHR_a"])
}

/// xorshift64: the same numbers each time.
struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// Bytes with some changed, cut off or added.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(next() % 4) {
      switch next() % 4 {
      case 0 where !bytes.isEmpty: bytes.removeLast(Int(next() % UInt64(bytes.count)) + 1)
      case 1: bytes += (0..<(next() % 16)).map { _ in UInt8(truncatingIfNeeded: next()) }
      case 2 where bytes.count >= 4:
        // A count that promises much.
        let place = Int(next() % UInt64(bytes.count - 3))
        bytes.replaceSubrange(place..<place + 4, with: [255, 255, 255, UInt8(next() % 256)])
      default:
        if !bytes.isEmpty {
          bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next())
        }
      }
    }
    return bytes
  }
}
