internal import Statistics
public import Workloads

/// Whether pruning more never costs more time, and figures for which that is so.
///
/// Rows are compared that are the same convolution, all else equal, and pruned by the same scheme with
/// the same seed; the dense row keeps most of all of them. Rows with a given mask are compared with
/// none: one mask says nothing about another.
public struct Monotonicity: Hashable, Sendable {
  /// A row that is slower than one that keeps more weights.
  public struct Violation: Hashable, Sendable {
    /// The row that is too slow.
    public let workload: Workload
    /// The fastest row that keeps more.
    public let denser: Workload
    /// How much longer the first takes, as a share of the time of the second.
    public let excess: Double
    /// Whether the intervals of the two overlap, so that it may be noise.
    public let withinNoise: Bool
  }

  /// One for each row that is too slow, in the order of the rows.
  public let violations: [Violation]
  /// Those that have rows to compare with.
  private let smoothed: [Workload: Double]

  /// Undisturbed nanoseconds of a measured row, for predictors; `nil` for a row that failed. They do not
  /// rise when the kept ratio falls, but for a row that is slower than a denser one beyond the noise of
  /// both: its schedule is slower, and it keeps its figure.
  ///
  /// They are the nearest such figures to the measured ones (weighted isotonic regression), each row
  /// weighing as much as its interval is narrow; a row that violates nothing keeps its own figure.
  public func smoothedNanoseconds(of row: Row) -> Double? {
    guard let latency = row.measurement?.latency else { return nil }
    return smoothed[row.workload] ?? latency.undisturbedNanoseconds
  }

  /// What a table's reader should know, in sentences; none if there are no violations.
  public var warnings: [String] {
    [false, true].compactMap { withinNoise in
      let some = violations.filter { $0.withinNoise == withinNoise }
      guard let worst = some.max(by: { $0.excess < $1.excess }) else { return nil }
      return
        "\(some.count) pruned row\(some.count == 1 ? " is" : "s are") slower than a row of the "
        + "same convolution that keeps more weights, \(withinNoise ? "within" : "beyond") the noise "
        + "of both; the worst is '\(worst.workload)', \(Self.percent(worst.excess)) slower than "
        + "'\(worst.denser)'. "
        + (withinNoise
          ? "Predictors take smoothed figures."
          : "A race of all schedules (--tune full) may find a better one.")
    }
  }

  private static func percent(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10) %"
  }

  /// Compares rows of a table.
  public init(_ rows: [Row]) {
    var families: [Workload: Family] = [:]
    for isPruned in [true, false] {
      for row in rows where row.workload.isPruned == isPruned {
        guard let latency = row.measurement?.latency else { continue }
        if isPruned {
          families[row.workload.dense, default: Family()].add(row.workload, latency)
        } else {
          families[row.workload]?.add(row.workload, latency)
        }
      }
    }
    var smoothed: [Workload: Double] = [:]
    var violations: [Violation] = []
    for family in families.values {
      let found = family.violations
      violations += found
      for (workload, nanoseconds) in family.smoothed(violations: found) {
        smoothed[workload] = nanoseconds
      }
    }
    self.violations = violations.sorted { $0.workload < $1.workload }
    self.smoothed = smoothed
  }
}

extension LatencyTable {
  /// Whether pruning more never costs more time; computed anew by every call.
  public var monotonicity: Monotonicity { Monotonicity(rows) }
}

/// Rows of one convolution: the dense one, and the pruned ones by scheme and seed.
private struct Family {
  private typealias Member = (workload: Workload, kept: Int, latency: Latency)

  private struct Chain: Hashable {
    var scheme: Sparsity.Scheme
    var seed: UInt32
  }

  private var dense: Member?
  private var chains: [Chain: [Member]] = [:]

  mutating func add(_ workload: Workload, _ latency: Latency) {
    guard case .convolution(let it) = workload.operation else { return }
    let member = (workload, it.keptWeights, latency)
    guard let sparsity = it.sparsity else {
      dense = member
      return
    }
    guard case .seed(let seed) = sparsity.source else { return }
    chains[Chain(scheme: sparsity.scheme, seed: seed), default: []].append(member)
  }

  /// The members of each chain, those that keep fewest first.
  private var sortedChains: [[Member]] {
    chains.values.map { $0.sorted { $0.kept < $1.kept } }
  }

  var violations: [Monotonicity.Violation] {
    sortedChains.flatMap { chain in
      var fastest = dense
      return chain.reversed().compactMap { member -> Monotonicity.Violation? in
        let before = fastest
        let nanoseconds = member.latency.undisturbedNanoseconds
        guard let before, nanoseconds > before.latency.undisturbedNanoseconds else {
          fastest = member
          return nil
        }
        return Monotonicity.Violation(
          workload: member.workload, denser: before.workload,
          excess: nanoseconds / before.latency.undisturbedNanoseconds - 1,
          withinNoise: member.latency.lowNanoseconds <= before.latency.highNanoseconds)
      }
    }
  }

  /// Figures of all members but those whose violation is beyond the noise.
  func smoothed(violations: [Monotonicity.Violation]) -> [(Workload, Double)] {
    let slower = Set(violations.filter { !$0.withinNoise }.map(\.workload))
    let pools = IsotonicRegression.pools(
      chains: sortedChains.map { chain in
        chain.filter { !slower.contains($0.workload) }.map(Self.pool)
      }, root: dense.map(Self.pool))
    return pools.flatMap { pool in pool.members.map { ($0, pool.value) } }
  }

  private static func pool(_ member: Member) -> IsotonicRegression.Pool<Workload> {
    let latency = member.latency
    // An interval without width would outweigh everything.
    let deviation = max(
      (latency.highNanoseconds - latency.lowNanoseconds) / 2,
      latency.undisturbedNanoseconds * 1e-4, .leastNormalMagnitude)
    return IsotonicRegression.Pool(
      value: latency.undisturbedNanoseconds, weight: 1 / (deviation * deviation),
      members: [member.workload])
  }
}
