public import Networks

extension Candidate {
  /// The candidate with another rate for every layer that has a scheme.
  public func pruned(rate: Double) -> Candidate {
    var result = self
    for cell in cells.indices {
      for layer in cells[cell].layers.indices where cells[cell].layers[layer].scheme != .none {
        result.cells[cell].layers[layer].rate = rate
      }
    }
    return result
  }
}
