internal import Statistics

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
  /// No point is given twice.
  ///
  /// - Parameter budget: Terms the reference may sum; where that is not enough for the whole output,
  ///   up to some hundred points are taken all the same.
  public func checkPoints(budget: Int = 4_000_000) -> [CheckPoint] {
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
