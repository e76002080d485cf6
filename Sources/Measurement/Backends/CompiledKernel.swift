internal import Kernels
internal import Tables
internal import Vulkan

/// A kernel as the driver compiled it.
struct CompiledKernel {
  let pipeline: ComputePipeline
  let facts: Measurement.Compiled

  init(_ kernel: Kernel, spirv: [UInt32], device: Device) throws(VulkanError) {
    pipeline = try ComputePipeline(
      device: device, spirv: spirv, bindings: kernel.bindings.map { BindingKind($0.placement) },
      constants: kernel.constantValues)
    var hash = FNV1a()
    spirv.withUnsafeBytes { hash.combine($0) }
    facts = Measurement.Compiled(
      spirvHash: hash.digits, spirvBytes: spirv.count * 4,
      pipelineNanoseconds: pipeline.compileNanoseconds)
  }
}

extension BindingKind {
  fileprivate init(_ placement: Schedule.Placement) {
    switch placement {
    case .storageBuffer: self = .storageBuffer
    case .uniformBuffer: self = .uniformBuffer
    case .texelBuffer: self = .uniformTexelBuffer
    }
  }
}
