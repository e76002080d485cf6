public import Tables
internal import Workloads

extension LatencyTable {
  /// Tells tables apart by all that predictions come from: rows, calibration and back end. A search whose table
  /// has changed is another search.
  public var contentFingerprint: String {
    var hash = FNV1a()
    hash.combine(fingerprint)
    hash.combine("\(backend)")
    hash.combine(additivity.map { "\($0)" } ?? "")
    for row in rows {
      hash.combine(row.workload.name)
      switch row.result {
      case .failed: hash.combine("failed")
      case .measured(let measurement):
        let latency = measurement.latency
        hash.combine(
          "\(latency.undisturbedNanoseconds) \(latency.lowNanoseconds) \(latency.highNanoseconds)")
      }
    }
    return hash.digits
  }
}
