internal import Glibc

/// What every version of XNNPACK has of what is used here, and threads from the library it links.
struct Functions: Sendable {
  typealias Initialize = @convention(c) (UnsafeRawPointer?) -> UInt32
  typealias CreateSubgraph =
    @convention(c) (
      _ externals: UInt32, _ flags: UInt32, _ subgraph: UnsafeMutablePointer<OpaquePointer?>
    ) -> UInt32
  typealias Delete = @convention(c) (OpaquePointer) -> UInt32
  typealias DefineTensor =
    @convention(c) (
      _ subgraph: OpaquePointer, _ type: UInt32, _ rank: Int, _ sizes: UnsafePointer<Int>,
      _ data: UnsafeRawPointer?, _ external: UInt32, _ flags: UInt32,
      _ value: UnsafeMutablePointer<UInt32>
    ) -> UInt32
  typealias DefineConvolution =
    @convention(c) (
      _ subgraph: OpaquePointer, _ top: UInt32, _ right: UInt32, _ bottom: UInt32, _ left: UInt32,
      _ kernelHeight: UInt32, _ kernelWidth: UInt32, _ strideY: UInt32, _ strideX: UInt32,
      _ dilationY: UInt32, _ dilationX: UInt32, _ groups: UInt32, _ groupInputs: Int,
      _ groupOutputs: Int, _ minimum: Float, _ maximum: Float, _ input: UInt32, _ filter: UInt32,
      _ bias: UInt32, _ output: UInt32, _ flags: UInt32
    ) -> UInt32
  typealias DefineDepthwise =
    @convention(c) (
      _ subgraph: OpaquePointer, _ top: UInt32, _ right: UInt32, _ bottom: UInt32, _ left: UInt32,
      _ kernelHeight: UInt32, _ kernelWidth: UInt32, _ strideY: UInt32, _ strideX: UInt32,
      _ dilationY: UInt32, _ dilationX: UInt32, _ multiplier: UInt32, _ channels: Int,
      _ minimum: Float, _ maximum: Float, _ input: UInt32, _ filter: UInt32, _ bias: UInt32,
      _ output: UInt32, _ flags: UInt32
    ) -> UInt32
  /// Two inputs, a range, one output.
  typealias DefineBinary =
    @convention(c) (
      _ subgraph: OpaquePointer, _ minimum: Float, _ maximum: Float, _ first: UInt32,
      _ second: UInt32, _ output: UInt32, _ flags: UInt32
    ) -> UInt32
  typealias DefinePReLU =
    @convention(c) (
      _ subgraph: OpaquePointer, _ input: UInt32, _ slopes: UInt32, _ output: UInt32,
      _ flags: UInt32
    ) -> UInt32
  typealias DefinePooling =
    @convention(c) (
      _ subgraph: OpaquePointer, _ minimum: Float, _ maximum: Float, _ input: UInt32,
      _ output: UInt32, _ flags: UInt32
    ) -> UInt32
  typealias CreateRuntime =
    @convention(c) (
      _ subgraph: OpaquePointer, _ threads: OpaquePointer?, _ flags: UInt32,
      _ runtime: UnsafeMutablePointer<OpaquePointer?>
    ) -> UInt32
  typealias SetUpRuntime =
    @convention(c) (
      _ runtime: OpaquePointer, _ count: Int, _ values: UnsafeRawPointer
    ) -> UInt32
  typealias Run = @convention(c) (OpaquePointer) -> UInt32
  typealias CreateThreads = @convention(c) (Int) -> OpaquePointer?
  typealias DestroyThreads = @convention(c) (OpaquePointer) -> Void

  /// `xnn_external_value`, laid out as in C.
  struct External {
    var id: UInt32
    var data: UnsafeMutableRawPointer?
  }

  let initialize: Initialize
  let createSubgraph: CreateSubgraph
  let deleteSubgraph: Delete
  let defineTensor: DefineTensor
  let defineConvolution: DefineConvolution
  let defineDepthwise: DefineDepthwise
  let defineAdd: DefineBinary
  let defineMultiply: DefineBinary
  let definePReLU: DefinePReLU
  let defineGlobalAveragePooling: DefinePooling
  let createRuntime: CreateRuntime
  let setUpRuntime: SetUpRuntime
  let invokeRuntime: Run
  let deleteRuntime: Delete
  let createThreads: CreateThreads
  let destroyThreads: DestroyThreads

  init(_ library: UnsafeMutableRawPointer) throws(XNNPACKError) {
    func function<Function>(_ name: String) throws(XNNPACKError) -> Function {
      guard let symbol = dlsym(library, name) else {
        throw XNNPACKError(.missingFunction, call: name, detail: "")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    initialize = try function("xnn_initialize")
    createSubgraph = try function("xnn_create_subgraph")
    deleteSubgraph = try function("xnn_delete_subgraph")
    defineTensor = try function("xnn_define_tensor_value")
    defineConvolution = try function("xnn_define_convolution_2d")
    defineDepthwise = try function("xnn_define_depthwise_convolution_2d")
    defineAdd = try function("xnn_define_add2")
    defineMultiply = try function("xnn_define_multiply2")
    definePReLU = try function("xnn_define_prelu")
    defineGlobalAveragePooling = try function("xnn_define_global_average_pooling_2d")
    createRuntime = try function("xnn_create_runtime_v2")
    setUpRuntime = try function("xnn_setup_runtime")
    invokeRuntime = try function("xnn_invoke_runtime")
    deleteRuntime = try function("xnn_delete_runtime")
    createThreads = try function("pthreadpool_create")
    destroyThreads = try function("pthreadpool_destroy")
  }
}
