/// A small seeded generator (SplitMix64), the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  @inlinable public init(state: UInt64) {
    self.state = state
  }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// The generator's finalizer (Steele, Lea, Flood 2014): every input bit reaches every output bit.
  @inlinable public static func mixed(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<bound`, evenly spread up to a bias of `bound / 2^64`.
  @inlinable public mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }

  /// Calls `body` with `count` of the numbers `0..<population` in rising order, all choices equally
  /// likely (selection sampling; Knuth, The Art of Computer Programming, 3.4.2, algorithm S).
  @inlinable public mutating func choose(
    _ count: Int, of population: Int, _ body: (Int) -> Void
  ) {
    var wanted = count
    var candidate = 0
    while wanted > 0, candidate < population {
      if below(population - candidate) < wanted {
        body(candidate)
        wanted -= 1
      }
      candidate += 1
    }
  }
}
