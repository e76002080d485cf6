internal import Workloads

extension LatencyTable {
  /// What these tables of one model and method, and this one, say together beside their rows; without rows.
  func header(with others: [LatencyTable]) -> LatencyTable {
    let tables = [self] + others
    var merged = self
    merged.rows = []
    let sweeps = Sweeps(tables)
    merged.complete = sweeps.areComplete
    merged.sweep = sweeps.whole
    merged.shard = tables.allSatisfy { $0.shard == shard } ? shard : nil
    merged.unit = tables.allSatisfy { $0.unit == unit } ? unit : nil
    merged.telemetry = tables.allSatisfy { $0.telemetry == telemetry } ? telemetry : nil
    merged.profile = Self.distinct(tables.map(\.profile)).joined(separator: ", ")
    merged.method.targetHalfWidth = tables.map(\.method.targetHalfWidth).max() ?? 0
    merged.method.rowSeconds = tables.map(\.method.rowSeconds).max() ?? 0
    merged.ceilings = others.reduce(ceilings) { $0.raised(by: $1.ceilings) }
    merged.speed = Speed(of: tables.map(\.speed))
    merged.additivity = tables.compactMap(\.additivity).max {
      ($0.networks, -$0.relativeSpread) < ($1.networks, -$1.relativeSpread)
    }
    merged.warnings = Self.warnings(of: tables)
    return merged
  }

  /// Warnings of all tables once; those of some shards only begin with the shard. What tables say of their
  /// rows together is left out, as it is to be said anew.
  private static func warnings(of tables: [LatencyTable]) -> [String] {
    let lists = tables.map { table in
      let ofRows = table.monotonicity.warnings
      return table.warnings.filter { !ofRows.contains($0) }
    }
    return distinct(
      zip(tables, lists).flatMap { table, list in
        list.map { warning in
          guard let shard = table.shard, !lists.allSatisfy({ $0.contains(warning) }) else {
            return warning
          }
          return "Shard \(shard): \(warning)"
        }
      })
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}

/// The sweeps that tables are of, and whether all their rows are there.
private struct Sweeps {
  let areComplete: Bool
  /// The sweep of all tables together; `nil` where it is not known, as some are not complete.
  let whole: Sweep?

  init(_ tables: [LatencyTable]) {
    let known = Dictionary(grouping: tables.filter { $0.sweep != nil }, by: \.sweep)
    let areKnownComplete = known.allSatisfy { sweep, parts in
      parts.contains { $0.complete && $0.shard == nil }
        || Sweep(Self.workloads(of: parts)) == sweep
    }
    // Tables before 1.6.0 do not say what they are part of.
    let unknown = tables.filter { $0.sweep == nil }
    areComplete = areKnownComplete && unknown.allSatisfy(\.complete)
    if unknown.isEmpty, known.count == 1 {
      whole = tables[0].sweep
    } else {
      whole = areComplete ? Sweep(Self.workloads(of: tables)) : nil
    }
  }

  private static func workloads(of tables: [LatencyTable]) -> Set<Workload> {
    tables.reduce(into: []) { $0.formUnion($1.rows.lazy.map(\.workload)) }
  }
}

extension Speed {
  /// Of several campaigns together: each counts by its readings.
  fileprivate init(of speeds: [Speed]) {
    let timed = speeds.filter { $0.readings > 0 && $0.arithmetic.referenceNanoseconds > 0 }
    guard let arithmetic = Kernel(of: timed.map { ($0.arithmetic, $0.readings) }) else {
      self = speeds[0]
      return
    }
    let readings = timed.reduce(0) { $0 + Double($1.readings) }
    let discarded = timed.reduce(0) { $0 + $1.discardedShare * (Double($1.readings) / readings) }
    let memory = timed.compactMap { speed in speed.memory.map { ($0, speed.readings) } }
    self.init(
      readings: Int(min(readings, Double(Bounds.count.upperBound))), arithmetic: arithmetic,
      // Of campaigns that did not read it, nobody knows how fast memory was.
      memory: memory.count == timed.count ? Kernel(of: memory) : nil,
      discardedShare: min(discarded, 1))
  }
}

extension Speed.Kernel {
  /// Of several campaigns together, each with its readings: the fastest of all is the speed that others are
  /// relative to. `nil` of none that was timed.
  fileprivate init?(of kernels: [(kernel: Speed.Kernel, readings: Int)]) {
    let readings = kernels.reduce(0) { $0 + Double($1.readings) }
    guard let fastest = kernels.map(\.kernel.referenceNanoseconds).min(), fastest > 0 else {
      return nil
    }
    func mean(_ figure: (Speed.Kernel) -> Double) -> Double {
      kernels.reduce(0) { $0 + figure($1.kernel) * (Double($1.readings) / readings) }
    }
    self.init(
      referenceNanoseconds: fastest, medianOverUndisturbed: mean(\.medianOverUndisturbed),
      relativeSpeed: mean { $0.relativeSpeed * (fastest / $0.referenceNanoseconds) })
  }
}
