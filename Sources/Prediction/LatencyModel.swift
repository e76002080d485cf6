internal import Tables
public import Workloads

/// Latency of networks that are put together from the same parts, such as the layers of cells, prepared
/// once: a network costs one look-up for each of its parts. It says what ``NetworkPrediction`` says of the
/// same workloads. A value that never changes, for any thread.
public struct LatencyModel: Sendable {
  /// Nanoseconds that are added once, whatever the parts.
  public let submissionNanoseconds: Double
  /// Nanoseconds of each part with what its dispatches add; infinite where the device cannot run it.
  private let nanoseconds: [Double]
  /// Half widths of each part's workloads, and the error that each shares with others.
  private let widths: [[(error: Int, width: Double)]]
  private let errors: Int
  private let relativeSpread: Double

  /// Predicts parts, each as the workloads it is lowered to.
  public init(parts: [[Workload]], predictor: LatencyPredictor) {
    var rows: [Workload: (nanoseconds: Double, error: Int, width: Double)] = [:]
    var shared: [LayerPoint.Group: Int] = [:]
    var errors = 0
    var nanoseconds: [Double] = []
    var widths: [[(error: Int, width: Double)]] = []
    for part in parts {
      var sum = 0.0
      var list: [(error: Int, width: Double)] = []
      for workload in part {
        if rows[workload] == nil, let row = try? predictor.latency(of: workload) {
          var error = errors
          if row.basis != .exact {
            error = shared[LayerPoint.Group(workload.dense), default: errors]
            shared[LayerPoint.Group(workload.dense)] = error
          }
          errors = max(errors, error + 1)
          let added = predictor.additivity?.added(toRow: row.nanoseconds) ?? 0
          rows[workload] = (
            row.nanoseconds + added, error, row.highNanoseconds - row.nanoseconds
          )
        }
        sum += rows[workload]?.nanoseconds ?? .infinity
        if let row = rows[workload] { list.append((row.error, row.width)) }
      }
      nanoseconds.append(sum)
      widths.append(list)
    }
    self.nanoseconds = nanoseconds
    self.widths = widths
    self.errors = errors
    submissionNanoseconds = predictor.additivity?.perSubmissionNanoseconds ?? 0
    relativeSpread = predictor.additivity?.relativeSpread ?? 0
  }

  /// Nanoseconds of one part, without what is added once; infinite where the device cannot run it.
  public func nanoseconds(ofPart part: Int) -> Double { nanoseconds[part] }

  /// Nanoseconds of a network of parts, each as often as it is named.
  public func nanoseconds(_ parts: [Int]) -> Double {
    parts.reduce(submissionNanoseconds) { $0 + nanoseconds[$1] }
  }

  /// How far the upper end of the 95 % interval is above the latency (see
  /// ``NetworkPrediction/highNanoseconds``).
  public func upperHalfWidth(_ parts: [Int]) -> Double {
    var sums = [Double](repeating: 0, count: errors)
    for part in parts {
      for (error, width) in widths[part] { sums[error] += width }
    }
    let open = 1.96 * relativeSpread * nanoseconds(parts)
    return sums.reduce(open * open) { $0 + $1 * $1 }.squareRoot()
  }
}
