/// A graph that is compiled and bound to memory.
public final class Runtime {
  private let library: Library
  private let handle: OpaquePointer
  private let threads: ThreadPool
  /// Later versions use constants where they lie.
  private let constants: [Tensor]
  private let externals: [Tensor]

  /// Compiles a graph, packs its constants, and binds its external values in the order of their numbers.
  public init(
    _ graph: Subgraph, threads: ThreadPool, externals: [Tensor]
  ) throws(XNNPACKError) {
    library = graph.library
    self.threads = threads
    self.externals = externals
    constants = graph.constants
    var made: OpaquePointer?
    let what = "a graph of \(graph.summary)"
    try Library.check(
      library.functions.createRuntime(graph.handle, threads.handle, 0, &made),
      "xnn_create_runtime_v2", what)
    guard let made else {
      throw XNNPACKError(.outOfMemory, call: "xnn_create_runtime_v2", detail: what)
    }
    handle = made
    let values = externals.enumerated().map { index, tensor in
      Functions.External(
        id: UInt32(index), data: UnsafeMutableRawPointer(tensor.memory.baseAddress))
    }
    try Library.check(
      library.functions.setUpRuntime(made, values.count, values), "xnn_setup_runtime", what)
  }

  deinit { _ = library.functions.deleteRuntime(handle) }

  /// Runs the graph once.
  public func run() throws(XNNPACKError) {
    try Library.check(library.functions.invokeRuntime(handle), "xnn_invoke_runtime", "a graph")
  }
}
