public import Networks
public import Tables

extension LatencyTable {
  /// A network as it is executed on the table's device.
  public func lowering(of graph: Graph) throws(InvalidGraph) -> LoweredNetwork {
    try LoweredNetwork(graph, fusingSplitBlocks: backend.fusesSplitBlocks)
  }
}
