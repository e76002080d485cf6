extension WeightMask {
  /// The smallest mask of a scheme that keeps every weight that is not zero; where all are zero, the first
  /// that the scheme can keep, as no layer is pruned wholly.
  ///
  /// - Parameter weights: `[outputs, inputs per group, kernel, kernel]` of the convolution.
  /// - Throws: Which weights no mask of the scheme keeps alone.
  public init(
    _ scheme: Sparsity.Scheme, of weights: [Float], _ convolution: Convolution
  ) throws(InvalidWorkload) {
    self.init(
      outputs: convolution.outputs, inputs: convolution.inputsPerGroup, kernel: convolution.kernel)
    try Workload.require(
      weights.count == total, .sparsity, "there are \(weights.count) weights, not \(total)")
    switch scheme {
    case .unstructured:
      for output in 0..<outputs {
        for input in 0..<inputs {
          for tap in 0..<kernel * kernel where weights[place(output, input, tap)] != 0 {
            self[output, input, tap] = true
          }
        }
      }
    case .pattern(let library): try keepPatterns(library, of: weights)
    case .blockPunched(let filters, let channels):
      keepBlocks(
        BlockGrid(outputs: outputs, inputs: inputs, filters: filters, channels: channels),
        of: weights)
    }
    guard kept == 0 else { return }
    switch scheme {
    case .unstructured: self[0, 0, 0] = true
    case .pattern(let library):
      for tap in 0..<9 where (library.patterns.first ?? 1) >> tap & 1 == 1 {
        self[0, 0, tap] = true
      }
    case .blockPunched(let filters, let channels):
      for output in 0..<min(filters, outputs) {
        for input in 0..<min(channels, inputs) { self[output, input, 0] = true }
      }
    }
  }

  private func place(_ output: Int, _ input: Int, _ tap: Int) -> Int {
    (output * inputs + input) * kernel * kernel + tap
  }

  private mutating func keepPatterns(
    _ library: PatternLibrary, of weights: [Float]
  ) throws(InvalidWorkload) {
    try Workload.require(
      kernel == 3, .sparsity, "patterns prune 3x3 kernels, not \(kernel)x\(kernel)")
    for output in 0..<outputs {
      for input in 0..<inputs {
        let taps = (0..<9).reduce(UInt16(0)) {
          $0 | (weights[place(output, input, $1)] != 0 ? 1 << $1 : 0)
        }
        guard taps != 0 else { continue }
        guard let pattern = library.patterns.first(where: { $0 & taps == taps }) else {
          let word = (0..<9).map { taps >> $0 & 1 == 1 ? "1" : "0" }.joined()
          throw InvalidWorkload(
            part: .sparsity,
            description: "filter \(output) keeps the weights \(word) of channel \(input), and no "
              + "pattern does")
        }
        for tap in 0..<9 where pattern >> tap & 1 == 1 { self[output, input, tap] = true }
      }
    }
  }

  private mutating func keepBlocks(_ grid: BlockGrid, of weights: [Float]) {
    for index in 0..<grid.count {
      let block = grid.block(index)
      for tap in 0..<kernel * kernel {
        let isKept = block.outputs.contains { output in
          block.inputs.contains { weights[place(output, $0, tap)] != 0 }
        }
        guard isKept else { continue }
        for output in block.outputs {
          for input in block.inputs { self[output, input, tap] = true }
        }
      }
    }
  }
}
