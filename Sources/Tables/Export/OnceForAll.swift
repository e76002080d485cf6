internal import Workloads

/// The YAML of once-for-all's and ProxylessNAS's latency tables: for each key `count` of samples, `mean` and
/// `var` of the latency in milliseconds.
///
/// Keys follow theirs: operator, then `input` and `output` as height x width x channels, then
/// `kernel` and `stride`, and for what their operators do not have, what is left of the workload's name. Source
/// of the format: once-for-all issue 37.
enum OnceForAll {
  static func text(_ rows: [Row]) -> String {
    rows.compactMap { row in
      row.measurement.map { it in
        // The interval is one of 95 %: 1.96 deviations to each side.
        let latency = it.latency
        let deviation = (latency.highNanoseconds - latency.lowNanoseconds) / 2 / 1.96 / 1e6
        return """
          \(key(row.workload).quotedForJSON):
            count: \(latency.samples)
            mean: \(latency.undisturbedNanoseconds / 1e6)
            var: \(deviation * deviation)

          """
      }
    }.joined()
  }

  private static func key(_ workload: Workload) -> String {
    let output = workload.outputShape
    var parts = [
      word(workload),
      "input:\(workload.height)x\(workload.width)x\(workload.exportedInputChannels)",
      "output:\(output.height)x\(output.width)x\(output.channels)",
    ]
    if case .convolution(let it) = workload.operation {
      parts += ["kernel:\(it.kernel)", "stride:\(it.stride)"]
    }
    if let word = workload.concatWord { parts.append(word) }
    return (parts + workload.wordsBesideShape).joined(separator: "-")
  }

  private static func word(_ workload: Workload) -> String {
    guard case .convolution(let it) = workload.operation else { return workload.operatorName }
    return it.isDepthwise ? "DepthConv" : "Conv"
  }
}
