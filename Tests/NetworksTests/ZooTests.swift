import NetworkEvaluation
import Networks
import Statistics
import Testing
import Workloads

/// What the families have beside their counts.
@Suite struct `The zoo` {
  private func graph(_ text: String) throws -> Graph {
    try NetworkDescription(parsing: text).graph()
  }

  /// Convolutions in the order they run.
  private func convolutions(_ text: String) throws -> [(name: String, layer: ConvolutionLayer)] {
    try graph(text).nodes.compactMap { node in
      guard case .convolution(let it) = node.layer else { return nil }
      return (node.name, it)
    }
  }

  @Test func `has the same weights for the same seed and others for another`() throws {
    let first = try convolutions("wdsr-b:blocks=1")
    let again = try convolutions("wdsr-b:blocks=1,scale=2")
    let other = try convolutions("wdsr-b:blocks=1,seed=2")
    for (index, (_, layer)) in first.enumerated() {
      #expect(layer.weights.values == again[index].layer.weights.values)
      #expect(layer.bias?.values == again[index].layer.bias?.values)
      #expect(layer.weights.values != other[index].layer.weights.values)
      #expect(layer.weights.values.count == layer.weightCount)
    }
    #expect(first[1].layer.weights.values != first[2].layer.weights.values)
  }

  /// He's variance keeps the mean square of what goes through a convolution and ReLU.
  @Test func `spreads weights evenly around zero`() throws {
    let (_, layer) = try convolutions("quicksrnet")[1]
    let values = layer.weights.values
    let mean = values.reduce(0, +) / Float(values.count)
    let square = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
    #expect(abs(mean) < 0.003)
    #expect(abs(square * 32 * 9 - 2) < 0.1)
  }

  @Test func `prunes what a scheme is for`() throws {
    let pattern = try convolutions("wdsr-b:blocks=1,scheme=pattern,rate=2")
    #expect(pattern.map { $0.layer.pruning?.rate } == [nil, nil, nil, 2, nil, nil])
    let blocks = try convolutions("wdsr-a:blocks=1,scheme=block-punched,rate=4")
    #expect(
      blocks.map { $0.layer.pruning?.scheme } == [nil, .blockPunched, .blockPunched, nil, nil])
    let filters = try convolutions("wdsr-b:blocks=1,scheme=filter,rate=2")
    #expect(filters.allSatisfy { $0.layer.pruning == nil })
    #expect(filters.map(\.layer.outputs) == [32, 96, 13, 32, 12, 12])
  }

  @Test func `counts what pruning keeps`() throws {
    let graph = try graph("wdsr-a:blocks=1,scheme=unstructured,rate=4,input=10x10")
    let cell = 2 * 9 * 32 * 128 * 100
    #expect(graph.macs - graph.keptMacs == cell * 3 / 4)
  }

  @Test(arguments: [
    ("front", ["group0", "group1"]), ("back", ["group4", "group5"]),
  ])
  func `splits the first or the last groups`(mode: String, split: [String]) throws {
    let graph = try graph("splitsr:hybrid=2,mode=\(mode)")
    let slices = graph.nodes.filter { $0.name.hasSuffix(".active") }
    #expect(Set(slices.map { String($0.name.prefix(6)) }) == Set(split))
    #expect(slices.count == 12)
  }

  @Test func `splits the upsampler in place of groups, or both`() throws {
    func slices(_ location: String) throws -> [String] {
      try graph("splitsr:scale=4,location=\(location)").nodes.map(\.name)
        .filter { $0.hasSuffix(".active") }
    }
    #expect(try slices("upsampler") == ["up0.active", "up1.active"])
    #expect(try slices("both").count == 3 * 6 + 2)
    #expect(try slices("features").count == 3 * 6)
  }

  @Test func `alternates blocks within groups in the other reading`() throws {
    let names = try graph("splitsr-block:groups=1").nodes.map(\.name)
    let split = (0..<6).filter { names.contains("group0.block\($0).active") }
    #expect(split == [1, 2, 4, 5])
  }

  /// A split block moves what it has convolved behind the rest, so all channels are once in turn.
  @Test func `puts the channels of a split block behind the others`() throws {
    let graph = try graph("block-splitsr:channels=8")
    let (active, passive) = (graph.nodes[0], graph.nodes[1])
    guard case .slice(0, 2) = active.layer, case .slice(2, 6) = passive.layer else {
      Issue.record("not the first two and the other six")
      return
    }
    #expect(graph.nodes.last?.inputs.first == passive.output)
  }

  @Test func `shares the residual unit of CARN-M`() throws {
    let all = try convolutions("carn-m")
    let shared = all.filter { $0.name.hasPrefix("block0.use") && $0.name.hasSuffix("conv0") }
    #expect(shared.count == 3)
    #expect(Set(shared.map(\.layer.weights.identity)).count == 1)
    let other = try #require(all.first { $0.name == "block1.use0.conv0" })
    #expect(other.layer.weights.identity != shared[0].layer.weights.identity)
  }

  @Test func `deconvolves to exactly scale times the size`() throws {
    for scale in 2...4 {
      let graph = try graph("fsrcnn:scale=\(scale),input=7x5")
      #expect(graph[graph.output] == MapShape(channels: 1, height: 5 * scale, width: 7 * scale))
    }
  }

  /// The range of half precision is out of reach, and so is vanishing.
  @Test(arguments: SmallNetworks.descriptions) func `keeps numbers of order one`(network: String)
    throws
  {
    let graph = try graph(network)
    var numbers = SplitMix64(state: 5)
    let input = graph[graph.input]
    let image = (0..<input.channels * input.height * input.width).map { _ in
      Float(numbers.below(256)) / 255
    }
    let maps = graph.evaluated(image)
    // Few numbers, as of channel attention, may all be small.
    for node in graph.nodes where graph[node.output].height > 1 {
      let map = maps[node.output.index]
      let size = (map.reduce(0) { $0 + $1 * $1 } / Float(map.count)).squareRoot()
      #expect(0.005...20 ~= size, "\(node.name) has numbers of \(size)")
    }
    let output = try #require(maps.last)
    #expect(Set(output).count > output.count / 4, "the result is not constant")
  }
}
