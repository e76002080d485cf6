extension Workload {
  /// Multiply-accumulates: one for each kept weight and output pixel of a convolution, padding pixels
  /// included, padding channels and bias not. Operations that are not convolutions have none.
  public var macs: Int { macs(\.keptWeights) }

  /// Multiply-accumulates if nothing were pruned.
  public var denseMacs: Int { macs(\.weights) }

  private func macs(_ weights: (Convolution) -> Int) -> Int {
    guard case .convolution(let it) = operation else { return 0 }
    let shape = convolutionShape(it)
    return weights(it) * shape.height * shape.width
  }

  /// ``bytes(channelBlock:)`` on a GPU, where blocks have four channels.
  public var bytes: Int { bytes(channelBlock: 4) }

  /// Bytes that must move at least: every operand once, the halo and pruned weights not counted, nor what
  /// says which they are.
  ///
  /// - Parameter channelBlock: Channels that are stored side by side and padded together; at least 1.
  public func bytes(channelBlock: Int) -> Int {
    let maps = activations.reduce(0) { sum, activation in
      let shape = activation.shape
      let channels = (shape.channels + channelBlock - 1) / channelBlock * channelBlock
      return sum + channels * shape.height * shape.width
    }
    let dense = maps + parameters.reduce(0) { $0 + $1.count }
    guard case .convolution(let it) = operation else { return dense * elementType.byteCount }
    return (dense - it.weights + it.keptWeights) * elementType.byteCount
  }

  /// Products summed into one number of the result, on average, rounded up.
  var macsPerResult: Int {
    guard case .convolution(let it) = operation else { return 0 }
    return (it.keptWeights + it.outputs - 1) / it.outputs
  }
}
