internal import Networks
internal import Report
internal import Workloads

/// The layers of a network, to print.
struct GraphListing: Encodable {
  struct Layer: Encodable {
    let name: String
    let layer: String
    /// Layers whose results come in; `input` for the image.
    let inputs: [String]
    /// Channels, height, width.
    let output: [Int]
    let parameters: Int
    let macs: Int
    let keptMacs: Int
  }

  /// A workload that the network is lowered to, and how often it runs.
  struct Work: Encodable {
    let workload: String
    let count: Int
    let macs: Int
    let bytes: Int
  }

  let network: String
  let input: [Int]
  let output: [Int]
  let parameters: Int
  let parametersByKind: ParameterCount
  let macs: Int
  let keptMacs: Int
  let layers: [Layer]
  let workloads: [Work]

  /// - Parameter lowered: What the graph is lowered to.
  init(_ graph: Graph, _ lowered: LoweredNetwork) {
    func sides(_ value: Graph.Value) -> [Int] {
      [graph[value].channels, graph[value].height, graph[value].width]
    }
    var names = [graph.input: "input"]
    for node in graph.nodes { names[node.output] = node.name }
    network = graph.name
    input = sides(graph.input)
    output = sides(graph.output)
    parametersByKind = graph.parameterCount
    parameters = parametersByKind.total
    macs = graph.macs
    keptMacs = graph.keptMacs
    layers = graph.nodes.map { node in
      Layer(
        name: node.name, layer: node.layer.summary, inputs: node.inputs.compactMap { names[$0] },
        output: sides(node.output), parameters: node.layer.parameters, macs: graph.macs(of: node),
        keptMacs: graph.keptMacs(of: node))
    }
    workloads = lowered.counts.map { workload, count in
      Work(
        workload: workload.name, count: count, macs: workload.macs, bytes: workload.bytes)
    }
  }

  /// What the counts count.
  static let conventions =
    "MACs: one for each weight, pruned or not, and output pixel (input pixel of a deconvolution), "
    + "padding included, bias not; shared parameters count once, mean shifts not at all"

  var text: TerminalText {
    var table = TextTable([
      ("layer", .left), ("computes", .left), ("result", .right), ("parameters", .right),
      ("MACs", .right),
    ])
    for it in layers {
      table.add([
        it.name, it.layer, Self.text(it.output), it.parameters == 0 ? "" : "\(it.parameters)",
        it.macs == 0 ? "" : Format.metric(it.macs),
      ])
    }
    var work = TextTable([
      ("workload", .left), ("times", .right), ("MMAC", .right), ("MB", .right),
    ])
    for it in workloads {
      work.add([
        it.workload, "\(it.count)", Format.significant(Double(it.macs) / 1e6),
        Format.significant(Double(it.bytes) / 1e6),
      ])
    }
    let kinds = parametersByKind
    let kept = keptMacs == macs ? "" : ", \(Format.metric(keptMacs)) of weights that are not pruned"
    return """
      \(network): \(Self.text(input)) -> \(Self.text(output))

      \(table.text)
      \(work.text)
      parameters  \(Format.metric(parameters)) (\(kinds.weights) weights, \(kinds.biases) biases, \
      \(kinds.slopes) slopes)
      MACs        \(Format.metric(macs))\(kept)
      (\(Self.conventions))

      """
  }

  private static func text(_ sides: [Int]) -> String {
    sides.map { "\($0)" }.joined(separator: "x")
  }
}
