/// Nanoseconds as a sum of costs, each with a coefficient that is at least 0: a constant,
/// multiply-accumulates (as the workload counts them; with channels padded to blocks of four; the
/// same as if nothing were pruned), and the elements of each operand. So a larger layer is never
/// predicted to be faster. Multiply-accumulates alone are not enough: see the shape of published
/// latency models, in which traffic and a constant carry as much as half of a layer.
struct CostLaw: Sendable {
  private let coefficients: NonnegativeLeastSquares.Terms

  /// Fits relative deviations, so that a fast row counts as much as a slow one.
  ///
  /// - Parameter emptyDispatchNanoseconds: What a layer that does nothing takes, where it is known: one more
  ///   row, since no layer tells the constant from what grows with it as well.
  init(
    fitting rows: [(point: LayerPoint, nanoseconds: Double)], emptyDispatchNanoseconds: Double?
  ) {
    var terms = rows.map { $0.point.terms / $0.nanoseconds }
    if let emptyDispatchNanoseconds, emptyDispatchNanoseconds > 0 {
      terms.append(LayerPoint.termsOfNothing / emptyDispatchNanoseconds)
    }
    coefficients = NonnegativeLeastSquares.fit(
      terms: terms, targets: [Double](repeating: 1, count: terms.count), tolerance: 0.2)
  }

  /// 0 where the law knows none of the layer's costs.
  func nanoseconds(of point: LayerPoint) -> Double {
    (point.terms * coefficients).sum()
  }
}
