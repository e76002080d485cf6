internal import Workloads
internal import XNNPACK

/// One set of operands, and what runs on them.
struct HostExecution {
  let output: Tensor
  /// Where the output has an element `[channel, y, x]`.
  let place: (Int, Int, Int) -> Int
  let run: () throws(XNNPACKError) -> Void
}

extension HostExecution {
  /// XNNPACK's sparse 1x1 convolution.
  init(
    sparse workload: Workload, _ library: Library, _ threads: ThreadPool
  ) throws(XNNPACKError) {
    let (data, shape) = (TestData(for: workload), workload.outputShape)
    var (inputs, range) = (0, Subgraph.Range())
    if case .convolution(let it) = workload.operation {
      (inputs, range) = (it.inputs, Subgraph.Range(it.activation))
    }
    func operand(_ operand: Operand, _ count: Int) -> Tensor {
      Tensor(count: count) { data.value(operand, $0) }
    }
    let output = Tensor(count: shape.count) { _ in .nan }
    let convolution = try SparseConvolution(
      library, weights: operand(.weights, inputs * shape.channels),
      bias: operand(.bias, shape.channels), inputs: inputs, outputs: shape.channels, range: range,
      input: operand(.input, inputs * shape.height * shape.width), output: output,
      height: shape.height, width: shape.width, threads: threads)
    self.init(output: output, place: shape.index, run: convolution.run)
  }
}

extension Subgraph.Range {
  /// What an activation clamps to; everything for one that does not clamp.
  init(_ activation: Activation) {
    switch activation {
    case .none, .prelu, .sigmoid, .tanh: self.init()
    case .relu: self.init(minimum: 0)
    case .clip(let minimum, let maximum):
      self.init(minimum: Float(minimum), maximum: Float(maximum))
    }
  }
}
