internal import Glibc

/// The laws of a table: of each group and scheme that has rows enough, of each group, of all convolutions
/// and of all other layers, of all rows.
struct CostLaws: Sendable {
  /// The rows that a law is of.
  private enum Scope: Hashable {
    case scheme(LayerPoint.Group, isPruned: Bool)
    case group(LayerPoint.Group)
    case kind(isConvolution: Bool)
    case all

    /// The next wider one; `nil` of all rows.
    var wider: Scope? {
      switch self {
      case .scheme(let group, _): .group(group)
      case .group(let group): .kind(isConvolution: group.kernel > 0)
      case .kind: .all
      case .all: nil
      }
    }

    /// The kind of its rows, if they are of one.
    var kind: Scope? {
      switch self {
      case .scheme(let group, _), .group(let group): .kind(isConvolution: group.kernel > 0)
      case .kind: self
      case .all: nil
      }
    }

    var isScheme: Bool { if case .scheme = self { true } else { false } }

    /// Those of a layer, the most special first.
    static func of(_ point: LayerPoint) -> some Sequence<Scope> {
      sequence(first: .scheme(point.group, isPruned: point.scheme != nil), next: \.wider)
    }
  }

  private var laws: [Scope: CostLaw] = [:]
  /// What the rows of a group that is too small for a law of its own are over the law of their kind.
  private var factors: [LayerPoint.Group: Double] = [:]
  private let least: Double

  /// - Parameter emptyDispatchNanoseconds: As measured among the device's ceilings, if it was.
  init(
    fitting rows: [(point: LayerPoint, nanoseconds: Double)], emptyDispatchNanoseconds: Double?
  ) {
    least = rows.map(\.nanoseconds).min() ?? 1
    var members: [Scope: [(point: LayerPoint, nanoseconds: Double)]] = [:]
    for row in rows {
      for scope in Scope.of(row.point) { members[scope, default: []].append(row) }
    }
    let lawful = members.filter { $0.value.count >= Self.enough || $0.key == .all }
    let kinds = [true, false].map(Scope.kind)
    var caches: [Scope: Double] = [:]
    for kind in kinds {
      caches[kind] = CostLaw.cacheBytes(
        in: lawful.filter { $0.key.isScheme && $0.key.kind == kind }.map(\.value),
        emptyDispatchNanoseconds: emptyDispatchNanoseconds)
    }
    for (scope, rows) in lawful {
      // The law of the same rows under a wider scope says the same.
      if let wider = scope.wider, lawful[wider]?.count == rows.count { continue }
      let kind = scope.kind ?? kinds.first { members[$0]?.count == rows.count }
      laws[scope] = CostLaw(
        fitting: rows, emptyDispatchNanoseconds: emptyDispatchNanoseconds,
        cacheBytes: kind.flatMap { caches[$0] } ?? .infinity)
    }
    for case (.group(let group), let rows) in members where rows.count < Self.enough {
      let deviations = rows.map { log($0.nanoseconds / nanoseconds(of: $0.point)) }
      factors[group] = median(deviations).map { exp($0) }
    }
  }

  /// What the most special law says that knows any of the layer's costs; above zero.
  func nanoseconds(of point: LayerPoint) -> Double {
    for scope in Scope.of(point) {
      if let nanoseconds = laws[scope]?.nanoseconds(of: point), nanoseconds > 0 {
        return nanoseconds * (factors[point.group] ?? 1)
      }
    }
    return least
  }

  /// Fewer rows do not tell the costs apart.
  private static let enough = 9
}
