internal import Workloads

/// The rows of the `lut.txt` that NNI's FBNet reads: a Python dictionary on each line, the shape as (input
/// width, input height, input channels, output channels, stride), the latency in milliseconds. Source
/// of the format: NNI pull request 4600.
enum NNI {
  static func text(_ rows: [Row]) -> String {
    rows.compactMap { row in
      row.measurement.map { line(row.workload, $0.latency.undisturbedNanoseconds / 1e6) }
    }.joined()
  }

  private static func line(_ workload: Workload, _ milliseconds: Double) -> String {
    // What the shape and the type do not say is in the name.
    let rest = workload.wordsBesideShape.filter { $0 != workload.elementType.rawValue }
    let name = ([workload.words[0]] + rest + [workload.concatWord].compactMap { $0 })
      .joined(separator: "_")
    var stride = 1
    if case .convolution(let it) = workload.operation { stride = it.stride }
    let shape = [
      workload.width, workload.height, workload.exportedInputChannels,
      workload.outputShape.channels, stride,
    ].map(String.init).joined(separator: ", ")
    return "{'op_name': '\(name)', 'op_data_shape': (\(shape)), "
      + "'op_dtype': '\(workload.elementType.rawValue)', 'op_latency': \(milliseconds)}\n"
  }
}
