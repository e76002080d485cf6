public import Files
internal import Workloads

/// Trained numbers in place of a graph's seeded ones.
extension Graph {
  /// This network with the numbers of a file: `NODE.weight` `[outputs, inputs / groups, kernel, kernel]`
  /// and `NODE.bias` `[outputs]` of each convolution, `NODE.weight` of each PReLU. Nodes that share numbers
  /// take those of the first of them.
  ///
  /// Zeros of a layer that is pruned are its mask.
  ///
  /// - Throws: A tensor that is missing, is not the network's, has another shape, has numbers that are not
  ///   finite, or is not pruned as its layer is.
  public func replacingWeights(by file: Safetensors) throws(InvalidGraph) -> Graph {
    var weights = TrainedWeights(file)
    var result = Graph(name: name, input: self[input])
    for node in nodes {
      try result.append(try weights.layer(of: node), of: node.inputs, name: node.name)
    }
    result.output = output
    try weights.requireAllUsed()
    return result
  }

  /// Names and shapes of the tensors that ``replacingWeights(by:)`` takes, in the order of the layers.
  public var weightShapes: [(name: String, shape: [Int])] {
    var seen: Set<ObjectIdentifier> = []
    return nodes.flatMap { node in
      node.layer.tensors.filter { seen.insert($0.numbers.identity).inserted }.map {
        ("\(node.name).\($0.kind)", $0.shape)
      }
    }
  }
}

/// A file's tensors on their way into layers.
private struct TrainedWeights {
  private let file: Safetensors
  /// Parameters in place of seeded ones, by the identity of these.
  private var replaced: [ObjectIdentifier: Parameters] = [:]
  private var used: Set<String> = []

  init(_ file: Safetensors) {
    self.file = file
  }

  /// A node's layer with the file's numbers.
  mutating func layer(of node: Graph.Node) throws(InvalidGraph) -> Layer {
    var list: [Parameters] = []
    for tensor in node.layer.tensors { list.append(try take(tensor, of: node)) }
    switch node.layer {
    case .convolution(var it):
      it.weights = list[0]
      if list.count > 1 { it.bias = list[1] }
      it.pruning = try pruning(of: it, "\(node.name).weight")
      return .convolution(it)
    case .transposedConvolution(var it):
      it.weights = list[0]
      if list.count > 1 { it.bias = list[1] }
      return .transposedConvolution(it)
    case .activation(.prelu): return .activation(.prelu(slopes: list[0]))
    default: return node.layer
    }
  }

  /// Throws a tensor that no layer has taken.
  func requireAllUsed() throws(InvalidGraph) {
    let others = file.entries.keys.filter { !used.contains($0) }.sorted()
    guard let first = others.first else { return }
    throw InvalidGraph(
      description:
        "has \(others.count == 1 ? "a tensor" : "\(others.count) tensors") that the network "
        + "lacks: '\(first)'\(others.count > 1 ? " is the first" : "")")
  }

  private mutating func take(
    _ tensor: LearnedTensor, of node: Graph.Node
  ) throws(InvalidGraph) -> Parameters {
    let name = "\(node.name).\(tensor.kind)"
    if let shared = replaced[tensor.numbers.identity] {
      // A file may have them under every name, if they are the same.
      guard file.entries[name] == nil || file[name] == shared.values else {
        throw InvalidGraph(
          description:
            "tensor '\(name)' has numbers of its own, and the network shares them with another "
            + "layer")
      }
      used.insert(name)
      return shared
    }
    guard let entry = file.entries[name], let values = file[name] else {
      throw InvalidGraph(description: "has no tensor '\(name)' of the shape \(tensor.shape)")
    }
    guard entry.shape == tensor.shape else {
      throw InvalidGraph(
        description: "tensor '\(name)' has the shape \(entry.shape), not \(tensor.shape)")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw InvalidGraph(
        description: "tensor '\(name)' has \(values[index]) at \(index) of \(values.count)")
    }
    used.insert(name)
    let parameters = Parameters(values)
    replaced[tensor.numbers.identity] = parameters
    return parameters
  }

  /// A layer's pruning with the mask of its weights.
  private func pruning(
    of layer: ConvolutionLayer, _ name: String
  ) throws(InvalidGraph) -> Pruning? {
    guard var pruning = layer.pruning else { return nil }
    do throws(InvalidWorkload) {
      let drawn = try layer.convolution()
      let mask = try WeightMask(pruning.scheme, of: layer.weights.values, drawn)
      // A whole number of groups need not be exactly what the rate says.
      let slack = max(32, mask.total / 100)
      guard mask.kept <= drawn.keptWeights + slack else {
        throw InvalidWorkload(
          part: .sparsity,
          description:
            "its zeros leave \(mask.kept) of \(mask.total) weights to \(pruning.scheme.word) "
            + "pruning, and rate \(numberText(pruning.rate)) leaves \(drawn.keptWeights)")
      }
      pruning.mask = mask
    } catch {
      throw InvalidGraph(description: "tensor '\(name)' is not pruned as its layer is: \(error)")
    }
    return pruning
  }
}

/// Learned numbers of a layer under the name that PyTorch gives them.
private struct LearnedTensor {
  let kind: String
  let shape: [Int]
  let numbers: Parameters
}

extension Layer {
  fileprivate var tensors: [LearnedTensor] {
    func tensors(_ shape: [Int], _ weights: Parameters, _ bias: Parameters?) -> [LearnedTensor] {
      [LearnedTensor(kind: "weight", shape: shape, numbers: weights)]
        + (bias.map { [LearnedTensor(kind: "bias", shape: [$0.count], numbers: $0)] } ?? [])
    }
    switch self {
    case .convolution(let it):
      let inputs = it.inputs / max(it.groups, 1)
      return tensors([it.outputs, inputs, it.kernel, it.kernel], it.weights, it.bias)
    case .transposedConvolution(let it):
      return tensors([it.inputs, it.outputs, it.kernel, it.kernel], it.weights, it.bias)
    case .activation(.prelu(let slopes)): return tensors([slopes.count], slopes, nil)
    default: return []
    }
  }
}
