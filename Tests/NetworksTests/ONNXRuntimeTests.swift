import Foundation
import Images
import NetworkEvaluation
import Networks
import Testing
import Workloads

/// Networks compared with ONNX Runtime.
@Suite struct ONNXRuntimeTests {
  @Test func modelsOfOtherExportersComputeTheSame() throws {
    let runtime = try ONNXRuntime()
    defer { runtime.remove() }
    try runtime.run("onnx-models", [runtime.folder.path])
    let models = try runtime.models()
    #expect(models.count >= 17)
    for name in models {
      let image = try runtime.tensor("\(name).input.npy")
      let expected = try runtime.tensor("\(name).output.npy")
      do {
        let graph = try Graph(onnx: runtime.path("\(name).onnx"), input: image.shape)
        let error = relativeError(graph.output(of: image), expected)
        #expect(error < 1e-5, "\(name): \(error)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test func everyLayerThatIsWrittenComputesTheSame() throws {
    try compare(Graph.ofEveryLayer())
  }

  @Test func everyFamilyOfTheZooComputesTheSame() throws {
    try compare(SmallNetworks.descriptions.map { try NetworkDescription(parsing: $0).graph() })
  }

  /// Writes graphs, reads them again, and compares what they compute with ONNX Runtime.
  private func compare(_ graphs: [Graph]) throws {
    let runtime = try ONNXRuntime()
    defer { runtime.remove() }
    for (index, graph) in graphs.enumerated() {
      let image = Tensor(graph[graph.input], random(graph[graph.input].count, seed: 7))
      try runtime.write(graph.onnx(), "\(index).onnx")
      try runtime.write(NPY.encode(image), "\(index).npy")
    }
    try runtime.run(
      "onnx-run",
      graphs.indices.flatMap { index in
        [".onnx", ".npy", ".output.npy"].map { runtime.path("\(index)\($0)") }
      })
    for (index, graph) in graphs.enumerated() {
      let image = try runtime.tensor("\(index).npy")
      let expected = try runtime.tensor("\(index).output.npy")
      let error = relativeError(graph.output(of: image), expected)
      #expect(error < 1e-5, "\(graph.name): \(error)")
      let again = try Graph(onnx: runtime.path("\(index).onnx"))
      let same = relativeError(again.output(of: image), expected)
      #expect(same < 1e-5, "\(graph.name) read again: \(same)")
    }
  }
}

extension Graph {
  /// What comes out for an image.
  fileprivate func output(of image: Tensor) -> Tensor {
    Tensor(self[output], evaluated(image.values)[output.index])
  }
}
