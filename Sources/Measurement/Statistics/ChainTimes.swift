public import Tables
import Workloads

/// Chain times by length, sorted: what every figure of a row is computed from.
public struct ChainTimes: Sendable {
  /// One entry a chain length, rising.
  private let groups: [(length: Int, sorted: [Double])]

  public init(_ samples: some Sequence<Sample>) {
    var byLength: [Int: [Double]] = [:]
    for sample in samples { byLength[sample.chainLength, default: []].append(sample.nanoseconds) }
    groups = byLength.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
  }

  /// Samples of the length that has fewest; 0 without samples.
  public var fewest: Int { groups.map(\.sorted.count).min() ?? 0 }

  /// All samples.
  public var count: Int { groups.reduce(0) { $0 + $1.sorted.count } }

  /// The line through the `q` quantile of each length's times.
  ///
  /// Quantiles come before the slope: a quantile of single slopes would be ruined by one pause in
  /// one short chain.
  public func fit(quantile q: Double, submission: Double) -> ChainFit? {
    ChainFit(
      groups.compactMap { length, sorted in
        quantile(q, ofSorted: sorted).map { (length, $0) }
      }, submission: submission)
  }

  /// The 95 % percentile-bootstrap interval of the slope through the `q` quantiles: the times of
  /// each length are drawn again, with replacement, `resamples` times.
  /// `nil` if no draw gives a slope. Source: Efron and Tibshirani, An Introduction to the Bootstrap
  /// (1993), 13.
  public func interval(
    quantile q: Double, submission: Double, seed: UInt64, resamples: Int = 200
  ) -> (low: Double, high: Double)? {
    var random = SplitMix64(state: seed)
    let slopes = (0..<resamples).compactMap { _ in
      ChainFit(
        groups.compactMap { length, sorted in
          let drawn = (0..<sorted.count).map { _ in sorted[random.below(sorted.count)] }.sorted()
          return quantile(q, ofSorted: drawn).map { (length, $0) }
        }, submission: submission)?.slope
    }.sorted()
    guard let low = quantile(0.025, ofSorted: slopes), let high = quantile(0.975, ofSorted: slopes)
    else { return nil }
    return (low, high)
  }
}
