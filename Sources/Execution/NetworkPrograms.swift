internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import Measurement

/// Pipelines by what they are made of, so that equal layers of networks share one.
public final class NetworkPrograms {
  private struct Key: Hashable {
    let spirv: [UInt32]
    let constants: [UInt32]
    let bindings: [BindingKind]
  }

  private var pipelines: [Key: ComputePipeline] = [:]

  /// None yet.
  public init() {}

  /// Before every third visit lets go of pipelines, so that they are made anew: a driver that runs on the
  /// processor places its code anew with them, which changes times by several per cent. Those that took long to
  /// make stay, as those of rows do.
  public func renew(forVisit visit: Int) {
    guard visit % CompiledPrograms.uses == 0 else { return }
    pipelines = pipelines.filter {
      $0.value.compileNanoseconds > CompiledPrograms.longCompileNanoseconds
    }
  }

  /// The pipeline of a kernel.
  func pipeline(
    _ kernel: Kernel, spirv: [UInt32], device: Device
  ) throws(VulkanError) -> ComputePipeline {
    let bindings = kernel.bindings.map(BindingKind.init)
    let key = Key(spirv: spirv, constants: kernel.constantValues, bindings: bindings)
    if let known = pipelines[key], known.device === device { return known }
    let pipeline = try ComputePipeline(
      device: device, spirv: spirv, bindings: bindings, constants: kernel.constantValues)
    pipelines[key] = pipeline
    return pipeline
  }
}
