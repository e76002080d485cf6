public import Tables
public import Workloads

/// Why a latency cannot be predicted, in one sentence.
public enum PredictionError: Error, Hashable, CustomStringConvertible {
  /// The table has no measured row.
  case noRows
  /// The table says that a workload cannot run on the device.
  case failedRow(Workload, Failure)
  /// Exact rows were asked for, and the table lacks these.
  case notExact([Workload])

  public var description: String {
    switch self {
    case .noRows: "the table has no measured row, so it predicts nothing"
    case .failedRow(let workload, let failure):
      "the network needs '\(workload)', which this device cannot run: "
        + "\(failure.kind.rawValue), \(failure.reason)"
    case .notExact(let workloads):
      "the table lacks \(workloads.count) row\(workloads.count == 1 ? "" : "s") of this network: "
        + workloads.map { "'\($0)'" }.joined(separator: ", ")
    }
  }
}
