public import Workloads

extension ConvolutionLayer {
  /// The convolution of a workload, with what is pruned, without anything fused.
  ///
  /// - Throws: Why it cannot be pruned so.
  public func convolution() throws(InvalidWorkload) -> Convolution {
    let dense = Convolution(
      kernel: kernel, inputs: inputs, outputs: outputs, stride: stride, groups: groups)
    guard let pruning else { return dense }
    if let mask = pruning.mask { return try dense.pruned(pruning.scheme, by: mask) }
    return try dense.pruned(pruning.scheme, rate: pruning.rate, seed: pruning.seed)
  }

  /// The weights, zero where they are pruned; as they are if they cannot be pruned so.
  public var keptWeights: Parameters {
    guard pruning != nil, let pruned = try? convolution(),
      let workload = try? Workload(.convolution(pruned), height: 1, width: 1)
    else { return weights }
    return weights.map { weights in
      guard let mask = workload.mask else { return weights }
      return weights.enumerated().map { mask[$0] ? $1 : 0 }
    }
  }
}
