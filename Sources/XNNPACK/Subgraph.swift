/// A graph of operators on maps in `[height, width, channels]`, before it is compiled.
///
/// Values that the caller has memory for are *external*, numbered from 0; the batch is 1.
public final class Subgraph {
  /// A tensor of the graph.
  public struct Value: Sendable {
    let id: UInt32
  }

  /// What results are clamped to.
  public struct Range: Sendable {
    public var minimum: Float
    public var maximum: Float

    public init(minimum: Float = -.infinity, maximum: Float = .infinity) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  /// A convolution's window.
  public struct Window: Sendable {
    public var kernel: Int
    public var stride: Int
    /// Zeros on each side.
    public var padding: Int

    public init(kernel: Int, stride: Int, padding: Int) {
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
    }
  }

  /// The operators so far, by name, in order.
  public private(set) var operators: [String] = []

  let library: Library
  let handle: OpaquePointer
  /// Numbers that are part of the graph.
  private(set) var constants: [Tensor] = []

  private static let float32: UInt32 = 1
  private static let externalInput: UInt32 = 1
  private static let externalOutput: UInt32 = 2
  private static let noExternal = UInt32.max

  /// An empty graph with so many external values.
  public init(_ library: Library, externals: Int) throws(XNNPACKError) {
    var made: OpaquePointer?
    try Library.check(
      library.functions.createSubgraph(UInt32(externals), 0, &made), "xnn_create_subgraph",
      "\(externals) external values")
    guard let made else {
      throw XNNPACKError(.outOfMemory, call: "xnn_create_subgraph", detail: "a graph")
    }
    self.library = library
    handle = made
  }

  deinit { _ = library.functions.deleteSubgraph(handle) }

  /// An input that the caller has memory for.
  public func input(_ external: Int, _ sizes: [Int]) throws(XNNPACKError) -> Value {
    try value(sizes, nil, UInt32(external), Self.externalInput)
  }

  /// An output that the caller has memory for.
  public func output(_ external: Int, _ sizes: [Int]) throws(XNNPACKError) -> Value {
    try value(sizes, nil, UInt32(external), Self.externalOutput)
  }

  /// A tensor between operators.
  public func intermediate(_ sizes: [Int]) throws(XNNPACKError) -> Value {
    try value(sizes, nil, Self.noExternal, 0)
  }

  /// Learned numbers.
  public func constant(_ sizes: [Int], _ tensor: Tensor) throws(XNNPACKError) -> Value {
    constants.append(tensor)
    return try value(sizes, UnsafeRawPointer(tensor.memory.baseAddress), Self.noExternal, 0)
  }

  private func value(
    _ sizes: [Int], _ data: UnsafeRawPointer?, _ external: UInt32, _ flags: UInt32
  ) throws(XNNPACKError) -> Value {
    var id: UInt32 = 0
    try Library.check(
      library.functions.defineTensor(
        handle, Self.float32, sizes.count, sizes, data, external, flags, &id),
      "xnn_define_tensor_value", "a tensor of \(sizes)")
    return Value(id: id)
  }

  /// Notes an operator and throws its status.
  func define(_ name: String, _ status: UInt32) throws(XNNPACKError) {
    try Library.check(status, "xnn_define_\(name)", "operator \(operators.count + 1) of a graph")
    operators.append(name)
  }

  /// The operators in a few words.
  var summary: String {
    operators.count <= 8 ? operators.joined(separator: " + ") : "\(operators.count) operators"
  }
}
