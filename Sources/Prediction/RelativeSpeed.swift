internal import Tables
internal import Workloads

/// How fast a device is, relative to when its table was measured: 1.1 is 10 % faster.
public struct RelativeSpeed: Hashable, Sendable {
  /// By the reference kernel that is bound by arithmetic.
  public let arithmetic: Double
  /// By the reference kernel that is bound by memory.
  public let memory: Double

  /// A speed of both.
  public init(arithmetic: Double, memory: Double) {
    self.arithmetic = arithmetic
    self.memory = memory
  }

  /// The speed of the table.
  public static let unchanged = RelativeSpeed(arithmetic: 1, memory: 1)

  /// The factor of a time of which a share goes by the speed of memory.
  public func factor(memoryShare: Double) -> Double {
    (1 - memoryShare) / arithmetic + memoryShare / memory
  }
}

extension LatencyPredictor {
  /// The factor of a layer's latency at another speed than the table's.
  func factor(of workload: Workload, at speed: RelativeSpeed) -> Double {
    // One speed needs no shares, which take a fit of the whole table.
    speed.arithmetic == speed.memory
      ? 1 / speed.arithmetic : speed.factor(memoryShare: memoryShare(of: workload))
  }
}

extension NetworkPrediction {
  /// The prediction at another speed than the table's: each layer by what memory takes of it, and what the
  /// calibration adds by the speed of arithmetic.
  ///
  /// - Parameter predictor: By which it was predicted.
  public func at(_ speed: RelativeSpeed, by predictor: LatencyPredictor) -> NetworkPrediction {
    guard speed != .unchanged else { return self }
    let parts = parts.map { part in
      Part(
        workload: part.workload, count: part.count,
        row: part.row.scaled(by: predictor.factor(of: part.workload, at: speed)))
    }
    var additivity = additivity
    additivity?.perDispatchNanoseconds /= speed.arithmetic
    additivity?.perSubmissionNanoseconds /= speed.arithmetic
    return NetworkPrediction(parts: parts, additivity: additivity)
  }
}

extension RowPrediction {
  fileprivate func scaled(by factor: Double) -> RowPrediction {
    RowPrediction(
      nanoseconds: nanoseconds * factor, lowNanoseconds: lowNanoseconds * factor,
      highNanoseconds: highNanoseconds * factor, basis: basis)
  }
}
