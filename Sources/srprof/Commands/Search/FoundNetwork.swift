internal import Files
internal import Networks
internal import ONNX
internal import Profiles
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

  /// Writes `NAME.json`, and, where there are trained weights, `NAME.safetensors` and `NAME.onnx`. Pruned
  /// layers make `NAME-masks.yaml` too, a profile with their masks in the folder `NAME-masks`.
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
    try writeMasks(of: trained, to: "\(name)-masks", besides: inputs)
  }

  /// Writes a profile of the pruned layers, with a file for each mask in a folder beside it.
  private func writeMasks(
    of graph: Graph, to name: String, besides inputs: [String]
  ) throws(CommandFailure) {
    let steps: [LoweredNetwork.Step]
    do throws(InvalidGraph) {
      steps = try LoweredNetwork(graph, fusingSplitBlocks: true).steps
    } catch {
      throw CommandFailure(.badFile, "\(name).yaml: \(error.description)")
    }
    let short = name.split(separator: "/").last.map(String.init) ?? name
    let layers = steps.map { (name: $0.nodes.first ?? "", workload: $0.workload) }
    guard let profile = MaskProfile(name: short, folder: short, layers: layers) else {
      if FileContents.exists("\(name).yaml") {
        Terminal.note("note: no layer is pruned, so that \(name).yaml is of an earlier network")
      }
      return
    }
    let parent = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    for mask in profile.masks {
      do throws(FileContents.Failure) {
        try FileContents.prepareToWrite(parent + mask.path)
      } catch {
        throw CommandFailure(.inputOutput, "\(parent + mask.path): \(error.reason)")
      }
      try OutputFile(path: parent + mask.path, besides: inputs).write(mask.text)
    }
    try OutputFile(path: "\(name).yaml", besides: inputs).write(profile.yaml)
  }
}
