/// Nanoseconds as a sum of costs, each with a coefficient that is at least 0: a constant,
/// multiply-accumulates (as the workload counts them; with channels padded to blocks of four; the
/// same as if nothing were pruned), and the elements of each operand. So a larger layer is never
/// predicted to be faster. Multiply-accumulates alone are not enough: see the shape of published
/// latency models, in which traffic and a constant carry as much as half of a layer.
struct CostLaw: Sendable {
  private let coefficients: [Double]

  /// Fits relative deviations, so that a fast row counts as much as a slow one.
  init(fitting rows: [(point: LayerPoint, nanoseconds: Double)]) {
    coefficients = NonnegativeLeastSquares.fit(
      terms: rows.map { row in row.point.terms.map { $0 / row.nanoseconds } },
      targets: [Double](repeating: 1, count: rows.count), tolerance: 0.2)
  }

  /// 0 where the law knows none of the layer's costs.
  func nanoseconds(of point: LayerPoint) -> Double {
    NonnegativeLeastSquares.dot(point.terms, coefficients)
  }
}

/// The laws of a table: of each group and scheme that has rows enough, of each group, of all rows.
struct CostLaws: Sendable {
  private struct Part: Hashable {
    let group: LayerPoint.Group
    let isPruned: Bool
  }

  private var parts: [Part: CostLaw] = [:]
  private var groups: [LayerPoint.Group: CostLaw] = [:]
  private let all: CostLaw
  private let least: Double

  init(fitting rows: [(point: LayerPoint, nanoseconds: Double)]) {
    all = CostLaw(fitting: rows)
    least = rows.map(\.nanoseconds).min() ?? 1
    for (group, members) in Dictionary(grouping: rows, by: \.point.group) {
      guard members.count >= Self.enough else { continue }
      groups[group] = CostLaw(fitting: members)
      let byScheme = Dictionary(grouping: members) { $0.point.scheme != nil }
      guard byScheme.count > 1 else { continue }
      for (isPruned, some) in byScheme where some.count >= Self.enough {
        parts[Part(group: group, isPruned: isPruned)] = CostLaw(fitting: some)
      }
    }
  }

  /// What the most special law says that knows any of the layer's costs; above zero.
  func nanoseconds(of point: LayerPoint) -> Double {
    let part = Part(group: point.group, isPruned: point.scheme != nil)
    for law in [parts[part], groups[point.group], all] {
      if let law {
        let nanoseconds = law.nanoseconds(of: point)
        if nanoseconds > 0 { return nanoseconds }
      }
    }
    return least
  }

  /// Fewer rows do not tell the costs apart.
  private static let enough = 8
}
