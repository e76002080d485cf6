internal import Networks
internal import SwiftProtobuf
internal import Workloads

/// A model's file, decoded: nodes in an order in which they can run, one image in, one out.
struct ONNXModel {
  /// An image that comes in or goes out.
  struct Image {
    let name: String
    /// Sizes as the file declares them; `nil` for those that are left open.
    let dims: [Int?]
  }

  static let opsets = 9...21

  let opset: Int
  /// Nodes the output depends on, in an order in which they can run; the file's where it is one.
  let nodes: [ONNXNode]
  let input: Image
  let output: String
  private(set) var constants: [String: Onnx_TensorProto] = [:]

  init(bytes: [UInt8]) throws(Refusal) {
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: bytes)
    } catch {
      throw Refusal("it is no ONNX model, or was cut short")
    }
    try Refusal.unless(model.hasGraph, "it is no ONNX model: there is no graph in it")
    let graph = model.graph
    opset = try Self.opset(model)
    for tensor in graph.initializer { constants[tensor.name] = tensor }
    let constants = constants
    let inputs = graph.input.filter { constants[$0.name] == nil }
    try Refusal.unless(
      inputs.count == 1, "it has \(Self.list("input", inputs)); models with one image in are read")
    try Refusal.unless(
      graph.output.count == 1,
      "it has \(Self.list("output", graph.output)); models with one image out are read")
    input = try Image(inputs[0])
    output = graph.output[0].name
    nodes = try Self.ordered(graph.node.map { ONNXNode($0) }, output: output)
  }

  private static func opset(_ model: Onnx_ModelProto) throws(Refusal) -> Int {
    let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }
    guard let version = versions.first?.version else {
      throw Refusal("it does not say which version of ONNX's operators it uses")
    }
    try Refusal.unless(
      opsets.contains(Int(bounded: version)),
      "it uses operators of opset \(version); \(opsets.lowerBound) to \(opsets.upperBound) are read"
    )
    return Int(version)
  }

  private static func list(_ word: String, _ values: [Onnx_ValueInfoProto]) -> String {
    if values.isEmpty { return "no \(word)" }
    let names = values.prefix(4).map { "'\($0.name)'" }.joined(separator: ", ")
    return "\(values.count) \(word)s (\(names)\(values.count > 4 ? ", ..." : ""))"
  }

  /// Sorts nodes so that each comes behind those it needs, and leaves out those the output does not
  /// need.
  private static func ordered(
    _ nodes: [ONNXNode], output: String
  ) throws(Refusal) -> [ONNXNode] {
    var makers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.outputs where !name.isEmpty {
        try Refusal.unless(makers[name] == nil, "two nodes make '\(name)'")
        makers[name] = index
      }
    }
    let needed = nodes.map { node in node.inputs.compactMap { makers[$0] } }
    var isReached = [Bool](repeating: false, count: nodes.count)
    var open = makers[output].map { [$0] } ?? []
    while let index = open.popLast() {
      if isReached[index] { continue }
      isReached[index] = true
      open += needed[index].filter { !isReached[$0] }
    }
    var order: [ONNXNode] = []
    // The nodes from one of the file to one that it needs, and which of the needs comes next.
    var path: [(node: Int, next: Int)] = []
    var isOnPath = [Bool](repeating: false, count: nodes.count)
    var isDone = isOnPath
    for index in nodes.indices where isReached[index] && !isDone[index] {
      path.append((index, 0))
      isOnPath[index] = true
      while let (node, next) = path.last {
        if next == needed[node].count {
          path.removeLast()
          isOnPath[node] = false
          isDone[node] = true
          order.append(nodes[node])
          continue
        }
        path[path.count - 1].next += 1
        let need = needed[node][next]
        if isDone[need] { continue }
        try Refusal.unless(
          !isOnPath[need], "node '\(nodes[need].name)' needs its own result (a cycle)")
        path.append((need, 0))
        isOnPath[need] = true
      }
    }
    return order
  }
}

extension ONNXModel.Image {
  fileprivate init(_ value: Onnx_ValueInfoProto) throws(Refusal) {
    name = value.name
    let type = value.type.tensorType
    let floats: [Onnx_TensorProto.DataType] = [.float, .float16, .double]
    try Refusal.unless(
      floats.contains { $0.rawValue == Int(type.elemType) },
      "its input '\(name)' is no image of floating-point numbers")
    var dims: [Int?] = []
    for dim in type.shape.dim {
      guard case .dimValue(let size) = dim.value, size > 0 else {
        // Exporters write 0 and -1 too where a size is open.
        dims.append(nil)
        continue
      }
      try Refusal.unless(
        size <= MapShape.largestSize, "its input '\(name)' has a size of \(size)")
      dims.append(Int(size))
    }
    try Refusal.unless(
      dims.count == 4,
      "its input '\(name)' has \(dims.count) axes; an image has 4 "
        + "(batch, channels, height, width)")
    try Refusal.unless(
      dims[0] ?? 1 == 1, "its input '\(name)' is a batch of \(dims[0] ?? 1) images, not of 1")
    self.dims = dims
  }
}
