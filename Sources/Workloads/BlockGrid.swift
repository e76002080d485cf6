/// A layer's kernels cut into blocks of filters and input channels, those at the lower and right
/// edges smaller where the sizes do not divide.
///
/// Blocks are numbered along diagonals, so that any first few are spread evenly over the filters.
struct BlockGrid {
  let outputs: Int
  let inputs: Int
  let filters: Int
  let channels: Int

  private var rows: Int { (outputs + filters - 1) / filters }
  private var columns: Int { (inputs + channels - 1) / channels }

  /// Blocks there are.
  var count: Int { rows * columns }

  /// Output and input channels of a block.
  func block(_ index: Int) -> (outputs: Range<Int>, inputs: Range<Int>) {
    let row = index % rows
    let column = (index / rows + row) % columns
    let (top, left) = (row * filters, column * channels)
    return (top..<min(top + filters, outputs), left..<min(left + channels, inputs))
  }

  /// Kernels in a block.
  private func size(_ index: Int) -> Int {
    let block = block(index)
    return block.outputs.count * block.inputs.count
  }

  /// How many weights can be kept, and by how many kept positions in each block: all have
  /// `positions`, and the first `extra` blocks one more.
  struct Share: Hashable {
    var kept: Int
    var positions: Int
    var extra: Int
  }

  /// The share nearest to keeping `target` weights, the smaller of two that are equally near.
  func share(nearest target: Int) -> Share {
    // One position in every block is one weight in every kernel.
    let kernels = outputs * inputs
    var share = Share(kept: target / kernels * kernels, positions: target / kernels, extra: 0)
    while share.kept < target {
      let next = share.kept + size(share.extra)
      if next - target >= target - share.kept { break }
      share.kept = next
      share.extra += 1
    }
    return share
  }
}
