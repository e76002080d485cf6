internal import Statistics

/// How far predictions of rows that are not there can be trusted: learned by predicting some of the
/// rows that are there, each by the law of all and what the others deviate from it.
struct Trust: Sendable {
  /// The one of ``LayerPoint/reaches`` by which left-out rows are predicted best.
  let reach: SIMD4<Double>
  /// The smoothing by which they are.
  let noise: Double
  private var quantiles: [LayerPoint.Group: Double] = [:]
  private let overall: Double

  init(_ neighbourhoods: [LayerPoint.Group: Neighbourhood]) {
    let choices = LayerPoint.reaches.flatMap { reach in Self.noises.map { (reach, $0) } }
    var groups: [LayerPoint.Group: [LeftOut]] = [:]
    for (group, neighbourhood) in neighbourhoods {
      let members = neighbourhood.members
      let step = max(1, members.count / Self.leftOut)
      groups[group] = stride(from: 0, to: members.count, by: step).map { index in
        let estimates = LayerPoint.reaches.flatMap {
          neighbourhood.estimates(
            of: members[index].point, reach: $0, noises: Self.noises, without: index)
        }
        return LeftOut(
          weight: 1 / (Self.smallNoise + members[index].noise).squareRoot(),
          error: estimates.map { abs($0.deviation - members[index].deviation) },
          deviation: zip(estimates, choices).map {
            Self.deviation($0, noise: $1.1)
          })
      }
    }
    // Sums in one order, whatever the order of the dictionary.
    let all = groups.values.flatMap(\.self)
    let sums = choices.indices.map { choice in
      all.map { $0.weight * $0.error[choice] }.sorted().reduce(0, +)
    }
    let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
    (reach, noise) = choices[best]
    func quantile(_ rows: [LeftOut]) -> Double {
      conformalQuantile(0.95, rows.map { $0.error[best] / $0.deviation[best] }) ?? 1
    }
    // From a few rows, nothing is known for sure.
    overall = max(quantile(all), all.count < Self.enough ? 1 : 0)
    for (group, rows) in groups where rows.count >= Self.enough {
      quantiles[group] = quantile(rows)
    }
  }

  /// A row as predicted from the others, by each choice of reach and noise.
  private struct LeftOut {
    /// Rows that are known well say more.
    let weight: Double
    let error: [Double]
    let deviation: [Double]
  }

  /// Half width of the 95 % interval of the logarithm of a latency.
  func halfWidth(of estimate: Neighbourhood.Estimate, in group: LayerPoint.Group) -> Double {
    (quantiles[group] ?? overall) * Self.deviation(estimate, noise: noise)
  }

  /// Standard deviation of a new measured deviation, in units of that which neighbours share.
  private static func deviation(_ estimate: Neighbourhood.Estimate, noise: Double) -> Double {
    (max(0, 1 - estimate.explained) + noise).squareRoot()
  }

  private static let noises = [0.01, 0.03, 0.1, 0.3, 1]
  /// What a row that is known exactly is taken to be known to, in units of the shared variance.
  private static let smallNoise = 0.01
  /// Rows of a group that are left out in turn, about.
  private static let leftOut = 40
  /// Rows that make a quantile of a group's own.
  private static let enough = 20
}
