internal import Workloads

extension Graph {
  /// Learned numbers: weights, biases and slopes, pruned ones included, shared ones once. Constant
  /// factors and addends (mean shifts) are not learned.
  public var parameters: Int { parameterCount.total }

  /// The same by kind.
  public var parameterCount: ParameterCount {
    var seen: Set<ObjectIdentifier> = []
    return nodes.reduce(into: ParameterCount()) { sum, node in
      let count = node.layer.parameterCount(notIn: &seen)
      sum.weights += count.weights
      sum.biases += count.biases
      sum.slopes += count.slopes
    }
  }

  /// Multiply-accumulates of convolutions, as if nothing were pruned: one for each weight and pixel,
  /// padding included. A transposed convolution has one for each weight and *input* pixel.
  public var macs: Int { nodes.reduce(0) { $0 + macs(of: $1) } }

  /// Multiply-accumulates of weights that are not pruned.
  public var keptMacs: Int { nodes.reduce(0) { $0 + keptMacs(of: $1) } }

  /// Multiply-accumulates of one node, as if nothing were pruned.
  public func macs(of node: Node) -> Int {
    switch node.layer {
    case .convolution(let it):
      let map = self[node.output]
      return it.weightCount * map.height * map.width
    case .transposedConvolution(let it):
      let map = self[node.inputs[0]]
      return it.weights.count * map.height * map.width
    default: return 0
    }
  }

  /// Multiply-accumulates of one node's weights that are not pruned.
  public func keptMacs(of node: Node) -> Int {
    guard case .convolution(let it) = node.layer else { return macs(of: node) }
    let map = self[node.output]
    return it.keptWeightCount * map.height * map.width
  }
}

extension ConvolutionLayer {
  /// Weights that are not pruned; all of them where the pruning is not possible.
  public var keptWeightCount: Int { (try? convolution())?.keptWeights ?? weightCount }
}
