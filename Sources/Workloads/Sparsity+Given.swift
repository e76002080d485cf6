extension Convolution {
  /// This convolution with weights pruned by a mask made elsewhere, which follows a scheme.
  ///
  /// - Throws: Why this convolution cannot be pruned so.
  public func pruned(
    _ scheme: Sparsity.Scheme, by mask: WeightMask
  ) throws(InvalidWorkload) -> Convolution {
    var result = self
    result.sparsity = Sparsity(
      scheme, kept: mask.kept, total: mask.total, source: .given(GivenMask(mask)))
    try Workload.validate(result)
    return result
  }

  /// This convolution with weights pruned by a mask made elsewhere. Its scheme is the most regular
  /// one that the mask follows: block-punched in blocks of 8x4, patterns (of the default library, or
  /// those that occur, sorted), or unstructured.
  ///
  /// - Throws: Why this convolution cannot be pruned so.
  public func pruned(by mask: WeightMask) throws(InvalidWorkload) -> Convolution {
    try pruned(mask.scheme, by: mask)
  }
}

extension WeightMask {
  fileprivate var scheme: Sparsity.Scheme {
    if isBlockPunched { return .blockPunched }
    if let library { return .pattern(library) }
    return .unstructured
  }

  private var isBlockPunched: Bool {
    let grid = BlockGrid(outputs: outputs, inputs: inputs, filters: 8, channels: 4)
    return (0..<grid.count).allSatisfy { index in
      let block = grid.block(index)
      return (0..<kernel * kernel).allSatisfy { tap in
        let first = self[block.outputs.lowerBound, block.inputs.lowerBound, tap]
        return block.outputs.allSatisfy { output in
          block.inputs.allSatisfy { self[output, $0, tap] == first }
        }
      }
    }
  }

  /// The patterns of the kernels that are kept, if these are 3x3 and keep equally many weights.
  private var library: PatternLibrary? {
    guard kernel == 3 else { return nil }
    var patterns: Set<UInt16> = []
    for output in 0..<outputs {
      for input in 0..<inputs {
        let pattern = (0..<9).reduce(UInt16(0)) { $0 | (self[output, input, $1] ? 1 << $1 : 0) }
        if pattern != 0 { patterns.insert(pattern) }
      }
    }
    if patterns.isSubset(of: PatternLibrary.default.patterns) { return .default }
    guard Set(patterns.map(\.nonzeroBitCount)).count == 1 else { return nil }
    return PatternLibrary(patterns: patterns.sorted())
  }
}
