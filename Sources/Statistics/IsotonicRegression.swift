/// The values nearest to given ones, by weighted least squares, that keep an order.
public enum IsotonicRegression {
  /// Members that have one value.
  public struct Pool<Member> {
    public private(set) var value: Double
    public private(set) var weight: Double
    public private(set) var members: [Member]

    public init(value: Double, weight: Double, members: [Member]) {
      self.value = value
      self.weight = weight
      self.members = members
    }

    fileprivate mutating func merge(_ other: Pool) {
      // As a step from one value to the other, which stays between them however large the weights.
      value += (other.value - value) * (other.weight / (weight + other.weight))
      weight += other.weight
      members += other.members
    }
  }

  /// Makes values rise along every chain, and none pass the root's, where all chains end.
  ///
  /// Pool adjacent violators (Ayer et al., 1955) along each chain; then the root is pooled with the
  /// greatest of the chains' ends while that is above it (Pardalos and Xue, Algorithmica 23, 1999,
  /// for rooted trees).
  public static func pools<Member>(
    chains: [[Pool<Member>]], root: Pool<Member>?
  ) -> [Pool<Member>] {
    var ends = chains.map(risen)
    guard var root else { return ends.flatMap { $0 } }
    while let greatest = ends.indices.max(by: { end(ends[$0]) < end(ends[$1]) }),
      end(ends[greatest]) > root.value
    {
      root.merge(ends[greatest].removeLast())
    }
    return ends.flatMap { $0 } + [root]
  }

  private static func end<Member>(_ chain: [Pool<Member>]) -> Double {
    chain.last?.value ?? -.infinity
  }

  private static func risen<Member>(_ chain: [Pool<Member>]) -> [Pool<Member>] {
    var result: [Pool<Member>] = []
    for pool in chain {
      var pool = pool
      while let last = result.last, last.value > pool.value {
        pool.merge(last)
        result.removeLast()
      }
      result.append(pool)
    }
    return result
  }
}
