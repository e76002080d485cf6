public import Workloads

/// How a convolution of a network is pruned: its own mask is drawn when its workload is known, or was made by
/// training.
public struct Pruning: Hashable, Sendable {
  public var scheme: Sparsity.Scheme
  /// How many weights there are for each one that is kept; for patterns, kernels (see
  /// ``Convolution/pruned(_:rate:seed:)``).
  public var rate: Double
  public var seed: UInt32
  /// In place of a drawn one; it follows the scheme, and its own count is the one that is kept.
  public var mask: WeightMask?

  public init(
    _ scheme: Sparsity.Scheme, rate: Double, seed: UInt32 = 1, mask: WeightMask? = nil
  ) {
    self.scheme = scheme
    self.rate = rate
    self.seed = seed
    self.mask = mask
  }
}
