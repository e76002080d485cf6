/// Why XNNPACK did not do what it was asked, in one line.
public struct XNNPACKError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// The library cannot be opened.
    case noLibrary
    /// This version of the library lacks a function.
    case missingFunction
    /// A call returned this status, other than for memory.
    case status(UInt32)
    case outOfMemory
    /// A graph lacks a tensor.
    case missingTensor
  }

  public let reason: Reason
  /// The call.
  public let call: String
  /// What was being made, or what the operating system said.
  public let detail: String

  init(_ reason: Reason, call: String, detail: String) {
    self.reason = reason
    self.call = call
    self.detail = detail
  }

  /// A graph lacks the tensor of this name.
  public init(missing tensor: String) {
    self.init(.missingTensor, call: "xnn_create_subgraph", detail: tensor)
  }

  public var description: String {
    switch reason {
    case .noLibrary: "XNNPACK cannot be opened: \(detail)"
    case .missingFunction: "this version of XNNPACK has no \(call)"
    case .missingTensor: "a graph lacks \(detail)"
    case .outOfMemory: "\(call) found no memory for \(detail)"
    case .status(let status): "\(call) failed with \(Self.word(status)) for \(detail)"
    }
  }

  private static func word(_ status: UInt32) -> String {
    let words = [
      "xnn_status_success", "xnn_status_uninitialized", "xnn_status_invalid_parameter",
      "xnn_status_invalid_state", "xnn_status_unsupported_parameter",
      "xnn_status_unsupported_hardware", "xnn_status_out_of_memory",
    ]
    return status < UInt32(words.count) ? words[Int(status)] : "status \(status)"
  }
}
