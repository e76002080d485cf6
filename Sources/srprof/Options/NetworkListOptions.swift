internal import ArgumentParser

/// Which networks are meant, where a command answers several.
struct NetworkListOptions: ParsableArguments {
  @Option(
    help:
      "A network of a family, such as wdsr-b:blocks=16,scale=4 (see srprof networks); any number.")
  var network: [String] = []

  @Option(
    help:
      "A file with a candidate of a search: the block of each cell, the pruning of each layer; any number.",
    completion: .file(extensions: ["json"]))
  var candidate: [String] = []

  @Option(
    help: "An ONNX model; where its image has no fixed size, --input gives one; any number.",
    completion: .file(extensions: ["onnx"]))
  var onnx: [String] = []

  /// Whether no network is named.
  var isEmpty: Bool { network.isEmpty && candidate.isEmpty && onnx.isEmpty }

  /// The choice of each network: families, candidates, models.
  func each() throws -> [NetworkOptions] {
    // One that names nothing says so.
    if isEmpty { return [try NetworkOptions.parse([])] }
    let words =
      network.map { "--network=\($0)" } + candidate.map { "--candidate=\($0)" }
      + onnx.map { "--onnx=\($0)" }
    return try words.map { try NetworkOptions.parse([$0]) }
  }
}
