internal import Workloads
internal import XNNPACK

extension HostOperators {
  /// Lays out test data and makes the operators.
  func execution(
    _ library: Library, _ threads: ThreadPool
  ) throws(XNNPACKError) -> HostExecution {
    let data = TestData(for: workload)
    let inputs = workload.activations.filter { $0.operand != .output }
    let graph = try Subgraph(library, externals: inputs.count + 1)
    var values: [Operand: Subgraph.Value] = [:]
    var tensors: [Tensor] = []
    for (index, input) in inputs.enumerated() {
      values[input.operand] = try graph.input(index, input.shape.channelsLast)
      tensors.append(tensor(input.operand, input.shape, data))
    }
    let shape = workload.outputShape
    let output = Tensor(count: shape.count) { _ in .nan }
    tensors.append(output)
    try define(
      in: graph, values, output: graph.output(inputs.count, shape.channelsLast),
      parameter: data.value)
    let runtime = try Runtime(graph, threads: threads, externals: tensors)
    return HostExecution(
      output: output,
      place: { channel, y, x in (y * shape.width + x) * shape.channels + channel },
      run: runtime.run)
  }

  /// An activation as test data have it, its channels last and in the order that is wanted.
  private func tensor(_ operand: Operand, _ shape: MapShape, _ data: TestData) -> Tensor {
    let order = order(of: operand)
    return Tensor(count: shape.count) { index in
      let (pixel, place) = index.quotientAndRemainder(dividingBy: shape.channels)
      let channel = order.channel(at: place, of: shape.channels)
      return data.value(operand, shape.index(channel, pixel / shape.width, pixel % shape.width))
    }
  }
}
