internal import ArgumentParser
internal import Networks
internal import ONNX

/// `srprof networks`: what the zoo has, and what a network is made of.
struct ListNetworks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "List the families of networks, or the layers of one network.",
    discussion: """
      Without a network: families, their keys and defaults. With one: its layers, with shapes (channels x height x \
      width), parameters and multiply-accumulates (MACs), and the workloads that it is lowered to. --onnx beside a \
      network of a family or a candidate writes it to that new file, with its seeded weights or those of \
      --weights; alone it is read.

      Example: srprof networks; srprof networks wdsr-b:blocks=16,channels=32,scale=4 --onnx wdsr.onnx
      """)

  @Argument(help: "The network: a family and its keys, as in wdsr-b:blocks=16,scale=4.")
  var description: String?

  @OptionGroup var options: NetworkOptions
  @OptionGroup var trained: WeightOptions

  @Flag(help: "Print as JSON, for programs.")
  var json = false

  @OptionGroup var input: ShapeOptions

  func run() throws {
    guard let seeded = try graph() else {
      guard trained.weights == nil else {
        throw CommandFailure(.usage, "--weights is for the numbers of a network: name the network")
      }
      guard input.shape == nil else {
        throw CommandFailure(.usage, "--input is the shape of a network's image: name the network")
      }
      return try Terminal.output(json ? try FamilyListing().prettyJSON() : FamilyListing.text)
    }
    let graph = try trained.replacement(isModel: target == nil && options.onnx != nil)(seeded)
    if let target {
      guard !json else {
        throw CommandFailure(.usage, "--onnx writes the network, --json prints it: one of them")
      }
      return try write(graph, to: target)
    }
    let listing = GraphListing(graph, try LoweredNetwork(argument: graph))
    try Terminal.output(json ? try listing.prettyJSON() : listing.text)
  }

  /// The file an ONNX model is written to; `nil` where `--onnx` names one to read, or nothing.
  private var target: String? {
    description != nil || options.network != nil || options.candidate != nil ? options.onnx : nil
  }

  /// The network that is named; `nil` for none.
  private func graph() throws(CommandFailure) -> Graph? {
    var source = options
    if target != nil { source.onnx = nil }
    guard let description else {
      return source.isEmpty ? nil : try source.graph(input)
    }
    guard source.isEmpty else {
      throw CommandFailure(
        .usage, "one network at a time: '\(description)', or an option that names it")
    }
    source.network = description
    return try source.graph(input)
  }

  private func write(_ graph: Graph, to path: String) throws(CommandFailure) {
    let file = try OutputFile(
      path: path, besides: [options.candidate, trained.weights].compactMap(\.self))
    guard !file.exists else {
      throw CommandFailure(
        .usage,
        "\(path) is there already, and beside a network --onnx writes: choose another name, or remove it"
      )
    }
    let bytes: [UInt8]
    do throws(InvalidGraph) { bytes = try graph.onnx() } catch {
      throw CommandFailure(.badFile, "\(graph.name): \(error.description)")
    }
    try file.write(bytes)
  }
}
