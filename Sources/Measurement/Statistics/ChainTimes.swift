public import Tables
import Workloads

/// Chain times by visit and chain length: what every figure of a row is computed from.
public struct ChainTimes: Sendable {
  /// Chain lengths, rising.
  private let lengths: [Int]
  /// For each visit, its times of each length.
  private let byVisit: [[[Double]]]
  /// All times of each length, sorted.
  private let pooled: [[Double]]

  public init(_ samples: some Sequence<Sample>) {
    let lengths = Set(samples.map(\.chainLength)).sorted()
    let places = Dictionary(uniqueKeysWithValues: lengths.enumerated().map { ($1, $0) })
    var visits: [Int: [[Double]]] = [:]
    for sample in samples {
      guard let place = places[sample.chainLength] else { continue }
      visits[sample.visit, default: Array(repeating: [], count: lengths.count)][place]
        .append(sample.nanoseconds)
    }
    self.lengths = lengths
    byVisit = visits.sorted { $0.key < $1.key }.map(\.value)
    pooled = Self.pool(byVisit, lengths: lengths.count)
  }

  /// Visits with samples.
  public var visits: Int { byVisit.count }
  /// Samples of the length that has fewest; 0 without samples.
  public var fewest: Int { pooled.map(\.count).min() ?? 0 }
  /// All samples.
  public var count: Int { pooled.reduce(0) { $0 + $1.count } }

  /// The line through the `q` quantile of each length's times.
  ///
  /// Quantiles come before the slope: a quantile of single slopes would be ruined by one pause in
  /// one short chain.
  public func fit(quantile q: Double, submission: Double) -> ChainFit? {
    fit(pooled, quantile: q, submission: submission)
  }

  /// The 95 % interval of the slope through the `q` quantiles; `nil` if no draw of visits gives one.
  public func interval(
    quantile q: Double, submission: Double, seed: UInt64, resamples: Int = 200
  ) -> (low: Double, high: Double)? {
    Self.interval(visits: byVisit, seed: seed, resamples: resamples) { drawn in
      fit(Self.pool(drawn, lengths: lengths.count), quantile: q, submission: submission)?.slope
    }
  }

  /// The 95 % interval of what is computed from visits, by the percentile bootstrap over visits: whole visits
  /// are drawn again, with replacement, since samples of one visit are alike in
  /// everything that changes from visit to visit, and drawing single samples would promise too much.
  /// The bootstrap of `k` visits is too narrow by the factors that tell Student's from a normal
  /// interval and the variance of a sample from that of its population; it is widened by both.
  /// `nil` if no draw gives a figure. Source: Davison and Hinkley, Bootstrap Methods and their
  /// Application (1997), 3.8 and 5.2.
  public static func interval<Visit>(
    visits: [Visit], seed: UInt64, resamples: Int = 200, _ figure: ([Visit]) -> Double?
  ) -> (low: Double, high: Double)? {
    var random = SplitMix64(state: seed)
    let figures = (0..<resamples).compactMap { _ in
      figure(visits.indices.map { _ in visits[random.below(visits.count)] })
    }.sorted()
    guard let low = quantile(0.025, ofSorted: figures),
      let high = quantile(0.975, ofSorted: figures)
    else { return nil }
    let (middle, half) = ((low + high) / 2, (high - low) / 2 * widening(visits: visits.count))
    return (middle - half, middle + half)
  }

  /// `t(k - 1) / z * sqrt(k / (k - 1))`, with the 97.5 % quantile of Student's distribution: from the
  /// usual tables up to 4 degrees of freedom, then by the expansion of Cornish and Fisher.
  private static func widening(visits: Int) -> Double {
    let degrees = Double(max(visits - 1, 1))
    let z = 1.959964
    let expansion =
      z + (z * z * z + z) / (4 * degrees)
      + (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * degrees * degrees)
    let t = degrees <= 4 ? [12.706, 4.303, 3.182, 2.776][Int(degrees) - 1] : expansion
    return t / z * (1 + 1 / degrees).squareRoot()
  }

  private func fit(
    _ times: [[Double]], quantile q: Double, submission: Double
  ) -> ChainFit? {
    ChainFit(
      zip(lengths, times).compactMap { length, sorted in
        quantile(q, ofSorted: sorted).map { (length, $0) }
      }, submission: submission)
  }

  private static func pool(_ visits: [[[Double]]], lengths: Int) -> [[Double]] {
    (0..<lengths).map { length in visits.flatMap { $0[length] }.sorted() }
  }
}
