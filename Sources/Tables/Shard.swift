public import Workloads

/// A part of a sweep, for one machine of several: each workload is in exactly one shard, whatever order
/// the sweep lists them in.
public struct Shard: Hashable, Sendable, Codable, CustomStringConvertible {
  /// From 1 to ``of``.
  public let index: Int
  /// Shards that the sweep is cut into.
  public let of: Int

  /// `nil` unless the index is from 1 to the number of shards.
  public init?(index: Int, of count: Int) {
    guard index >= 1, index <= count else { return nil }
    self.index = index
    of = count
  }

  /// `nil` unless the text is such as `3/16`.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
    guard parts.count == 2, numbers.count == 2 else { return nil }
    self.init(index: numbers[0], of: numbers[1])
  }

  /// Such as `3/16`.
  public var description: String { "\(index)/\(of)" }

  /// The workloads of this shard, in their order. Each operator's are spread over all shards, and so is the
  /// work, so that shards take about equally long; sizes of shards differ by 1 at most.
  public func part(of workloads: [Workload]) -> [Workload] {
    let rows = workloads.map(Dealt.init).sorted {
      ($0.family, $1.cost, $0.workload) < ($1.family, $0.cost, $1.workload)
    }
    var work = [Double](repeating: 0, count: min(of, rows.count))
    var mine: Set<Workload> = []
    // In each round every shard gets a row; who has least work so far gets the dearest.
    for start in stride(from: 0, to: rows.count, by: max(work.count, 1)) {
      let round = rows[start..<min(start + work.count, rows.count)].sorted {
        ($1.cost, $0.workload) < ($0.cost, $1.workload)
      }
      let seats = work.indices.sorted { (work[$0], $0) < (work[$1], $1) }
      for (seat, row) in zip(seats, round) {
        work[seat] += row.cost
        if seat == index - 1 { mine.insert(row.workload) }
      }
    }
    return workloads.filter(mine.contains)
  }

  /// A workload, and what it is dealt by.
  private struct Dealt {
    let workload: Workload
    let family: String
    let cost: Double

    init(_ workload: Workload) {
      self.workload = workload
      family = workload.words.first ?? ""
      cost = Double(workload.macs) + Double(workload.bytes)
    }
  }

  /// Throws what makes these numbers impossible.
  func validate() throws(TableError.Problem) {
    guard Shard(index: index, of: of) != nil, Bounds.count ~= of else {
      throw .wrongType("index", "\(index), not from 1 to the \(of) shards that there are")
    }
  }
}
