internal import Kernels
internal import Tables
internal import Vulkan

/// A kernel as the driver compiled it.
struct CompiledKernel {
  let pipeline: ComputePipeline
  let facts: Measurement.Compiled

  /// Throws `ShaderLibrary.Missing`, `ShaderError` or `VulkanError`.
  init(_ kernel: Kernel, library: ShaderLibrary, device: Device) throws {
    let spirv = try GLSLCompiler.spirv(
      from: try kernel.source(from: library), name: kernel.shader)
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
