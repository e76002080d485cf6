internal import Kernels
internal import Measurement
internal import Tables
internal import Vulkan

/// Pipelines by what they are made of, so that equal layers of networks share one.
public final class NetworkPrograms {
  private struct Key: Hashable {
    let spirv: String
    let constants: [UInt32]
    let bindings: [BindingKind]
  }

  private var pipelines: [Key: ComputePipeline] = [:]

  /// None yet.
  public init() {}

  /// Lets go of pipelines, so that they are made anew: a driver that runs on the processor places its code anew
  /// with them, which changes times by several per cent. Those that took long to make stay.
  public func renew() {
    pipelines = pipelines.filter { $0.value.compileNanoseconds > Self.longCompileNanoseconds }
  }

  /// Time is better spent on samples.
  private static let longCompileNanoseconds = 0.2e9

  /// The pipeline of a kernel.
  func pipeline(
    _ kernel: Kernel, spirv: [UInt32], device: Device
  ) throws(VulkanError) -> ComputePipeline {
    var hash = FNV1a()
    spirv.withUnsafeBytes { hash.combine($0) }
    let bindings = kernel.bindings.map(BindingKind.init)
    let key = Key(spirv: hash.digits, constants: kernel.constantValues, bindings: bindings)
    if let known = pipelines[key], known.device === device { return known }
    let pipeline = try ComputePipeline(
      device: device, spirv: spirv, bindings: bindings, constants: kernel.constantValues)
    pipelines[key] = pipeline
    return pipeline
  }
}
