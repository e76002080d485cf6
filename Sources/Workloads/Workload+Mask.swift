extension Workload {
  /// Which weights are kept; `nil` for a workload that is not pruned, and for one whose mask was
  /// given elsewhere and is known by its digest only (as when it was read from a table): that one has
  /// a ``Convolution/sparsity`` all the same, and can be looked up but not executed.
  ///
  /// Drawn anew by every call, in about 10 ns for each weight; keep it to use it again.
  public var mask: WeightMask? {
    guard case .convolution(let it) = operation, let sparsity = it.sparsity else { return nil }
    return switch sparsity.source {
    case .seed(let seed): WeightMask(sparsity.scheme, kept: sparsity.kept, seed: seed, of: it)
    case .given(let mask): mask.bits
    }
  }

  /// Whether its mask was made elsewhere, as by training, and not drawn from a seed.
  public var hasGivenMask: Bool {
    guard case .convolution(let it) = operation, case .given? = it.sparsity?.source else {
      return false
    }
    return true
  }
}
