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
    let tensors = try Safetensors(argument: weights)
    let graph: Graph
    do throws(InvalidNetwork) { graph = try network.graph() } catch {
      throw CommandFailure(.badFile, error.description)
    }
    let trained = try graph.replacingWeights(by: tensors, of: weights)
    let target = try OutputFile(path: "\(name).safetensors", besides: inputs)
    let model = try OutputFile(path: "\(name).onnx", besides: inputs)
    let exported: [UInt8]
    do throws(InvalidGraph) { exported = try trained.onnx() } catch {
      throw CommandFailure(.badFile, "\(name).onnx: \(error.description)")
    }
    try target.write(tensors.contents)
    try model.write(exported)
  }
}
