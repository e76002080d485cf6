internal import Statistics

/// How far predictions are from what was measured: shares of the measured figure, positive where the
/// prediction is too long.
public struct PredictionErrors: Hashable, Sendable {
  /// `predicted / measured - 1`, in the order given.
  public let errors: [Double]

  /// Compares pairs of nanoseconds; pairs without a positive measured figure are no comparison.
  public init(_ pairs: [(predicted: Double, measured: Double)]) {
    errors = pairs.filter { $0.measured > 0 }.map { $0.predicted / $0.measured - 1 }
  }

  /// Median of the absolute errors; 0 without any.
  public var median: Double { Statistics.median(errors.map(abs)) ?? 0 }

  /// Mean error: what all predictions have in common.
  public var bias: Double {
    errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count)
  }

  /// The largest absolute error.
  public var worst: Double { errors.map(abs).max() ?? 0 }

  /// Share of the predictions that are within `share` of what was measured.
  public func within(_ share: Double) -> Double {
    errors.isEmpty ? 0 : Double(errors.count { abs($0) <= share }) / Double(errors.count)
  }
}
