/// Operators by their names in XNNPACK.
extension Subgraph {
  /// A convolution; `filter` is `[groups * outputs, kernel, kernel, inputs]`, with inputs and outputs of
  /// one group.
  public func convolution(
    _ input: Value, filter: Value, bias: Value, _ output: Value, _ window: Window, groups: Int,
    inputs: Int, outputs: Int, range: Range
  ) throws(XNNPACKError) {
    let (k, s, p) = (UInt32(window.kernel), UInt32(window.stride), UInt32(window.padding))
    try define(
      "convolution_2d",
      library.functions.defineConvolution(
        handle, p, p, p, p, k, k, s, s, 1, 1, UInt32(groups), inputs, outputs, range.minimum,
        range.maximum,
        input.id, filter.id, bias.id, output.id, 0))
  }

  /// A convolution of each channel; `filter` is `[1, kernel, kernel, channels]`.
  public func depthwise(
    _ input: Value, filter: Value, bias: Value, _ output: Value, _ window: Window, channels: Int,
    range: Range
  ) throws(XNNPACKError) {
    let (k, s, p) = (UInt32(window.kernel), UInt32(window.stride), UInt32(window.padding))
    try define(
      "depthwise_convolution_2d",
      library.functions.defineDepthwise(
        handle, p, p, p, p, k, k, s, s, 1, 1, 1, channels, range.minimum, range.maximum,
        input.id, filter.id, bias.id, output.id, 0))
  }

  /// The sum of two tensors.
  public func add(
    _ first: Value, _ second: Value, _ output: Value, range: Range = Range()
  ) throws(XNNPACKError) {
    try define(
      "add2",
      library.functions.defineAdd(
        handle, range.minimum, range.maximum, first.id, second.id, output.id, 0))
  }

  /// The product of two tensors, sizes of 1 being repeated.
  public func multiply(
    _ first: Value, _ second: Value, _ output: Value
  ) throws(XNNPACKError) {
    try define(
      "multiply2",
      library.functions.defineMultiply(
        handle, -.infinity, .infinity, first.id, second.id, output.id, 0))
  }

  /// `x` above zero, `x * slope` below, a slope for each channel.
  public func prelu(
    _ input: Value, slopes: Value, _ output: Value
  ) throws(XNNPACKError) {
    try define(
      "prelu", library.functions.definePReLU(handle, input.id, slopes.id, output.id, 0))
  }

  /// `1 / (1 + exp(-x))`.
  public func sigmoid(_ input: Value, _ output: Value) throws(XNNPACKError) {
    typealias Define = @convention(c) (OpaquePointer, UInt32, UInt32, UInt32) -> UInt32
    guard let define = library.optional("xnn_define_sigmoid", as: Define.self) else {
      throw XNNPACKError(.missingFunction, call: "xnn_define_sigmoid", detail: "")
    }
    try self.define("sigmoid", define(handle, input.id, output.id, 0))
  }

  /// Bilinear interpolation, pixel centres at half.
  public func resizeBilinear(
    _ input: Value, _ output: Value, height: Int, width: Int
  ) throws(XNNPACKError) {
    typealias Define = @convention(c) (OpaquePointer, Int, Int, UInt32, UInt32, UInt32) -> UInt32
    let name = "xnn_define_static_resize_bilinear_2d"
    guard let define = library.optional(name, as: Define.self) else {
      throw XNNPACKError(.missingFunction, call: name, detail: "")
    }
    try self.define(
      "static_resize_bilinear_2d", define(handle, height, width, input.id, output.id, 0))
  }

  /// The mean of each channel.
  public func globalAveragePooling(
    _ input: Value, _ output: Value
  ) throws(XNNPACKError) {
    // XNN_FLAG_KEEP_DIMS: without it, later versions drop height and width, and convolutions want them.
    let flags: UInt32 = 0x40
    try define(
      "global_average_pooling_2d",
      library.functions.defineGlobalAveragePooling(
        handle, -.infinity, .infinity, input.id, output.id, flags))
  }

  /// Channels to pixels: `(block y * factor + block x) * channels + channel` are an input's channels. Later
  /// versions call it `depth_to_space_2d` and take the factor first.
  public func depthToSpace(
    _ input: Value, _ output: Value, factor: Int
  ) throws(XNNPACKError) {
    typealias Define =
      @convention(c) (
        OpaquePointer, UInt32, UInt32, UInt32, UInt32
      ) -> UInt32
    if let new = library.optional("xnn_define_depth_to_space_2d", as: Define.self) {
      try define("depth_to_space_2d", new(handle, UInt32(factor), input.id, output.id, 0))
    } else if let old = library.optional("xnn_define_depth_to_space", as: Define.self) {
      try define("depth_to_space", old(handle, input.id, output.id, UInt32(factor), 0))
    } else {
      throw XNNPACKError(.missingFunction, call: "xnn_define_depth_to_space", detail: "")
    }
  }

  /// Two tensors' channels, one behind the other. Versions before the summer of 2022 lack it.
  public func concatenate(
    _ first: Value, _ second: Value, _ output: Value
  ) throws(XNNPACKError) {
    typealias Define =
      @convention(c) (
        OpaquePointer, _ axis: Int, UInt32, UInt32, UInt32, UInt32
      ) -> UInt32
    guard let define = library.optional("xnn_define_concatenate2", as: Define.self) else {
      throw XNNPACKError(.missingFunction, call: "xnn_define_concatenate2", detail: "")
    }
    try self.define("concatenate2", define(handle, 3, first.id, second.id, output.id, 0))
  }

  /// Some channels of a tensor of these sizes. Versions before the end of 2022 lack it.
  public func slice(
    _ input: Value, firstChannel: Int, _ output: Value, _ sizes: [Int]
  ) throws(XNNPACKError) {
    typealias Define =
      @convention(c) (
        OpaquePointer, _ rank: Int, _ offsets: UnsafePointer<Int>, _ sizes: UnsafePointer<Int>,
        UInt32, UInt32, UInt32
      ) -> UInt32
    guard let define = library.optional("xnn_define_static_slice", as: Define.self) else {
      throw XNNPACKError(.missingFunction, call: "xnn_define_static_slice", detail: "")
    }
    try self.define(
      "static_slice",
      define(handle, 4, [0, 0, 0, firstChannel], sizes, input.id, output.id, 0))
  }
}
