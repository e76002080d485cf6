internal import Networks

extension Candidate {
  /// The candidate with as little left of each layer that has a scheme as ``PrunableNetwork`` may leave.
  var mostPruned: Candidate {
    var result = self
    for index in cells.indices {
      for place in cells[index].layers.indices { result.cells[index].layers[place].rate = 1 }
    }
    for (index, cell) in cells.enumerated() {
      for (place, kernel) in cell.block.kernels.enumerated() {
        // Filters of layers before are pruned by now.
        let (inputs, outputs) = result.cells[index].shapes(channels: channels)[place]
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
        guard let groups else { continue }
        let kept = (groups / PrunableNetwork.largestRate).rounded(.up)
        result.cells[index].layers[place].rate = groups / kept
      }
    }
    return result
  }
}
