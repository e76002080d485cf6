internal import Workloads

extension FusedConvolution {
  /// The workload's convolution.
  func convolution() throws(InvalidWorkload) -> Convolution {
    var result = try layer.convolution()
    result.shuffle = shuffle
    result.passing = passing
    result.residual = residual?.side ?? .none
    result.activation = try activation?.workloadActivation() ?? .none
    return result
  }

  /// Learned numbers by operand.
  var parameters: [Operand: Parameters] {
    var list: [Operand: Parameters] = [
      .weights: layer.weights,
      .bias: layer.bias ?? Parameters(repeating: 0, count: layer.outputs),
    ]
    let outputs = layer.outputs
    switch activation {
    case .prelu(let slopes):
      list[.slopes] =
        slopes.count == outputs
        ? slopes
        : slopes.map(count: outputs) { Array(repeating: $0.first ?? 0, count: outputs) }
    case .leakyRelu(let slope): list[.slopes] = Parameters(repeating: slope, count: outputs)
    default: break
    }
    return list
  }
}

extension Nonlinearity {
  /// What a workload calls it.
  fileprivate func workloadActivation() throws(InvalidWorkload) -> Activation {
    switch self {
    case .relu: return .relu
    case .leakyRelu, .prelu: return .prelu
    case .sigmoid: return .sigmoid
    case .tanh: return .tanh
    case .clip(let minimum, let maximum):
      let largest = Float.greatestFiniteMagnitude
      if minimum == 0, maximum >= largest { return .relu }
      return .clip(minimum: max(minimum, -largest), maximum: min(maximum, largest))
    }
  }
}
