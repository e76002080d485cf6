internal import Glibc
internal import Statistics

/// Deviations of the rows of one group from the law of their costs, and what they say about another
/// layer: the best linear prediction from the rows most alike (simple kriging, also called a Gaussian
/// process, in a local neighbourhood; Cressie, Statistics for Spatial Data, 1993).
struct Neighbourhood: Sendable {
  struct Member: Sendable {
    let point: LayerPoint
    /// Undisturbed latency.
    let nanoseconds: Double
    /// Natural logarithm of the latency over what the law says.
    let deviation: Double
    /// Variance of the deviation that is the measurement's own, by the row's interval, in units of the
    /// variance that neighbours share.
    let noise: Double
    /// Whether it bounds the latencies of larger and smaller layers.
    let isBound: Bool
  }

  /// What the rows say about a layer.
  struct Estimate {
    /// Expected deviation from the law.
    var deviation = 0.0
    /// Share of the variance of deviations that the rows explain, 0 to 1.
    var explained = 0.0
  }

  private(set) var members: [Member] = []
  // Of the members, side by side, as all of them are looked at for each prediction.
  private var coordinates: [SIMD4<Double>] = []
  private var sizes: [SIMD4<Double>] = []

  mutating func append(_ member: Member) {
    members.append(member)
    coordinates.append(member.point.coordinates)
    sizes.append(member.point.sizes)
  }

  /// The same without the rows of a layer.
  func without(_ point: LayerPoint) -> Neighbourhood {
    var others = Neighbourhood()
    for member in members where !member.point.isSame(as: point) { others.append(member) }
    return others
  }

  /// The estimate for each noise: the variance of a deviation that its neighbours do not share, however well
  /// it is measured, in units of the variance that they do. More noise, more smoothing.
  ///
  /// - Parameters:
  ///   - reach: One of ``LayerPoint/reaches``.
  ///   - excluded: A member that is not asked, to see how well the others know it.
  func estimates(
    of point: LayerPoint, reach: SIMD4<Double>, noises: [Double], without excluded: Int? = nil
  ) -> [Estimate] {
    let near = nearest(to: point, reach: reach, without: excluded)
    guard !near.isEmpty else { return noises.map { _ in Estimate() } }
    let count = near.count
    var correlations = [Double](repeating: 1, count: count * count)
    for i in 0..<count {
      for j in 0..<i {
        correlations[i * count + j] =
          exp(
            members[near[i].index].point.logarithmicCorrelation(
              with: members[near[j].index].point, reach: reach))
      }
    }
    let own = near.map { members[$0.index].noise }
    return noises.map { noise in
      let factor = Cholesky(correlations, count: count, added: own.map { $0 + noise })
      let weights = factor.solve(near.map(\.correlation))
      var estimate = Estimate()
      for (weight, neighbour) in zip(weights, near) {
        estimate.deviation += weight * members[neighbour.index].deviation
        estimate.explained += weight * neighbour.correlation
      }
      return estimate
    }
  }

  /// Latencies of the slowest row of the family that is no larger in any size than `point`, and of
  /// the fastest that is no smaller.
  func bounds(of point: LayerPoint) -> (low: Double, high: Double) {
    var (low, high) = (0.0, Double.infinity)
    for index in sizes.indices {
      let (smaller, larger) = (
        all(sizes[index] .<= point.sizes), all(sizes[index] .>= point.sizes)
      )
      guard smaller || larger, members[index].isBound, members[index].point.isFamily(of: point)
      else { continue }
      if smaller { low = max(low, members[index].nanoseconds) }
      if larger { high = min(high, members[index].nanoseconds) }
    }
    return (low, high)
  }

  /// The members most alike `point`, those that say nothing left out.
  private func nearest(
    to point: LayerPoint, reach: SIMD4<Double>, without excluded: Int?
  ) -> [(index: Int, correlation: Double)] {
    var near: [(index: Int, logarithm: Double)] = []
    near.reserveCapacity(Self.size)
    var least = Self.leastCorrelation
    for index in coordinates.indices {
      let most = LayerPoint.logarithmicCorrelation(
        point.coordinates, coordinates[index], reach: reach)
      guard most > least else { continue }
      let logarithm = point.logarithmicCorrelation(with: members[index].point, reach: reach)
      guard logarithm > least, index != excluded else { continue }
      if near.count == Self.size { near.removeLast() }
      let place = near.firstIndex { $0.logarithm < logarithm } ?? near.count
      near.insert((index, logarithm), at: place)
      if near.count == Self.size { least = near[Self.size - 1].logarithm }
    }
    return near.map { ($0.index, exp($0.logarithm)) }
  }

  /// Rows asked: more change nothing.
  private static let size = 16
  private static let leastCorrelation = log(0.02)
}
