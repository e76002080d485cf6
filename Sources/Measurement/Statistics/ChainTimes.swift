internal import Statistics
public import Store

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

  /// The shortest time of a dispatch in each visit, without the cost of its submission.
  func shortestByVisit(submission: Double) -> [Double] {
    byVisit.compactMap { visit in
      zip(lengths, visit).compactMap { length, times in
        times.min().map { ($0 - submission) / Double(length) }
      }.min()
    }
  }

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
    Bootstrap.interval(clusters: byVisit, seed: seed, resamples: resamples) { drawn in
      fit(Self.pool(drawn, lengths: lengths.count), quantile: q, submission: submission)?.slope
    }
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
