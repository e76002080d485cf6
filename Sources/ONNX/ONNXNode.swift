internal import SwiftProtobuf

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A node of a model, and what it says about itself.
struct ONNXNode {
  /// Its name; that of its first output if it has none.
  let name: String
  let `operator`: String
  /// Names of values; empty for one that is left out.
  let inputs: [String]
  let outputs: [String]
  private let domain: String
  private let attributes: [String: Onnx_AttributeProto]

  init(_ proto: Onnx_NodeProto) {
    name = proto.name.isEmpty ? proto.output.first ?? "" : proto.name
    `operator` = proto.opType
    domain = proto.domain
    inputs = proto.input
    outputs = proto.output
    attributes = Dictionary(proto.attribute.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// Whether the operator is one of ONNX's own.
  var isStandard: Bool { domain.isEmpty || domain == "ai.onnx" }

  /// The operator, with its domain where that is another one.
  var qualifiedOperator: String { isStandard ? `operator` : "\(domain).\(`operator`)" }

  /// Whether the input is there and not left out.
  func has(input index: Int) -> Bool { inputs.indices.contains(index) && !inputs[index].isEmpty }

  func integer(_ name: String) -> Int? { attributes[name].map { Int(bounded: $0.i) } }
  func float(_ name: String) -> Float? { attributes[name].map { $0.f } }
  func floats(_ name: String) -> [Float]? { attributes[name].map { $0.floats } }
  func integers(_ name: String) -> [Int]? {
    attributes[name].map { $0.ints.map { Int(bounded: $0) } }
  }
  func string(_ name: String) -> String? {
    attributes[name].map { String(decoding: $0.s, as: UTF8.self) }
  }
  func tensor(_ name: String) -> Onnx_TensorProto? {
    attributes[name].flatMap { $0.hasT ? $0.t : nil }
  }

  /// A list of as many integers as there should be.
  func integers(_ name: String, count: Int, default value: Int) throws(Refusal) -> [Int] {
    guard let list = integers(name), !list.isEmpty else {
      return [Int](repeating: value, count: count)
    }
    try Refusal.unless(
      list.count == count, "'\(name)' has \(list.count) numbers where \(count) are needed")
    return list
  }
}
