internal import Glibc

/// Nanoseconds as a sum of costs, each with a coefficient that is at least 0: a constant,
/// multiply-accumulates (as the workload counts them; with channels padded as they are stored, or to tiles of
/// output channels; the same as if nothing were pruned), the elements of each operand, and those that no cache
/// holds. So a larger layer is never predicted to be faster. Multiply-accumulates alone are not enough: see the
/// shape of published latency models, in which traffic and a constant carry as much as half of a layer.
struct CostLaw: Sendable {
  typealias Rows = [(point: LayerPoint, nanoseconds: Double)]

  /// Bytes of a layer up to which a cache holds them; infinite where the rows do not tell.
  let cacheBytes: Double
  private let coefficients: NonnegativeLeastSquares.Terms

  /// Fits relative deviations, so that a fast row counts as much as a slow one.
  ///
  /// - Parameters:
  ///   - emptyDispatchNanoseconds: What a layer that does nothing takes, where it is known: one more
  ///     row, since no layer tells the constant from what grows with it as well.
  ///   - wider: The law of more kinds of rows. What it says of the cache is believed more easily.
  init(fitting rows: Rows, emptyDispatchNanoseconds: Double?, wider: CostLaw?) {
    let some = rows.everyNth(toAbout: Self.plentyForCache)
    func loss(_ cacheBytes: Double) -> Double {
      Self.fit(some, emptyDispatchNanoseconds, cacheBytes: cacheBytes).loss
    }
    var best = (cacheBytes: Double.infinity, loss: Self.gain * loss(.infinity))
    if let known = wider?.cacheBytes, known.isFinite {
      let loss = Self.gain / Self.inheritedGain * loss(known)
      if loss < best.loss { best = (known, loss) }
    }
    if rows.count >= Self.enoughForCache {
      let sets = some.map(\.point.costs.workingSet)
      if let least = sets.min(), let most = sets.max() {
        for bytes in Self.cacheSizes where bytes > least && bytes < most {
          let loss = loss(bytes)
          if loss < best.loss { best = (bytes, loss) }
        }
      }
    }
    cacheBytes = best.cacheBytes
    coefficients =
      Self.fit(
        rows.everyNth(toAbout: Self.plenty), emptyDispatchNanoseconds, cacheBytes: cacheBytes
      ).coefficients
  }

  /// 0 where the law knows none of the layer's costs.
  func nanoseconds(of point: LayerPoint) -> Double {
    (point.costs.terms(cacheBytes: cacheBytes) * coefficients).sum()
  }

  private static func fit(
    _ rows: Rows, _ emptyDispatchNanoseconds: Double?, cacheBytes: Double
  ) -> (coefficients: NonnegativeLeastSquares.Terms, loss: Double) {
    var terms = rows.map { $0.point.costs.terms(cacheBytes: cacheBytes) / $0.nanoseconds }
    if let emptyDispatchNanoseconds, emptyDispatchNanoseconds > 0 {
      terms.append(LayerCosts.ofNothing / emptyDispatchNanoseconds)
    }
    return NonnegativeLeastSquares.fit(
      terms: terms, targets: [Double](repeating: 1, count: terms.count), tolerance: 0.2)
  }

  /// A cache is seen where it leaves less than this share of the loss.
  private static let gain = 0.4
  /// The same for one that is seen in more kinds of rows.
  private static let inheritedGain = 0.9
  /// Fewer rows do not tell a cache from chance.
  private static let enoughForCache = 12
  /// Rows that tell where a cache ends, about.
  private static let plentyForCache = 120
  /// Rows of a law: of many more, some say the same as all.
  private static let plenty = 500
  /// Sizes that a cache may have: from 256 KiB to 256 MiB, in half octaves.
  private static let cacheSizes = (0...20).map { 0x1p18 * exp2(Double($0) / 2) }
}

extension Array {
  /// Every nth element, so many that about `count` are left; fewer than twice as many all stay.
  fileprivate func everyNth(toAbout count: Int) -> [Element] {
    stride(from: 0, to: self.count, by: Swift.max(1, self.count / count)).map { self[$0] }
  }
}
