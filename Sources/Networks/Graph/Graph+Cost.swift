internal import Workloads

extension Graph {
  /// Learned numbers: weights, biases and slopes, pruned ones included. Constant factors and addends
  /// (mean shifts) are not learned.
  public var parameters: Int { nodes.reduce(0) { $0 + $1.layer.parameters } }

  /// Multiply-accumulates of convolutions, as if nothing were pruned: one for each weight and pixel,
  /// padding included. A transposed convolution has one for each weight and *input* pixel.
  public var macs: Int { nodes.reduce(0) { $0 + macs(of: $1) } }

  /// Multiply-accumulates of one node.
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
}

extension Layer {
  /// Learned numbers.
  public var parameters: Int {
    switch self {
    case .convolution(let it): it.weightCount + (it.bias?.count ?? 0)
    case .transposedConvolution(let it): it.weights.count + (it.bias?.count ?? 0)
    case .activation(.prelu(let slopes)): slopes.count
    default: 0
    }
  }
}
