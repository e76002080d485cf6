/// Intervals of figures by drawing again from what they were computed from.
public enum Bootstrap {
  /// The 95 % interval of a figure, by the percentile bootstrap over clusters: whole clusters
  /// are drawn again, with replacement, since samples of one cluster, such as a visit, are alike in
  /// everything that changes from one to the next, and drawing single samples would promise too much.
  /// The bootstrap of `k` clusters is too narrow by the factors that tell Student's from a normal
  /// interval and the variance of a sample from that of its population; it is widened by both.
  /// Source: Davison and Hinkley, Bootstrap Methods and their Application (1997), 3.8 and 5.2.
  ///
  /// - Parameter figure: Computed from the clusters of a draw; `nil` where they give none.
  /// - Returns: `nil` if no draw gives a figure.
  public static func interval<Cluster>(
    clusters: [Cluster], seed: UInt64, resamples: Int = 200, _ figure: ([Cluster]) -> Double?
  ) -> (low: Double, high: Double)? {
    var random = SplitMix64(state: seed)
    let figures = (0..<resamples).compactMap { _ in
      figure(clusters.indices.map { _ in clusters[random.below(clusters.count)] })
    }.sorted()
    guard let low = quantile(0.025, ofSorted: figures),
      let high = quantile(0.975, ofSorted: figures)
    else { return nil }
    let (middle, half) = ((low + high) / 2, (high - low) / 2 * widening(clusters.count))
    return (middle - half, middle + half)
  }

  /// `t(k - 1) / z * sqrt(k / (k - 1))`, with the 97.5 % quantile of Student's distribution: from the
  /// usual tables up to 4 degrees of freedom, then by the expansion of Cornish and Fisher.
  private static func widening(_ clusters: Int) -> Double {
    let degrees = Double(max(clusters - 1, 1))
    let z = 1.959964
    let expansion =
      z + (z * z * z + z) / (4 * degrees)
      + (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * degrees * degrees)
    let t = degrees <= 4 ? [12.706, 4.303, 3.182, 2.776][Int(degrees) - 1] : expansion
    return t / z * (1 + 1 / degrees).squareRoot()
  }
}
