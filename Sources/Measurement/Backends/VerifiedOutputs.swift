internal import DeviceProtocol
internal import Workloads

/// Outputs that were compared with the right answers, by their digests: the same output of the same kernel
/// need not be read again.
final class VerifiedOutputs {
  private struct Key: Hashable {
    let workload: Workload
    let tolerance: Double
  }

  private var errors: [Key: [Digest: Double]] = [:]

  /// The largest error of an output; `nil` where it was not compared yet.
  func error(of digest: Digest, _ workload: Workload, within tolerance: Tolerance) -> Double? {
    errors[Key(workload: workload, tolerance: tolerance.share)]?[digest]
  }

  /// Keeps the largest error of an output that was found right.
  func add(_ digest: Digest, _ workload: Workload, within tolerance: Tolerance, error: Double) {
    errors[Key(workload: workload, tolerance: tolerance.share), default: [:]][digest] = error
  }
}
