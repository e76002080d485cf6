import Files
import NetworkEvaluation
import Networks
import Testing
import Workloads

@Suite("Trained weights")
struct TrainedWeightsTests {
  private let text = """
    {"scale": 2, "input": "6x4", "channels": 8, "cells": [
      {"block": "wdsr-a", "middle": [16], "layers": [
        {"scheme": "pattern", "rate": 2}, {"scheme": "block-punched", "rate": 3}]},
      {"block": "wdsr-b", "middle": [16, 6], "layers": [
        {"scheme": "filter", "rate": 2}, {"scheme": "unstructured", "rate": 2},
        {"scheme": "none"}]}]}
    """

  private func candidate() throws -> Graph { try Candidate(json: Array(text.utf8)).graph() }

  /// Other numbers for a graph's own, zero where pruned ones are.
  private func tensors(of graph: Graph) throws -> [String: (shape: [Int], values: [Float])] {
    let kept = Dictionary(
      graph.nodes.compactMap { node -> (String, [Float])? in
        guard case .convolution(let it) = node.layer else { return nil }
        return ("\(node.name).weight", it.keptWeights.values)
      }, uniquingKeysWith: { first, _ in first })
    var result: [String: (shape: [Int], values: [Float])] = [:]
    for (name, shape) in graph.weightShapes {
      let count = shape.reduce(1, *)
      result[name] = (
        shape,
        (0..<count).map { kept[name]?[$0] == 0 ? 0 : Float(($0 * 7 + name.count) % 11) / 50 - 0.11 }
      )
    }
    return result
  }

  private func file(
    _ tensors: [String: (shape: [Int], values: [Float])]
  ) throws -> Safetensors {
    Safetensors(
      try tensors.mapValues { try #require(Safetensors.Values(shape: $0.shape, $0.values)) })
  }

  private func mistake(
    _ change: (inout [String: (shape: [Int], values: [Float])]) -> Void
  ) throws -> String {
    let graph = try candidate()
    var tensors = try tensors(of: graph)
    change(&tensors)
    let file = try file(tensors)
    do throws(InvalidGraph) {
      _ = try graph.replacingWeights(by: file)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test("take the place of seeded ones, and zeros are the masks")
  func replaced() throws {
    let seeded = try candidate()
    let tensors = try tensors(of: seeded)
    let trained = try seeded.replacingWeights(by: file(tensors))
    #expect(trained.nodes.map(\.name) == seeded.nodes.map(\.name))
    #expect(trained.shapes == seeded.shapes)
    #expect(trained.keptMacs == seeded.keptMacs)
    for node in trained.nodes {
      guard case .convolution(let it) = node.layer else { continue }
      #expect(it.weights.values == tensors["\(node.name).weight"]?.values)
      #expect(it.keptWeights.values == it.weights.values)
      #expect(it.bias?.values == tensors["\(node.name).bias"]?.values)
      #expect((it.pruning == nil) == (it.pruning?.mask == nil))
    }
    // The same numbers in a network that is not pruned give the same picture.
    let dense = try Candidate(
      json: Array(
        text.replacing(/"scheme": "(pattern|block-punched|unstructured)", "rate": \d/) { _ in
          "\"scheme\": \"none\""
        }.utf8)
    ).graph().replacingWeights(by: file(tensors))
    let image = (0..<3 * 4 * 6).map { Float($0 % 17) / 17 }
    #expect(trained.evaluated(image).last == dense.evaluated(image).last)
    #expect(trained.keptMacs < dense.keptMacs)
  }

  @Test(
    "reach networks of every family",
    arguments: SmallNetworks.descriptions.filter { !$0.contains("scheme") })
  func families(_ description: String) throws {
    let graph = try NetworkDescription(parsing: description).graph()
    let trained = try graph.replacingWeights(by: file(tensors(of: graph)))
    #expect(trained.parameters == graph.parameters)
    #expect(trained.weightShapes.map(\.name) == graph.weightShapes.map(\.name))
  }

  @Test("that are missing, others', misshapen, not numbers or not pruned are refused")
  func mistakes() throws {
    #expect(
      try mistake { $0["tail.bias"] = nil } == "has no tensor 'tail.bias' of the shape [12]")
    #expect(
      try mistake { $0["tail.extra"] = ([1], [1]) }
        == "has a tensor that the network lacks: 'tail.extra'")
    #expect(
      try mistake {
        $0["z"] = ([1], [1])
        $0["y"] = ([1], [1])
      } == "has 2 tensors that the network lacks: 'y' is the first")
    #expect(
      try mistake { $0["head.bias"] = ([4, 2], [Float](repeating: 0, count: 8)) }
        == "tensor 'head.bias' has the shape [4, 2], not [8]")
    #expect(
      try mistake { $0["head.bias"]?.values[3] = .nan } == "tensor 'head.bias' has nan at 3 of 8")
    #expect(
      try mistake { $0["cell0.conv0.weight"]?.values = [Float](repeating: 1, count: 8 * 16 * 9) }
        == "tensor 'cell0.conv0.weight' is not pruned as its layer is: filter 0 keeps the weights "
        + "111111111 of channel 0, and no pattern does")
    #expect(
      try mistake { $0["cell0.conv1.weight"]?.values = [Float](repeating: 1, count: 8 * 16 * 9) }
        == "tensor 'cell0.conv1.weight' is not pruned as its layer is: its zeros leave 1152 of 1152 "
        + "weights to blockPunched pruning, and rate 3 leaves 384")
    #expect(
      try mistake { $0["cell1.conv1.weight"]?.values = [Float](repeating: 0, count: 48) } == "none")
  }
}
