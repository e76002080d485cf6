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

  /// Bytes that must move at least: every operand once, channels padded to blocks of four as they
  /// are stored, the halo and pruned weights not counted, nor what says which they are.
  public var bytes: Int {
    let maps = activations.reduce(0) { sum, activation in
      let shape = activation.shape
      return sum + (shape.channels + 3) / 4 * 4 * shape.height * shape.width
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

  /// Largest error of a result, as a share of the sum of the absolute values of its terms, that
  /// rounding explains; a larger one is a wrong answer.
  ///
  /// `u * (4 + 4 * sqrt(n))` for `n` summed terms: errors of independent roundings grow with the
  /// square root (Higham, Accuracy and Stability of Numerical Algorithms, 2.8), and one wrong term
  /// among the few thousand of a convolution is about `1 / n`, far above it. The hundred thousands
  /// of a pooled plane would hide a missing one under that bound; but numbers of random sign, as
  /// ``TestData`` has them, sum to so little on the way that the roundings stay near `u` of the
  /// magnitude however many there are, so `8 * u` is allowed. Moving numbers without computing has
  /// no error.
  public var tolerance: Double {
    let terms: Int
    switch operation {
    case .pixelShuffle, .concat: return 0
    case .convolution: terms = macsPerResult + 2
    case .add, .channelScale, .globalAveragePool: terms = 1
    }
    return elementType.unitRoundoff * (4 + 4 * Double(terms).squareRoot())
  }
}
