/// A 1x1 convolution on maps in `[channels, height, width]` that skips weights of zero: the operator
/// that XNNPACK's sparse inference is made of.
public final class SparseConvolution {
  private typealias Create =
    @convention(c) (
      _ top: UInt32, _ right: UInt32, _ bottom: UInt32, _ left: UInt32, _ kernelHeight: UInt32,
      _ kernelWidth: UInt32, _ strideY: UInt32, _ strideX: UInt32, _ dilationY: UInt32,
      _ dilationX: UInt32, _ groups: UInt32, _ groupInputs: Int, _ groupOutputs: Int,
      _ inputStride: Int, _ outputStride: Int, _ kernel: UnsafePointer<Float>?,
      _ bias: UnsafePointer<Float>?, _ minimum: Float, _ maximum: Float, _ flags: UInt32,
      _ operator: UnsafeMutablePointer<OpaquePointer?>
    ) -> UInt32
  private typealias SetUp =
    @convention(c) (
      _ operator: OpaquePointer, _ batch: Int, _ height: Int, _ width: Int,
      _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?,
      _ threads: OpaquePointer?
    ) -> UInt32
  private typealias Run = @convention(c) (OpaquePointer, OpaquePointer?) -> UInt32

  private static let name = "xnn_create_convolution2d_nchw_f32"
  private let handle: OpaquePointer
  private let delete: Functions.Delete
  private let runOperator: Run
  private let threads: ThreadPool
  private let tensors: [Tensor]

  /// Packs the weights (`[outputs, inputs]`) that are not zero, and binds input and output.
  ///
  /// Throws `.missingFunction` for versions that make operators in another way.
  public init(
    _ library: Library, weights: Tensor, bias: Tensor, inputs: Int, outputs: Int,
    range: Subgraph.Range, input: Tensor, output: Tensor, height: Int, width: Int,
    threads: ThreadPool
  ) throws(XNNPACKError) {
    // Versions with these functions take other arguments from the moment they have a cache of weights.
    guard let create = library.optional(Self.name, as: Create.self),
      let setUp = library.optional("xnn_setup_convolution2d_nchw_f32", as: SetUp.self),
      let run = library.optional("xnn_run_operator", as: Run.self),
      let delete = library.optional("xnn_delete_operator", as: Functions.Delete.self),
      library.optional("xnn_create_weights_cache", as: Run.self) == nil
    else { throw XNNPACKError(.missingFunction, call: "\(Self.name) of 2022", detail: "") }
    let what = "a sparse 1x1 convolution of \(inputs) to \(outputs) channels"
    var made: OpaquePointer?
    try Library.check(
      create(
        0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, inputs, outputs, inputs, outputs,
        weights.memory.baseAddress, bias.memory.baseAddress, range.minimum, range.maximum, 0,
        &made), Self.name, what)
    guard let made else { throw XNNPACKError(.outOfMemory, call: Self.name, detail: what) }
    handle = made
    self.delete = delete
    self.threads = threads
    runOperator = run
    tensors = [input, output]
    try Library.check(
      setUp(
        made, 1, height, width, input.memory.baseAddress, output.memory.baseAddress,
        threads.handle), "xnn_setup_convolution2d_nchw_f32", what)
  }

  deinit { _ = delete(handle) }

  /// Runs the operator once.
  public func run() throws(XNNPACKError) {
    try Library.check(runOperator(handle, threads.handle), "xnn_run_operator", "a convolution")
  }
}
