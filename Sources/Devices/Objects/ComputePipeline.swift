public import DeviceProtocol

/// A compute shader compiled for a device, with its bindings in descriptor set 0.
public final class ComputePipeline {
  /// The device it was made on.
  public let device: Device
  /// The bindings, by number.
  public let bindings: [BindingKind]
  /// Nanoseconds that `vkCreateComputePipelines` took; little when the pipeline was in the cache.
  public let compileNanoseconds: Double
  /// The words of the driver's compiler about each piece of machine code; empty unless it was asked for on a device
  /// with the feature `pipelineExecutableInfo`.
  public let executables: [PipelineExecutable]

  let id: UInt32

  /// Compiles `spirv`.
  ///
  /// `constants` are the specialization constants with ids 0, 1, …, four bytes each.
  /// `capturingStatistics` does nothing on a device without `pipelineExecutableInfo`. While the driver
  /// compiles, `whileCompiling` is told every second how many have passed; after `seconds` it is ended. Throws
  /// `.limit` for more storage buffers than a shader may see, `.crashed` where the driver did, `.timedOut` where
  /// it was ended, or the result of the call that failed.
  public init(
    device: Device, spirv: [UInt32], bindings: [BindingKind], constants: [UInt32] = [],
    capturingStatistics: Bool = false, seconds: Double = 300,
    whileCompiling: (Double) -> Void = { _ in }
  ) throws(VulkanError) {
    let making = "a compute pipeline with \(bindings.count) bindings"
    let code = spirv.withUnsafeBytes { Array($0) }
    let digest = Digest(of: code)
    id = device.worker.newID()
    let request = PipelineRequest(
      id: id, code: digest, bindings: bindings, constants: constants,
      capturesStatistics: capturingStatistics
    ).bytes
    // A shader of no buffer tells whether it is there already.
    let known = try device.worker.request(
      .load, LoadRequest(digest: digest, buffers: []).bytes, generation: device.generation,
      call: "vkCreateShaderModule", making: making)
    if known != [1] { try device.worker.put(code, digest, generation: device.generation) }
    let reply = try device.worker.request(
      .pipeline, request, generation: device.generation, seconds: seconds,
      call: "vkCreateComputePipelines", making: making, whileWaiting: whileCompiling)
    let facts = try answer(reply, making) { bytes throws(MalformedFrame) in
      try PipelineReply(payload: bytes)
    }
    self.device = device
    self.bindings = bindings
    compileNanoseconds = facts.compileNanoseconds
    executables = facts.executables
  }

  deinit { device.worker.release(id, of: device.generation) }
}
