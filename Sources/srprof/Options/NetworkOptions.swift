internal import ArgumentParser
internal import Networks
internal import ONNX
internal import Search
internal import Tables
internal import Workloads

/// Which network is meant.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: "A network of a family, such as wdsr-b:blocks=16,scale=4 (see srprof networks).")
  var network: String?

  @Option(
    help: "A file with a candidate of a search: the block of each cell, the pruning of each layer.",
    completion: .file(extensions: ["json"]))
  var candidate: String?

  @Option(
    help: "An ONNX model; where its image has no fixed size, --input gives one.",
    completion: .file(extensions: ["onnx"]))
  var onnx: String?

  /// Whether no network is named.
  var isEmpty: Bool { network == nil && candidate == nil && onnx == nil }

  /// Files that the network is made of.
  var files: [String] {
    (candidate.map { [$0] } ?? []) + (onnx.map { Graph.files(onnx: $0) } ?? [])
  }

  /// The network that is named.
  ///
  /// - Parameter shape: Of the image that comes in; `nil` for the network's own.
  func graph(input shape: MapShape? = nil) throws(CommandFailure) -> Graph {
    let size = shape.map { ImageSize(width: $0.width, height: $0.height) }
    switch (network, candidate, onnx) {
    case (let text?, nil, nil): return try Self.graph(of: text, input: size)
    case (nil, let file?, nil):
      let network = try SearchedNetwork(argument: file)
      do throws(InvalidNetwork) { return try network.graph(input: size) } catch {
        throw CommandFailure(.badFile, "\(file): \(error.description)")
      }
    case (nil, nil, let file?):
      return try Self.graph(ofModel: file, input: shape)
    case (nil, nil, nil):
      throw CommandFailure(
        .usage,
        "no network is named: give --network FAMILY:KEY=VALUE,..., --onnx FILE or --candidate FILE")
    default:
      throw CommandFailure(.usage, "--network, --onnx and --candidate exclude each other")
    }
  }

  /// The network that is named, for an image of the shape that ``ShapeOptions`` give.
  func graph(_ input: ShapeOptions) throws(CommandFailure) -> Graph {
    let graph = try graph(input: input.shape)
    guard let shape = input.shape else { return graph }
    if let network, let key = (try? NetworkDescription(parsing: network))?.givenSize {
      throw CommandFailure(.usage, "--input and \(key) of '\(network)' both give a size")
    }
    let taken = graph[graph.input]
    guard taken == shape || onnx != nil else {
      throw CommandFailure(.usage, "\(graph.name) takes \(taken), not the \(shape) of --input")
    }
    return graph
  }

  /// Throws if the network's description gives a size that is not the one of what goes in.
  func requireSize(of shape: MapShape) throws(CommandFailure) {
    guard let network, let description = try? NetworkDescription(parsing: network),
      let key = description.givenSize, let graph = try? description.graph()
    else { return }
    let own = graph[graph.input]
    guard (own.height, own.width) != (shape.height, shape.width) else { return }
    throw CommandFailure(
      .usage,
      "\(key) of '\(network)' asks for an image of \(own.width)x\(own.height), and what goes in has "
        + "\(shape.width)x\(shape.height)")
  }

  /// The network of a description.
  static func graph(
    of text: String, input size: ImageSize? = nil
  ) throws(CommandFailure) -> Graph {
    do throws(InvalidNetwork) {
      let description = try NetworkDescription(parsing: text)
      guard let size else { return try description.graph() }
      // Its name says the size, where a family has sizes that large.
      return try ((try? description.with("input", "\(size)")) ?? description).graph(input: size)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// A model for the brightness of an image takes one channel of a colour picture.
  private static func graph(
    ofModel file: String, input shape: MapShape?
  ) throws(CommandFailure) -> Graph {
    do throws(ONNXError) { return try Graph(onnx: file, input: shape) } catch {
      guard error.kind == .inputSize, var shape, shape.channels == 3 else {
        throw CommandFailure(error)
      }
      shape.channels = 1
      guard let graph = try? Graph(onnx: file, input: shape) else { throw CommandFailure(error) }
      return graph
    }
  }
}
