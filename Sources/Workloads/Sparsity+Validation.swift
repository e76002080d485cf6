extension Sparsity {
  /// Most weights a pruned convolution may have: its mask is kept in memory.
  public static let largestTotal = 1 << 24

  /// Throws why this is no sparsity of a convolution that is valid without it.
  func validate(of it: Convolution) throws(InvalidWorkload) {
    func require(
      _ condition: Bool, _ sentence: @autoclosure () -> String
    ) throws(InvalidWorkload) {
      try Workload.require(condition, .sparsity, sentence())
    }
    try require(it.groups == 1, it.notPruned)
    try require(
      total == it.weights,
      "a \(it.kernel)x\(it.kernel) convolution of \(it.inputs) -> \(it.outputs) has \(it.weights) "
        + "weights, not \(total)")
    try require(
      total <= Self.largestTotal,
      "a pruned convolution has at most \(Self.largestTotal) weights, not \(total)")
    try require(
      (1...total).contains(kept),
      "a pruned convolution keeps at least 1 of its \(total) weights and at most all, not \(kept)")
    switch scheme {
    case .pattern:
      try require(it.kernel == 3, "patterns prune 3x3 kernels, not \(it.kernel)x\(it.kernel)")
    case .blockPunched(let filters, let channels):
      try require(
        filters > 0 && channels > 0,
        "a block has at least 1 filter and 1 channel, not \(filters)x\(channels)")
      try require(
        scheme == .blockPunched || (filters <= it.outputs && channels <= it.inputs),
        "a block of \(filters)x\(channels) is larger than the layer, which has \(it.outputs) "
          + "filters of \(it.inputs) channels")
    case .unstructured: break
    }
    // Keeping everything is no pruning, whatever the scheme.
    if kept == total { return }
    switch source {
    case .seed: try require(drawable(of: it) == kept, undrawable(of: it))
    case .given(let mask):
      guard let bits = mask.bits else { return }
      try require(
        bits.outputs == it.outputs && bits.inputs == it.inputs && bits.kernel == it.kernel
          && bits.kept == kept,
        "the mask keeps \(bits.kept) weights of a \(bits.kernel)x\(bits.kernel) convolution of "
          + "\(bits.inputs) -> \(bits.outputs), not \(kept) of \(it.inputs) -> \(it.outputs)")
    }
  }

  /// The number of weights nearest to `kept` that a drawn mask can keep.
  private func drawable(of it: Convolution) -> Int {
    switch scheme {
    case .pattern(let library):
      min(kept / library.entries, it.outputs * it.inputs) * library.entries
    case .blockPunched(let filters, let channels):
      BlockGrid(outputs: it.outputs, inputs: it.inputs, filters: filters, channels: channels)
        .share(nearest: kept).kept
    case .unstructured: kept
    }
  }

  private func undrawable(of it: Convolution) -> String {
    "\(scheme.word) pruning cannot keep exactly \(kept) of \(total) weights; "
      + "\(drawable(of: it)) would do"
  }
}
