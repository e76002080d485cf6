import DeviceProtocol
import Devices
import Execution
import Foundation
import Images
import Measurement
import NetworkEvaluation
import Networks
import ONNX
import Statistics
import Tables
import Testing
import Workloads

/// Networks executed on lavapipe, compared with ONNX Runtime.
@Suite(.serialized) struct `An executed network and ONNX Runtime` {
  private func backend() throws -> VulkanBackend {
    let instance = try Instance(validation: true)
    let device = try #require(
      try instance.physicalDevices().first { $0.type == .cpu && $0.name.contains("llvmpipe") })
    return try VulkanBackend(
      device, of: instance, options: .init(cacheFolder: nil, version: "test"))
  }

  private func output(_ graph: Graph, _ image: Tensor, on backend: VulkanBackend) throws -> Tensor {
    let network = try VulkanNetwork(
      LoweredNetwork(graph), on: backend, programs: NetworkPrograms(), schedule: { _ in nil })
    try network.load(image.values)
    _ = try network.run(length: 1, watchdogNanoseconds: 60e9)
    return Tensor(graph[graph.output], try network.result())
  }

  @Test func `agree on models that other exporters write`() throws {
    let (backend, runtime) = (try backend(), try ONNXRuntime())
    defer { runtime.remove() }
    try runtime.run("onnx-models", [runtime.folder.path])
    for name in try runtime.models() {
      let image = try runtime.tensor("\(name).input.npy")
      let expected = try runtime.tensor("\(name).output.npy")
      let graph = try Graph(onnx: runtime.path("\(name).onnx"), input: image.shape)
      let error = relativeError(try output(graph, image, on: backend), expected)
      #expect(error < 1e-4, "\(name): \(error)")
    }
  }

  @Test func `agree on every family of the zoo`() throws {
    let (backend, runtime) = (try backend(), try ONNXRuntime())
    defer { runtime.remove() }
    let graphs = try SmallNetworks.descriptions.map { try NetworkDescription(parsing: $0).graph() }
    var random = SplitMix64(state: 5)
    let images = graphs.map { graph in
      let shape = graph[graph.input]
      return Tensor(shape, (0..<shape.count).map { _ in Float(random.below(256)) / 255 })
    }
    let outputs = try runtime.outputs(of: graphs, images)
    for (index, graph) in graphs.enumerated() {
      let error = relativeError(
        try output(graph, images[index], on: backend), outputs[index])
      #expect(error < 1e-4, "\(graph.name): \(error)")
    }
  }
}
