/// A place in an output where the computed value is compared with the right one.
public struct CheckPoint: Hashable, Sendable {
  public var channel: Int
  public var y: Int
  public var x: Int

  public init(_ channel: Int, _ y: Int, _ x: Int) {
    self.channel = channel
    self.y = y
    self.x = x
  }
}

extension Workload {
  /// Where to check the output: everywhere if that is cheap, else all corners of the first and the
  /// last channels, points along the borders (where padding and ragged tiles are), and points
  /// inside, drawn from a fixed seed.
  ///
  /// - Parameter budget: Terms the reference may sum; at least some hundred points are taken.
  public func checkPoints(budget: Int = 2_000_000) -> [CheckPoint] {
    let shape = outputShape
    let terms = max(macsPerResult, isPooling ? height * width : 1)
    if shape.count <= budget / terms {
      return (0..<shape.channels).flatMap { channel in
        (0..<shape.height).flatMap { y in
          (0..<shape.width).map { CheckPoint(channel, y, $0) }
        }
      }
    }
    var random = SplitMix64(state: 7)
    let corners = [0, min(3, shape.channels - 1), shape.channels - 1].flatMap { channel in
      [0, shape.height - 1].flatMap { y in
        [0, shape.width - 1].map { CheckPoint(channel, y, $0) }
      }
    }
    let borders = (0..<96).map { index in
      let channel = random.below(shape.channels)
      let alongY = random.below(shape.height)
      let alongX = random.below(shape.width)
      switch index % 4 {
      case 0: return CheckPoint(channel, 0, alongX)
      case 1: return CheckPoint(channel, shape.height - 1, alongX)
      case 2: return CheckPoint(channel, alongY, 0)
      default: return CheckPoint(channel, alongY, shape.width - 1)
      }
    }
    let inside = (0..<256).map { _ in
      CheckPoint(
        random.below(shape.channels), random.below(shape.height), random.below(shape.width))
    }
    var seen: Set<CheckPoint> = []
    return (corners + borders + inside).filter { seen.insert($0).inserted }
  }

  private var isPooling: Bool {
    if case .globalAveragePool = operation { true } else { false }
  }
}

/// A small seeded generator (SplitMix64), the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(state: UInt64) {
    self.state = state
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// The generator's finalizer (Steele, Lea, Flood 2014): every input bit reaches every output bit.
  static func mixed(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<bound`, evenly spread up to a bias of `bound / 2^64`.
  public mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }
}
