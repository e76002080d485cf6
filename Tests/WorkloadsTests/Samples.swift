import Workloads

/// Workloads of every kind, each different from the others.
let everyKind: [Workload] = {
  let activations: [Activation] = [
    .none, .relu, .prelu, .clip(minimum: 0, maximum: 1), .clip(minimum: -0.5, maximum: 6),
    .clip(minimum: -1e30, maximum: 1e-7),
  ]
  var operations: [Operation] = [
    .add(channels: 19), .add(channels: 3), .pixelShuffle(factor: 2, channels: 3),
    .pixelShuffle(factor: 3, channels: 3), .pixelShuffle(factor: 4, channels: 1),
    .concat(first: 19, second: 25), .concat(first: 25, second: 19), .channelScale(channels: 12),
    .globalAveragePool(channels: 48), .globalAveragePool(channels: 1),
    .multiply(channels: 19), .copy(channels: 19), .resize(.nearest, factor: 2, channels: 3),
    .resize(.bilinear, factor: 2, channels: 3), .resize(.bilinear, factor: 3, channels: 3),
    .convolution(Convolution(kernel: 3, inputs: 8, outputs: 16, groups: 2)),
    .convolution(Convolution(kernel: 3, inputs: 8, outputs: 32, groups: 2, shuffle: 2)),
    .convolution(Convolution(kernel: 3, inputs: 4, outputs: 4, activation: .sigmoid)),
    .convolution(Convolution(kernel: 3, inputs: 4, outputs: 4, activation: .tanh, passing: 8)),
  ]
  for activation in activations {
    for residual in Residual.allCases where activation != .none || residual != .beforeActivation {
      for stride in [1, 2] {
        operations += [
          .convolution(
            Convolution(
              kernel: 3, inputs: 3, outputs: 36, stride: stride, activation: activation,
              residual: residual)),
          .convolution(
            Convolution(
              kernel: 5, inputs: 36, outputs: 36, stride: stride, groups: 36,
              activation: activation, residual: residual)),
        ]
        operations += [2, 3].map {
          .convolution(
            Convolution(
              kernel: 3, inputs: 3, outputs: 36, stride: stride, activation: activation,
              residual: residual, shuffle: $0))
        }
      }
    }
  }
  return [(17, 33), (33, 17), (1, 1)].flatMap { height, width in
    operations.compactMap { try? Workload($0, height: height, width: width) }
  }
}()
