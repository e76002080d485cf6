public import Tables
public import Workloads

/// Why a latency cannot be predicted, in one sentence.
public enum PredictionError: Error, Hashable, CustomStringConvertible {
  /// The table has no measured row.
  case noRows
  /// The table has too few measured rows to hide some of them.
  case nothingToHide
  /// The table says that a workload cannot run on the device.
  case failedRow(Workload, Failure)
  /// Exact rows were asked for, and the table lacks these.
  case notExact([Workload])

  public var description: String {
    switch self {
    case .noRows: "the table has no measured row, so it predicts nothing"
    case .nothingToHide:
      "the table has fewer than two measured rows, of which none can be hidden from the others"
    case .failedRow(let workload, let failure):
      "the network needs '\(workload)', which this device cannot run: "
        + "\(failure.kind.rawValue), \(failure.reason)"
    case .notExact(let workloads):
      "the table lacks \(workloads.count) row\(workloads.count == 1 ? "" : "s") of this network: "
        + workloads.prefix(Self.named).map { "'\($0)'" }.joined(separator: ", ")
        + (workloads.count > Self.named ? " and \(workloads.count - Self.named) more" : "")
        + "; srprof measure --network measures all layers of a network"
    }
  }

  /// Rows that are named in one line.
  private static let named = 8
}
