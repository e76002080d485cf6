public import Networks
internal import SwiftProtobuf

extension Graph {
  /// The files that an ONNX model is made of: its own, and those beside it that hold its weights, whether they
  /// are there or not. A model that cannot be read is its own file alone.
  public static func files(onnx path: String) -> [String] {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    guard let bytes = try? bytes(onnx: path),
      let model = try? Onnx_ModelProto(serializedBytes: bytes)
    else { return [path] }
    let tensors = model.graph.initializer + model.graph.node.flatMap { $0.attribute.map(\.t) }
    let names = Set(
      tensors.filter { $0.dataLocation == .external }.flatMap(\.externalData)
        .filter { $0.key == "location" }.map(\.value))
    return [path] + names.sorted().map { folder + $0 }
  }
}
