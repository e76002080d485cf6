import Networks
import Workloads

/// What a lowered network gives by definition, one element after the other, in double precision.
struct Evaluation {
  private let network: LoweredNetwork
  private var buffers: [[Double]]

  init(_ network: LoweredNetwork) {
    self.network = network
    buffers = network.buffers.map { Array(repeating: .nan, count: $0.count) }
  }

  /// The result of an image, both `[c, h, w]` row-major.
  static func result(of network: LoweredNetwork, _ image: [Float]) -> [Double] {
    var it = Evaluation(network)
    let area = image.count / network.input.channels
    it.store(
      image.indices.map {
        let affine = network.inputAffine[$0 / area]
        return Double(affine.scale) * Double(image[$0]) + Double(affine.shift)
      }, in: network.input)
    for step in network.steps { it.run(step) }
    return it.values(in: network.output)
  }

  private mutating func run(_ step: LoweredNetwork.Step) {
    guard let target = step.views[.output] else { return }
    var operands: [Operand: [Double]] = [:]
    for (operand, view) in step.views where operand != .output {
      operands[operand] = values(in: view)
    }
    for (operand, numbers) in step.parameters {
      operands[operand] = numbers.values.map(Double.init)
    }
    if let mask = step.workload.mask {
      for index in 0..<mask.total where !mask[index] { operands[.weights]?[index] = 0 }
    }
    let shape = network.shape(of: target)
    var result: [Double] = []
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          result.append(element(step.workload, operands, channel, y, x))
        }
      }
    }
    store(result, in: target)
  }

  private func element(
    _ workload: Workload, _ operands: [Operand: [Double]], _ c: Int, _ y: Int, _ x: Int
  ) -> Double {
    func value(_ operand: Operand, _ channels: Int, _ c: Int, _ y: Int, _ x: Int) -> Double {
      let map = MapShape(channels: channels, height: workload.height, width: workload.width)
      guard let values = operands[operand], 0..<map.height ~= y, 0..<map.width ~= x else {
        return 0
      }
      return values[map.index(c, y, x)]
    }
    switch workload.operation {
    case .convolution(let it):
      let r = it.shuffle
      let (outer, toY, toX) = (c * r * r + y % r * r + x % r, y / r, x / r)
      var sum = operands[.bias]?[outer] ?? 0
      let k = it.kernel
      for i in 0..<it.inputsPerGroup {
        for tap in 0..<k * k {
          let weight = operands[.weights]?[(outer * it.inputsPerGroup + i) * k * k + tap] ?? 0
          let (fromY, fromX) = (
            toY * it.stride + tap / k - k / 2, toX * it.stride + tap % k - k / 2
          )
          sum += weight * value(.input, it.inputs, it.isDepthwise ? outer : i, fromY, fromX)
        }
      }
      let slope = operands[.slopes]?[outer] ?? 0
      let width = (workload.width + it.stride - 1) / it.stride
      let height = (workload.height + it.stride - 1) / it.stride
      let residual = operands[.residual]?[(outer * height + toY) * width + toX] ?? 0
      return it.residual == .beforeActivation
        ? it.activation(sum + residual, slope: slope)
        : it.activation(sum, slope: slope) + residual
    case .multiply(let channels):
      return value(.input, channels, c, y, x) * value(.second, channels, c, y, x)
    case .copy(let channels): return value(.input, channels, c, y, x)
    case .resize(.nearest, let factor, let channels):
      return value(.input, channels, c, y / factor, x / factor)
    case .resize(.bilinear, let factor, let channels):
      func neighbours(_ place: Int, _ size: Int) -> [(Int, Double)] {
        let centre = (Double(place) + 0.5) / Double(factor) - 0.5
        let first = Int(centre.rounded(.down))
        let share = centre - Double(first)
        return [(first, 1 - share), (first + 1, share)].map {
          (min(max($0.0, 0), size - 1), $0.1)
        }
      }
      return neighbours(y, workload.height).reduce(0) { sum, row in
        neighbours(x, workload.width).reduce(sum) { sum, column in
          sum + row.1 * column.1 * value(.input, channels, c, row.0, column.0)
        }
      }
    case .add(let channels):
      return value(.input, channels, c, y, x) + value(.second, channels, c, y, x)
    case .pixelShuffle(let r, let channels):
      return value(.input, channels * r * r, c * r * r + y % r * r + x % r, y / r, x / r)
    case .concat(let first, let second):
      return c < first
        ? value(.input, first, c, y, x) : value(.second, second, c - first, y, x)
    case .channelScale(let channels):
      return value(.input, channels, c, y, x) * (operands[.scale]?[c] ?? 0)
    case .globalAveragePool:
      let area = workload.height * workload.width
      return (operands[.input] ?? [])[c * area..<(c + 1) * area].reduce(0, +) / Double(area)
    }
  }

  private func range(of view: LoweredNetwork.View) -> Range<Int> {
    let shape = network.buffers[view.buffer]
    let area = shape.height * shape.width
    return view.firstChannel * area..<(view.firstChannel + view.channels) * area
  }

  private func values(in view: LoweredNetwork.View) -> [Double] {
    Array(buffers[view.buffer][range(of: view)])
  }

  private mutating func store(_ values: [Double], in view: LoweredNetwork.View) {
    buffers[view.buffer].replaceSubrange(range(of: view), with: values)
  }
}
