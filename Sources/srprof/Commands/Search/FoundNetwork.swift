internal import Files
internal import Networks
internal import ONNX
internal import Search

/// A network that a search found, with its trained weights, as files.
struct FoundNetwork {
  private let network: SearchedNetwork
  /// Path of the trained weights.
  private let weights: String?

  init(_ network: SearchedNetwork, weights: String?) {
    self.network = network
    self.weights = weights
  }

  /// Writes `NAME.json`, and, where there are trained weights, `NAME.safetensors` and `NAME.onnx`.
  func write(to name: String) throws(CommandFailure) {
    let inputs = weights.map { [$0] } ?? []
    try OutputFile(path: "\(name).json", besides: inputs).write(network.json)
    guard let weights else {
      Terminal.note("note: there are no trained weights, so that only \(name).json is written")
      return
    }
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(weights) } catch {
      throw CommandFailure(.inputOutput, "\(weights): \(error.reason)")
    }
    let graph: Graph
    do throws(InvalidNetwork) { graph = try network.graph() } catch {
      throw CommandFailure(.badFile, error.description)
    }
    let trained: Graph
    do {
      trained = try graph.replacingWeights(by: try Safetensors(bytes))
    } catch {
      throw CommandFailure(.badFile, "\(weights): \(error)")
    }
    let target = try OutputFile(path: "\(name).safetensors", besides: inputs)
    let model = try OutputFile(path: "\(name).onnx", besides: inputs)
    let exported: [UInt8]
    do throws(InvalidGraph) { exported = try trained.onnx() } catch {
      throw CommandFailure(.badFile, "\(name).onnx: \(error.description)")
    }
    try target.write(bytes)
    try model.write(exported)
  }
}
