import Foundation
import Images
import NetworkEvaluation
import Networks
import ONNX
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
    let images = graphs.map { graph in
      Tensor(graph[graph.input], random(graph[graph.input].count, seed: 7))
    }
    let outputs = try runtime.outputs(of: graphs, images)
    for (index, graph) in graphs.enumerated() {
      let (image, expected) = (images[index], outputs[index])
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
