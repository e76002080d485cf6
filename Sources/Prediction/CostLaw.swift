internal import Glibc
internal import Statistics

/// Nanoseconds as a sum of costs, each with a coefficient that is at least 0: a constant,
/// multiply-accumulates (as the workload counts them; with channels padded as they are stored, or to tiles of
/// output channels; the same as if nothing were pruned), the elements of each operand, and those that no cache
/// holds (``LayerCosts`` has all of them). So a larger layer is never predicted to be faster.
/// Multiply-accumulates alone are not enough: see the shape of published latency models, in which traffic and a
/// constant carry as much as half of a layer.
struct CostLaw: Sendable {
  typealias Terms = NonnegativeLeastSquares.Terms
  typealias Rows = [(point: LayerPoint, nanoseconds: Double, relativeHalfWidth: Double)]

  /// Bytes of the maps of one layer up to which a cache holds them until they are read again, in rows that rotate
  /// through several sets of operands; infinite where the rows do not tell.
  let cacheBytes: Double
  private let coefficients: Terms
  /// Of the share that each cost would make of the rows' latencies by a coefficient of 1.
  private let meanSquares: Terms

  /// Fits relative deviations, so that a fast row counts as much as a slow one, and one that is known well more
  /// than one that is not.
  ///
  /// - Parameters:
  ///   - wider: The law of more rows, these among them. This one stays the nearer to it, in proportion, the fewer
  ///     and the more scattered its rows are (a Gaussian prior of its coefficients; Gelman et al., Bayesian Data
  ///     Analysis, 2013).
  ///   - emptyDispatchNanoseconds: What a layer that does nothing takes, where it is known: one more
  ///     row, since no layer tells the constant from what grows with it as well.
  ///   - cacheBytes: What a cache holds by all rows, as ``cacheBytes(in:emptyDispatchNanoseconds:)`` has it; these rows
  ///     may know nothing of it.
  init(
    fitting rows: Rows, near wider: CostLaw?, emptyDispatchNanoseconds: Double?, cacheBytes: Double
  ) {
    let rows = rows.everyNth(toAbout: Self.plenty)
    let ratio = wider?.ratio(of: rows)
    func fit(cacheBytes: Double) -> NonnegativeLeastSquares.Fit {
      let free = Self.fit(rows, emptyDispatchNanoseconds, cacheBytes: cacheBytes)
      guard let wider, let ratio else { return free }
      let used = (0..<Terms.scalarCount).count { free.coefficients[$0] > 0 }
      let variance = (free.loss + Self.usualVariance) / Double(max(0, rows.count - used) + 1)
      // Costs that are next to nothing in these rows may be large in others.
      let squares = pointwiseMax(free.meanSquares, wider.meanSquares)
      return Self.fit(
        rows, emptyDispatchNanoseconds, cacheBytes: cacheBytes,
        near: (ratio * wider.coefficients, (variance / Self.varianceOfShares) * squares))
    }
    let without = fit(cacheBytes: .infinity)
    let with = cacheBytes.isFinite ? fit(cacheBytes: cacheBytes) : without
    let isSeen = with.loss < Self.gain * without.loss - Self.negligibleLoss(of: rows)
    self.cacheBytes = isSeen ? cacheBytes : .infinity
    let best = isSeen ? with : without
    coefficients = best.coefficients
    meanSquares = best.meanSquares
  }

  /// Bytes of the maps of one layer up to which a cache holds them, by rows of several laws, which all find the same
  /// cache; infinite where they do not tell.
  static func cacheBytes(in laws: [Rows], emptyDispatchNanoseconds: Double?) -> Double {
    let some = laws.map { rows in
      rows.sorted {
        ($0.point.costs.workingSet, $0.nanoseconds) < ($1.point.costs.workingSet, $1.nanoseconds)
      }.everyNth(toAbout: plentyForCache)
    }
    func loss(ofCache bytes: Double) -> Double {
      // In one order, whatever that of the laws.
      some.map { fit($0, emptyDispatchNanoseconds, cacheBytes: bytes).loss }.sorted().reduce(0, +)
    }
    let sets = some.joined().map(\.point.costs.workingSet).sorted()
    let between = sets.dropFirst(fewestBeside).dropLast(fewestBeside)
    let enough = jointGain * loss(ofCache: .infinity) - some.map(negligibleLoss).reduce(0, +)
    var best = (cacheBytes: Double.infinity, loss: enough)
    for bytes in cacheSizes where bytes > between.first ?? .infinity && bytes < between.last ?? 0 {
      let loss = loss(ofCache: bytes)
      if loss < best.loss { best = (bytes, loss) }
    }
    return best.cacheBytes
  }

  /// 0 where the law knows none of the layer's costs.
  func nanoseconds(of point: LayerPoint) -> Double {
    (point.costs.terms(cacheBytes: cacheBytes) * coefficients).sum()
  }

  /// Share of what the law says that goes by the speed of memory; `nil` where it knows none of the layer's costs.
  func memoryShare(of point: LayerPoint) -> Double? {
    let costs = point.costs.terms(cacheBytes: cacheBytes) * coefficients
    let whole = costs.sum()
    guard whole > 0 else { return nil }
    return LayerCosts.Term.allCases.reduce(0) { $0 + ($1.isOfMemory ? costs[$1] : 0) } / whole
  }

  /// What rows take over what the law says, in the middle; `nil` if it knows none of their costs.
  private func ratio(of rows: Rows) -> Double? {
    median(
      rows.compactMap { row in
        let nanoseconds = nanoseconds(of: row.point)
        return nanoseconds > 0 ? row.nanoseconds / nanoseconds : nil
      })
  }

  private static func fit(
    _ rows: Rows, _ emptyDispatchNanoseconds: Double?, cacheBytes: Double,
    near expected: (coefficients: Terms, precisions: Terms)? = nil
  ) -> NonnegativeLeastSquares.Fit {
    var weights = rows.map { row in
      let width = row.relativeHalfWidth / usualHalfWidth
      return 1 / (1 + width * width).squareRoot()
    }
    var terms = zip(rows, weights).map { row, weight in
      row.point.costs.terms(cacheBytes: cacheBytes) * (weight / row.nanoseconds)
    }
    if let emptyDispatchNanoseconds, emptyDispatchNanoseconds > 0 {
      terms.append(LayerCosts.ofNothing / emptyDispatchNanoseconds)
      weights.append(1)
    }
    return NonnegativeLeastSquares.fit(
      terms: terms, targets: weights, tolerance: 0.2, near: expected)
  }

  /// Half width of the interval of a row beyond which its own noise outweighs what laws do not know.
  private static let usualHalfWidth = 0.1
  /// The square of a deviation from laws as tables have it, which counts as much as one row.
  private static let usualVariance = 0.01
  /// Variance of the share that a cost makes of a latency, between a law and the wider one.
  private static let varianceOfShares = 0.003

  /// What a thousandth of each row makes: rounding is no cache.
  private static func negligibleLoss(of rows: Rows) -> Double { 1e-6 * Double(rows.count) }

  /// A cache is there if it leaves less than this share of the loss of all laws.
  private static let jointGain = 0.75
  /// A law sees it if it leaves less than this share of its own.
  private static let gain = 0.9
  /// Rows on either side of a cache: one wild row is none.
  private static let fewestBeside = 4
  /// Rows that tell where a cache ends, about.
  private static let plentyForCache = 120
  /// Rows of a law: of many more, some say the same as all.
  private static let plenty = 500
  /// What is tried: from 256 KiB to 256 MiB, in half octaves.
  private static let cacheSizes = (0...20).map { 0x1p18 * exp2(Double($0) / 2) }
}
