import Execution
import Foundation
import Kernels
import Measurement
import NetworkEvaluation
import Networks
import Tables
import Testing
import Vulkan
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
      let found = try run(lowered, image, on: backend) { backend.adapted(name, to: $0) }
      #expect(error(found, right) < 1e-4, "\(name)")
    }
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
