internal import Networks

extension Candidate {
  /// The candidate with as little left of each layer that has a scheme as ``PrunableNetwork`` may leave.
  var mostPruned: Candidate {
    var result = self
    for (index, cell) in cells.enumerated() {
      let widths = [channels] + cell.middle + [channels]
      var inputs = channels
      for (place, kernel) in cell.block.kernels.enumerated() {
        let outputs = widths[place + 1]
        let kernels = outputs * inputs
        let groups: Double? =
          switch cell.layers[place].scheme {
          case .none: nil
          case .filter: Double(outputs)
          case .pattern: Double(kernels)
          case .unstructured: Double(kernels * kernel * kernel)
          // Blocks of 8 filters by 4 channels.
          case .blockPunched: Double(kernels * kernel * kernel) / Double(min(kernels, 32))
          }
        inputs = outputs
        guard let groups else { continue }
        let kept = (groups / PrunableNetwork.largestRate).rounded(.up)
        result.cells[index].layers[place].rate = groups / kept
        if cell.layers[place].scheme == .filter { inputs = Int(kept) }
      }
    }
    return result
  }
}
