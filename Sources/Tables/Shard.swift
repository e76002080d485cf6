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

  /// The workloads of this shard, in their order. Each operator's are spread over all shards, cheap and
  /// dear ones alike, so that shards take about equally long; sizes of shards differ by 1 at most.
  public func part(of workloads: [Workload]) -> [Workload] {
    let families = workloads.map { ($0.words.first ?? "", $0.macs, $0.bytes, $0) }
    let mine = families.sorted(by: <).enumerated().filter { place, _ in
      // Dealt there and back: else the last shard would get the dearest of every turn.
      let (turn, seat) = place.quotientAndRemainder(dividingBy: of)
      return (turn.isMultiple(of: 2) ? seat : of - 1 - seat) == index - 1
    }
    let chosen = Set(mine.map { $0.element.3 })
    return workloads.filter(chosen.contains)
  }

  /// Throws what makes these numbers impossible.
  func validate() throws(TableError.Problem) {
    guard Shard(index: index, of: of) != nil, Bounds.count ~= of else {
      throw .wrongType("index", "\(index), not from 1 to the \(of) shards that there are")
    }
  }
}
