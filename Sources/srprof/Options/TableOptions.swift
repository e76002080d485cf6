internal import ArgumentParser
internal import Measurement
internal import Networks
internal import Prediction
internal import Tables

/// The table that predictions rest on.
struct TableOptions: ParsableArguments {
  @Option(
    help: "File of the latency table.", completion: .file(extensions: ["json"]))
  var table: String

  /// The table, and its predictor.
  func read() throws(CommandFailure) -> (table: LatencyTable, predictor: LatencyPredictor) {
    let table = try LatencyTable(argument: self.table)
    return (table, try predictor(of: table))
  }

  /// The predictor of the table that was read.
  func predictor(of table: LatencyTable) throws(CommandFailure) -> LatencyPredictor {
    do throws(PredictionError) { return try LatencyPredictor(table: table) } catch {
      throw CommandFailure(.badFile, "\(self.table): \(error)")
    }
  }
}

extension LatencyTable {
  /// A network as it is executed on the table's device.
  func lowered(_ graph: Graph) throws(CommandFailure) -> LoweredNetwork {
    do throws(InvalidGraph) { return try lowering(of: graph) } catch {
      throw CommandFailure(.badFile, "\(graph.name): \(error)")
    }
  }
}

extension LoweredNetwork {
  /// The workloads of a network named on the command line.
  ///
  /// - Parameter fusingSplitBlocks: Whether a SplitSR block is one workload.
  init(argument graph: Graph, fusingSplitBlocks: Bool = true) throws(CommandFailure) {
    do throws(InvalidGraph) {
      self = try LoweredNetwork(graph, fusingSplitBlocks: fusingSplitBlocks)
    } catch {
      throw CommandFailure(.badFile, "\(graph.name): \(error)")
    }
  }
}

extension NetworkPrediction {
  /// The prediction that a command asks for.
  init(
    argument network: LoweredNetwork, predictor: LatencyPredictor, exactOnly: Bool = false
  ) throws(CommandFailure) {
    do throws(PredictionError) {
      try self.init(network, predictor: predictor, exactOnly: exactOnly)
    } catch {
      throw CommandFailure(.badFile, "\(network.name): \(error)")
    }
  }
}
