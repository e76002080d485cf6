public import Networks
internal import Workloads

extension SearchSpace {
  /// The candidates whose cells are WDSR-A or WDSR-B, of the usual widths, and whose layers take each
  /// of some prunings that they can take: blocks and layers in the order of ``Candidate``.
  ///
  /// Pruned filters change the next layer's shape, so they are no way to execute one layer: such a cell
  /// is a block of other widths, and is not here.
  ///
  /// - Parameters:
  ///   - scale: 2, 3 or 4.
  ///   - input: The image that comes in.
  ///   - prunings: Beside dense execution, which is the first option of every layer.
  /// - Throws: Why there is no such network.
  public static func wdsr(
    scale: Int, input: ImageSize, channels: Int, cells: Int, prunings: [Candidate.Layer]
  ) throws(InvalidNetwork) -> SearchSpace {
    func candidate(_ cell: Candidate.Cell) -> Candidate {
      Candidate(scale: scale, input: input, channels: channels, cells: [cell])
    }
    var fixed: [Workload] = []
    var blocks: [Block] = []
    for kind in Candidate.Block.allCases {
      let dense = Candidate.Cell(kind, middle: kind.middle(channels: channels))
      let steps = try candidate(dense).workloads()
      fixed = steps.filter { $0.layer == nil }.map(\.workload)
      var layers = kind.kernels.indices.map { index in
        [Option(name: "dense", workloads: steps.filter { $0.layer == index }.map(\.workload))]
      }
      for pruning in prunings where pruning.scheme != .none && pruning.scheme != .filter {
        for index in kind.kernels.indices {
          var cell = dense
          cell.layers[index] = pruning
          // A scheme that the layer cannot take is no option of it.
          guard let steps = try? candidate(cell).workloads() else { continue }
          layers[index].append(
            Option(
              name: "\(pruning.scheme.rawValue) x\(pruning.rate)",
              workloads: steps.filter { $0.layer == index }.map(\.workload)))
        }
      }
      blocks.append(Block(name: kind.rawValue, layers: layers.map(Layer.init)))
    }
    guard
      let space = SearchSpace(
        cells: [[Block]](repeating: blocks, count: cells), fixed: fixed)
    else { throw InvalidNetwork("a layer has at most 255 prunings, not \(prunings.count)") }
    return space
  }
}

extension Candidate {
  /// Lowered workloads of a candidate of one cell, each with the layer of the cell that it computes;
  /// `nil` for those outside.
  fileprivate func workloads() throws(InvalidNetwork) -> [(workload: Workload, layer: Int?)] {
    let graph = try graph()
    do throws(InvalidGraph) {
      return try LoweredNetwork(graph).steps.map { step in
        let layer = cells[0].layers.indices.first { step.nodes.contains("cell0.conv\($0)") }
        return (step.workload, layer)
      }
    } catch {
      throw InvalidNetwork(error.description)
    }
  }
}
