/// The numbers a workload is measured and checked with: any element of any operand, without memory.
///
/// Values are multiples of 1/64 in [-1, 1), spread evenly. They are never all zero (zeros flatter
/// power-limited devices), and products of two of them have 12 bits behind the point, so that sums
/// of up to 4096 products are exact in 32-bit floating point whatever their order.
public struct TestData: Hashable, Sendable {
  /// Selects one of the possible fillings.
  public var seed: UInt64

  public init(seed: UInt64 = 1) {
    self.seed = seed
  }

  /// Element `index` (row-major, without padding) of an operand.
  public func value(_ operand: Operand, _ index: Int) -> Float {
    let stream = (seed &+ UInt64(Self.stream(operand))) &* 0x9E37_79B9_7F4A_7C15
    let place = stream &+ UInt64(truncatingIfNeeded: index)
    let bits = SplitMix64.mixed(place &* 0x9E37_79B9_7F4A_7C15)
    return Float(Int(bits >> 57) - 64) / 64
  }

  private static func stream(_ operand: Operand) -> Int {
    switch operand {
    case .input: 1
    case .second: 2
    case .residual: 3
    case .scale: 4
    case .weights: 5
    case .bias: 6
    case .slopes: 7
    case .output: 8
    }
  }
}
