internal import Files
public import Networks
internal import SwiftProtobuf
public import Workloads

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Graph {
  /// Reads an ONNX model of opset 9 to 21 with one image in and one out.
  ///
  /// - Parameters:
  ///   - path: The file; weights that lie in other files are looked for in its folder.
  ///   - input: The shape of the image; needed where the file leaves channels, height or width open.
  /// - Throws: What is wrong with the file, or not read, and the node it is about.
  public init(onnx path: String, input: MapShape? = nil) throws(ONNXError) {
    let graph = try Self.read(onnx: path, input)
    self.init(name: graph.name, input: graph[graph.input])
    self = graph
  }

  private static func read(onnx path: String, _ input: MapShape?) throws(ONNXError) -> Graph {
    let url = URL(filePath: path)
    let folder = path.contains("/") ? url.deletingLastPathComponent().path : "."
    let reader: ONNXReader
    do throws(Refusal) {
      let model = try ONNXModel(bytes: bytes(onnx: path))
      let name = url.deletingPathExtension().lastPathComponent
      reader = try ONNXReader(model: model, folder: folder, name: name, input: input)
    } catch {
      throw ONNXError(error.kind, file: path, error.sentence)
    }
    let graph = try reader.read(file: path)
    do throws(InvalidGraph) {
      return try graph.mergingAffine()
    } catch {
      throw ONNXError(file: path, node: error.node, error.sentence)
    }
  }

  /// All bytes of a model's file.
  static func bytes(onnx path: String) throws(Refusal) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileContents.Failure) {
      let file = try InputFile(path: path)
      bytes = file.size <= Int(Int32.max) ? try file.read(file.size, from: 0) : nil
    } catch {
      throw Refusal(.unreadable, error.reason)
    }
    guard let bytes else { throw Refusal("it is larger than 2 GiB, which no model is") }
    return bytes
  }

  /// The graph as an ONNX model of opset 13, for an image of exactly this size: `input` comes in,
  /// `output` goes out. Pruned weights are written as zeros.
  ///
  /// - Throws: Which layer cannot be pruned as it says, or that the model is larger than 2 GiB.
  public func onnx() throws(InvalidGraph) -> [UInt8] {
    var writer = ONNXWriter(self)
    for node in nodes { try writer.write(node) }
    do {
      return try writer.model.serializedBytes()
    } catch {
      throw InvalidGraph(description: "'\(name)' is too large for an ONNX file")
    }
  }
}
