internal import Glibc
internal import Workloads

/// The laws of a table: of each group, of what it is pruned and dense, of all convolutions and of all other
/// layers, of all rows.
struct CostLaws: Sendable {
  /// The rows that a law is of.
  private enum Scope: Hashable {
    case group(LayerPoint.Group)
    case prunedAndDense(LayerPoint.Group)
    case kind(isConvolution: Bool)
    case all

    /// The next wider one; `nil` of all rows.
    var wider: Scope? {
      switch self {
      case .group(var group):
        group.isPruned = false
        return .prunedAndDense(group)
      case .prunedAndDense(let group): return .kind(isConvolution: group.kernel > 0)
      case .kind: return .all
      case .all: return nil
      }
    }

    /// How many are wider.
    var depth: Int { wider.map { $0.depth + 1 } ?? 0 }

    /// This one and all that are wider.
    var andWider: some Sequence<Scope> { sequence(first: self, next: \.wider) }

    /// The kind of its rows, if they are of one.
    var kind: Scope? { andWider.first { if case .kind = $0 { true } else { false } } }

    var isGroup: Bool { if case .group = self { true } else { false } }
  }

  private var laws: [Scope: CostLaw] = [:]
  private let least: Double

  /// - Parameter emptyDispatchNanoseconds: As measured among the device's ceilings, if it was.
  init(fitting rows: CostLaw.Rows, emptyDispatchNanoseconds: Double?) {
    least = rows.map(\.nanoseconds).min() ?? 1
    var members: [Scope: CostLaw.Rows] = [:]
    for row in rows {
      for scope in Scope.group(row.point.group).andWider { members[scope, default: []].append(row) }
    }
    let kinds = [true, false].map(Scope.kind)
    var caches: [Scope: Double] = [:]
    for kind in kinds {
      caches[kind] = CostLaw.cacheBytes(
        in: members.filter { $0.key.isGroup && $0.key.kind == kind }.map(\.value),
        emptyDispatchNanoseconds: emptyDispatchNanoseconds)
    }
    // The widest first: others stay near to them.
    for (scope, rows) in members.sorted(by: { $0.key.depth < $1.key.depth }) {
      // The law of the same rows under a wider scope says the same.
      if let wider = scope.wider, members[wider]?.count == rows.count { continue }
      let kind = scope.kind ?? kinds.first { members[$0]?.count == rows.count }
      laws[scope] = CostLaw(
        fitting: rows, near: scope.andWider.lazy.compactMap { laws[$0] }.first,
        emptyDispatchNanoseconds: emptyDispatchNanoseconds,
        cacheBytes: kind.flatMap { caches[$0] } ?? .infinity)
    }
  }

  /// What the most special law says that knows any of the layer's costs; above zero.
  func nanoseconds(of point: LayerPoint) -> Double {
    for scope in Scope.group(point.group).andWider {
      if let nanoseconds = laws[scope]?.nanoseconds(of: point), nanoseconds > 0 {
        return nanoseconds
      }
    }
    return least
  }

  /// Share of that which goes by the speed of memory; 0 where no law knows any of the layer's costs.
  func memoryShare(of point: LayerPoint) -> Double {
    Scope.group(point.group).andWider.lazy.compactMap { laws[$0]?.memoryShare(of: point) }.first
      ?? 0
  }
}
