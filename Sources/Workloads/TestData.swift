internal import Statistics

/// The numbers a workload is measured and checked with: any element of any operand, without memory.
///
/// They are never all zero (zeros flatter power-limited devices), and they are so few and so coarse
/// that sums of products are exact, whatever their order: an error is then a mistake and not a
/// rounding.
///
/// - In `float32` values are multiples of 1/64 in [-1, 1), spread evenly; weights are multiples of
///   1/4096 and never zero, since compilers that see them as constants would make use of few different
///   ones. Products have 18 bits behind the point: sums below 64 are exact, and those of 4096 products
///   are of the order of 20.
/// - In `float16` values are ±1/4, ±2/4 and ±3/4, spread evenly. Products are whole sixteenths of
///   4.7 on average (root mean square); the sum of 4096 is of the order of 300 and passes 2048, up to
///   where whole numbers have a binary16, once in 10^11. Longer sums are made of ±1/4 only, which
///   does as well for 85,000 products. Slopes are ±1/2 and ±1/4, so that PReLU is exact too.
/// - The input of a pooling in `float16` is that times a power of two, so large that the mean of a
///   plane is never a subnormal number, which devices may take for zero.
///
/// Pruned weights are zero.
public struct TestData: Hashable, Sendable {
  /// Selects one of the possible fillings.
  public var seed: UInt64
  /// Values of each sign in `float16`; 0 for the values of `float32`.
  private var levels: Int
  /// Distance between values of the input in `float16`.
  private var inputUnit: Float
  /// Which weights are not zero; `nil` if all are free.
  let mask: WeightMask?

  /// The data for workloads in `float32`.
  public init(seed: UInt64 = 1) {
    self.seed = seed
    levels = 0
    inputUnit = 0
    mask = nil
  }

  /// The data for a workload; draws its mask.
  public init(for workload: Workload, seed: UInt64 = 1) {
    self.seed = seed
    mask = workload.mask
    levels = 0
    inputUnit = 0
    guard workload.elementType == .float16 else { return }
    levels = workload.largestTermCount <= 4096 ? 3 : 1
    inputUnit = 0.25
    guard case .globalAveragePool = workload.operation else { return }
    // The smallest mean, one unit over all pixels, is at least 2^-14, the smallest normal binary16.
    // A plane of more than 2^22 pixels could have smaller ones: it stays below what overflows.
    while inputUnit < 256, inputUnit * 0x1p14 < Float(workload.height) * Float(workload.width) {
      inputUnit *= 2
    }
  }

  /// Element `index` (row-major, without padding) of an operand.
  public func value(_ operand: Operand, _ index: Int) -> Float {
    if operand == .weights, let mask, !mask[index] { return 0 }
    let stream = (seed &+ UInt64(Self.stream(operand))) &* 0x9E37_79B9_7F4A_7C15
    let place = stream &+ UInt64(truncatingIfNeeded: index)
    let bits = SplitMix64.mixed(place &* 0x9E37_79B9_7F4A_7C15)
    if levels > 0 { return coarse(operand, bits) }
    guard operand == .weights else { return Float(Int(bits >> 57) - 64) / 64 }
    let fine = Int(bits >> 51) - 4096
    return Float(fine == 0 ? 1 : fine) / 4096
  }

  private func coarse(_ operand: Operand, _ bits: UInt64) -> Float {
    let sign: Float = bits >> 63 == 0 ? 1 : -1
    let choice = Int((bits << 1).multipliedFullWidth(by: UInt64(levels)).high)
    switch operand {
    case .input: return sign * Float(choice + 1) * inputUnit
    case .slopes: return sign * (bits >> 62 & 1 == 0 ? 0.5 : 0.25)
    default: return sign * Float(choice + 1) * 0.25
    }
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
