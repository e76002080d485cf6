internal import Glibc
internal import Statistics
public import Workloads

/// Two tables row by row: what the second takes of the time of the first.
///
/// Rows are joined by workload. Both may come from one device on two days, or from two devices.
public struct Comparison: Hashable, Sendable {
  /// What a ratio and its interval say of the second table.
  public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// Its whole interval lies below 1.
    case faster
    /// Its whole interval lies above 1.
    case slower
    /// It is within ``sameShare`` of 1, and so may be the truth.
    case same
    /// It is farther from 1, but the rows are too uncertain to tell.
    case unclear
  }

  /// One workload that both tables have measured.
  public struct Pair: Hashable, Sendable {
    public let workload: Workload
    public let first: Latency
    public let second: Latency
    /// Undisturbed time of the second over that of the first.
    public let ratio: Double
    /// Ends of the 95 % interval of the ratio.
    public let low: Double
    public let high: Double
    public let verdict: Verdict
  }

  /// Pairs of one operator, and the geometric mean of their ratios.
  public struct Family: Hashable, Sendable, Encodable {
    /// The first word of the workloads' names, such as `conv3x3`.
    public let name: String
    public let pairs: Int
    public let ratio: Double
  }

  /// Ratios this near to 1 are called the same; what two campaigns on one quiet device differ by.
  public static let sameShare = 0.03

  /// In the order of the first table's rows.
  public let pairs: [Pair]
  /// Workloads that only one table has a row of.
  public let onlyFirst: [Workload]
  public let onlySecond: [Workload]
  /// Workloads that both tables have a row of, and at least one has not measured.
  public let failed: [Workload]

  /// Joins the rows of two tables that `isIncluded` allows.
  public init(
    _ first: LatencyTable, _ second: LatencyTable,
    where isIncluded: (Workload) -> Bool = { _ in true }
  ) {
    let firstRows = first.rows.filter { isIncluded($0.workload) }
    let secondRows = second.rows.filter { isIncluded($0.workload) }
    let others = Dictionary(
      secondRows.map { ($0.workload, $0) }, uniquingKeysWith: { first, _ in first })
    var pairs: [Pair] = []
    var (only, failed): ([Workload], [Workload]) = ([], [])
    for row in firstRows {
      guard let other = others[row.workload] else {
        only.append(row.workload)
        continue
      }
      if let a = row.measurement?.latency, let b = other.measurement?.latency {
        pairs.append(Pair(row.workload, a, b))
      } else {
        failed.append(row.workload)
      }
    }
    let known = Set(firstRows.map(\.workload))
    self.pairs = pairs
    self.failed = failed
    onlyFirst = only
    onlySecond = secondRows.map(\.workload).filter { !known.contains($0) }
  }

  /// The geometric mean of each operator, in the order of the rows.
  public var families: [Family] {
    var order: [String] = []
    var members: [String: [Pair]] = [:]
    for pair in pairs {
      let name = pair.workload.words.first ?? ""
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(pair)
    }
    return order.map { name in
      let list = members[name] ?? []
      return Family(name: name, pairs: list.count, ratio: geometricMean(list.map(\.ratio)) ?? 1)
    }
  }

  /// The geometric mean of all ratios; `nil` without pairs.
  public var ratio: Double? { geometricMean(pairs.map(\.ratio)) }

  /// How many pairs each verdict has, in words.
  public var counts: String {
    Verdict.allCases.map { verdict in
      "\(pairs.count { $0.verdict == verdict }) \(verdict.rawValue)"
    }.joined(separator: ", ")
  }
}

extension Comparison.Pair {
  /// The interval treats the errors of both rows as independent: their logarithms add in quadrature.
  init(_ workload: Workload, _ first: Latency, _ second: Latency) {
    self.workload = workload
    self.first = first
    self.second = second
    let (a, b) = (first.undisturbedNanoseconds, second.undisturbedNanoseconds)
    ratio = b / a
    func spread(_ up: Double, _ down: Double) -> Double {
      exp((log(up) * log(up) + log(down) * log(down)).squareRoot())
    }
    low = ratio / spread(b / second.lowNanoseconds, first.highNanoseconds / a)
    high = ratio * spread(second.highNanoseconds / b, a / first.lowNanoseconds)
    let isNear = abs(ratio - 1) <= Comparison.sameShare
    verdict = high < 1 ? .faster : low > 1 ? .slower : isNear ? .same : .unclear
  }
}
