import DeviceProtocol
import Devices
import Execution
import Foundation
import Kernels
import Measurement
import NetworkEvaluation
import Networks
import Statistics
import Tables
import Testing
import Workloads

/// Whole networks on both software drivers under the validation layer, against their definition.
@Suite(.serialized) struct `A network on Vulkan devices` {
  /// A back end on each device that runs on the processor, with the log its messages go to.
  private func backends() throws -> [VulkanBackend] {
    setenv("VK_ADD_DRIVER_FILES", "/usr/lib/chromium/vk_swiftshader_icd.json", 1)
    let instance = try Instance(validation: true)
    return try instance.physicalDevices().filter { $0.type == .cpu }.map {
      try VulkanBackend(
        $0, of: instance, options: .init(cacheFolder: nil, version: "test"))
    }
  }

  private func noise(_ count: Int) -> [Float] {
    var random = SplitMix64(state: 3)
    return (0..<count).map { _ in Float(random.below(256)) / 255 }
  }

  /// The largest difference over the largest number that is right.
  private func error(_ found: [Float], _ right: [Float]) -> Float {
    guard found.count == right.count else { return .infinity }
    let largest = right.map(abs).max() ?? 1
    return zip(found, right).map { $0.isFinite ? abs($0 - $1) / largest : .infinity }.max() ?? 0
  }

  private func run(
    _ network: LoweredNetwork, _ image: [Float], on backend: VulkanBackend,
    schedule: (Workload) -> String? = { _ in nil }
  ) throws -> [Float] {
    let ready = try VulkanNetwork(
      network, on: backend, programs: NetworkPrograms(), schedule: schedule)
    try ready.load(image)
    // The second frame must not see anything of the first.
    _ = try ready.run(length: 2, watchdogNanoseconds: 60e9)
    return try ready.result()
  }

  @Test func `gives what its layers give, for every family`() throws {
    let backends = try backends()
    #expect(backends.count == 2)
    for description in SmallNetworks.descriptions {
      let graph = try NetworkDescription(parsing: description).graph()
      let image = noise(graph[graph.input].count)
      let right = try #require(graph.evaluated(image).last)
      for fusing in [true, false] where fusing || description.contains("splitsr") {
        let lowered = try LoweredNetwork(graph, fusingSplitBlocks: fusing)
        for backend in backends {
          let error = error(try run(lowered, image, on: backend), right)
          #expect(error < 1e-4, "\(description) on \(backend.device.name)")
        }
      }
    }
  }

  @Test func `gives the same by every kind of schedule`() throws {
    let backend = try #require(try backends().first)
    let graph = try NetworkDescription(parsing: "wdsr-a:blocks=2,channels=8,input=20x12").graph()
    let lowered = try LoweredNetwork(graph)
    let image = noise(graph[graph.input].count)
    let right = try #require(graph.evaluated(image).last)
    for name in [
      "winograd2/4x2x8/wg8x4/in:texel/w:subgroup8", "coded/2x2x64/wg8x4/in:texel/w:code",
      "direct/4x1x16/wg8x4/in:image/w:uniform", "gemm/4x1x16/wg16x4/in:texel/w:texel",
    ] {
      let found = try run(lowered, image, on: backend) { backend.adapted(name, of: $0, to: $0) }
      #expect(error(found, right) < 1e-4, "\(name)")
    }
  }

  @Test func `has its kernels checked once, unless a store knows them`() throws {
    let graph = try NetworkDescription(parsing: "wdsr-a:blocks=2,channels=8,input=20x12").graph()
    let lowered = try LoweredNetwork(graph)
    for backend in try backends() {
      let schedules = try VulkanNetwork.schedules(of: lowered, on: backend, schedule: { _ in nil })
      #expect(schedules.count == lowered.steps.count)
      var checks = KernelChecks()
      let step = lowered.steps[0]
      checks.add([step.workload: [schedules[0]]])
      let kinds = Set(lowered.steps.map(\.workload)).count
      let first = try checks.check(
        lowered, by: schedules, on: backend, watchdogNanoseconds: 60e9)
      #expect(first.onTheWay == kinds - 1)
      #expect(first.before == lowered.steps.count - kinds + 1)
      let again = try checks.check(
        lowered, by: schedules, on: backend, watchdogNanoseconds: 60e9)
      #expect(again.onTheWay == 0 && again.before == lowered.steps.count)
    }
  }

  @Test func `names the layer whose kernel is wrong`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-shaders-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try ShaderLibrary().text(of: "convolution_direct.comp")
    let wrong = text.replacing("++i < GROUP_BLOCKS", with: "++i < min(GROUP_BLOCKS, 2u)")
    try #require(wrong != text)
    try Data(wrong.utf8).write(to: folder.appending(path: "convolution_direct.comp"))
    let instance = try Instance(validation: true)
    let device = try #require(try instance.physicalDevices().first { $0.type == .cpu })
    let backend = try VulkanBackend(
      device, of: instance,
      options: .init(
        cacheFolder: nil, library: ShaderLibrary(overridingWith: folder.path), version: "test"))
    let graph = try NetworkDescription(parsing: "espcn:scale=2,input=20x12").graph()
    let lowered = try LoweredNetwork(graph)
    let schedules = try VulkanNetwork.schedules(of: lowered, on: backend, schedule: { _ in nil })
    var checks = KernelChecks()
    // The first layer has too few channels to go wrong.
    let failure = try #require(throws: Failure.self) {
      try checks.check(lowered, by: schedules, on: backend, watchdogNanoseconds: 60e9)
    }
    #expect(failure.kind == .wrongOutput)
    let words = "layer 2 of 3 of \(lowered.name) ("
    #expect(failure.reason.hasPrefix(words), "\(failure.reason)")
    #expect(failure.reason.contains("), conv3x3 64->32 12x20 tanh by \(schedules[1]): "))
  }

  @Test func `times every step, and shares memory between steps`() throws {
    let backend = try #require(try backends().first)
    let graph = try NetworkDescription(parsing: "wdsr-b:blocks=6,channels=8,input=20x12").graph()
    let lowered = try LoweredNetwork(graph)
    let ready = try VulkanNetwork(
      lowered, on: backend, programs: NetworkPrograms(), schedule: { _ in nil })
    let steps = try #require(try ready.runByStep(watchdogNanoseconds: 60e9))
    #expect(steps.count == lowered.steps.count)
    #expect(steps.allSatisfy { $0 > 0 })
    let plan = MemoryPlan(lowered)
    #expect(plan.activations.count < lowered.buffers.count / 2)
    #expect(ready.memoryBytes >= plan.bytes(.float32))
  }

  @Test func `refuses an image of another size`() throws {
    let backend = try #require(try backends().first)
    let graph = try NetworkDescription(parsing: "espcn:input=8x8").graph()
    let ready = try VulkanNetwork(
      LoweredNetwork(graph), on: backend, programs: NetworkPrograms(), schedule: { _ in nil })
    #expect(throws: Failure.self) { try ready.load([1, 2, 3]) }
  }
}
