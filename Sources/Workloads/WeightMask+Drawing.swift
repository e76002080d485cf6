internal import Statistics

/// Masks drawn from a seed: the same on every machine and in every version, as a table's rows are
/// known by the seed only.
extension WeightMask {
  /// The mask of a valid sparsity that keeps `kept` weights of a convolution.
  ///
  /// - Pattern: every filter keeps equally many kernels or one more, those with one more and the
  ///   kernels drawn evenly; then each kept kernel draws its pattern evenly from the library.
  /// - Block-punched: every block keeps equally many positions or one more, those with one more
  ///   along diagonals of blocks; the positions are drawn evenly.
  /// - Unstructured: all choices of `kept` weights are equally likely.
  init(_ scheme: Sparsity.Scheme, kept: Int, seed: UInt32, of convolution: Convolution) {
    self.init(
      outputs: convolution.outputs, inputs: convolution.inputsPerGroup, kernel: convolution.kernel)
    var random = SplitMix64(state: UInt64(seed))
    switch scheme {
    case .pattern(let library): drawPatterns(library, kernels: kept / library.entries, &random)
    case .blockPunched(let filters, let channels):
      let grid = BlockGrid(outputs: outputs, inputs: inputs, filters: filters, channels: channels)
      drawBlocks(grid, grid.share(nearest: kept), &random)
    case .unstructured:
      let taps = kernel * kernel
      random.choose(kept, of: total) {
        self[$0 / taps / inputs, $0 / taps % inputs, $0 % taps] = true
      }
    }
  }

  private mutating func drawPatterns(
    _ library: PatternLibrary, kernels: Int, _ random: inout SplitMix64
  ) {
    var counts = [Int](repeating: kernels / outputs, count: outputs)
    random.choose(kernels % outputs, of: outputs) { counts[$0] += 1 }
    for output in 0..<outputs {
      var chosen: [Int] = []
      random.choose(counts[output], of: inputs) { chosen.append($0) }
      for input in chosen {
        let pattern = library.patterns[random.below(library.patterns.count)]
        for tap in 0..<9 where pattern >> tap & 1 == 1 { self[output, input, tap] = true }
      }
    }
  }

  private mutating func drawBlocks(
    _ grid: BlockGrid, _ share: BlockGrid.Share, _ random: inout SplitMix64
  ) {
    for index in 0..<grid.count {
      let block = grid.block(index)
      let positions = share.positions + (index < share.extra ? 1 : 0)
      random.choose(positions, of: kernel * kernel) { tap in
        for output in block.outputs {
          for input in block.inputs { self[output, input, tap] = true }
        }
      }
    }
  }
}
