import Networks
import Statistics
import Workloads

/// A lowered network written down step by step, with seeded numbers, on a map of 5x7 pixels.
struct HandMade {
  private var steps: [LoweredNetwork.Step] = []
  private var buffers: [MapShape] = []
  private var random = SplitMix64(state: 5)
  let input: LoweredNetwork.View

  /// A network whose image has three channels.
  init() {
    input = LoweredNetwork.View(buffer: 0, channels: 3)
    buffers = [MapShape(channels: 3, height: 5, width: 7)]
  }

  /// A new buffer, and a view of all of it.
  mutating func buffer(_ channels: Int, _ height: Int = 5, _ width: Int = 7) -> LoweredNetwork.View
  {
    buffers.append(MapShape(channels: channels, height: height, width: width))
    return LoweredNetwork.View(buffer: buffers.count - 1, channels: channels)
  }

  /// Adds a step that writes to a view, or to a new buffer.
  @discardableResult
  mutating func append(
    _ operation: Operation, _ input: LoweredNetwork.View, second: LoweredNetwork.View? = nil,
    to target: LoweredNetwork.View? = nil, name: String = "layer"
  ) throws -> LoweredNetwork.View {
    let map = buffers[input.buffer]
    let workload = try Workload(operation, height: map.height, width: map.width)
    let shape = workload.outputShape
    let output = target ?? buffer(shape.channels, shape.height, shape.width)
    var views: [Operand: LoweredNetwork.View] = [.input: input, .output: output]
    for (operand, _) in workload.activations where views[operand] == nil {
      views[operand] = second
    }
    var parameters: [Operand: Parameters] = [:]
    for (operand, count) in workload.parameters {
      parameters[operand] = Parameters(numbers(count))
    }
    steps.append(
      LoweredNetwork.Step(
        workload: workload, views: views, parameters: parameters, nodes: [name]))
    return output
  }

  /// Numbers between -0.5 and 0.5.
  mutating func numbers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &random) }
  }

  /// The network; its image is scaled and shifted.
  func network(output: LoweredNetwork.View) -> LoweredNetwork {
    LoweredNetwork(
      name: "hand-made", steps: steps, buffers: buffers, input: input, output: output,
      inputAffine: (0..<3).map {
        LoweredNetwork.Affine(scale: 2 - Float($0) / 2, shift: Float($0) / 4 - 0.25)
      })
  }
}
