import Networks
import Testing
import Workloads

@Suite struct GraphTests {
  @Test func aLayerThatDoesNotFitIsNamed() throws {
    var graph = Graph(name: "test", input: MapShape(channels: 3, height: 4, width: 5))
    let error = #expect(throws: InvalidGraph.self) {
      try graph.append(.pixelShuffle(factor: 2), graph.input, name: "up")
    }
    #expect(error?.description == "node 'up': 3 channels do not divide by 4")
    #expect(graph.nodes.isEmpty)
  }
}
