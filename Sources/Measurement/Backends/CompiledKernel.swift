package import DeviceProtocol
internal import Devices
package import Kernels
package import Tables
internal import Workloads

/// A kernel as the driver compiled it.
struct CompiledKernel {
  let pipeline: ComputePipeline
  let facts: Measurement.Compiled

  /// Throws ``Failure/Kind/notCompiled`` where the driver was ended after the deadline, which takes the device
  /// away, or what the driver says.
  init(
    _ kernel: Kernel, spirv: [UInt32], device: Device, deadline: CompileDeadline = .patient,
    whileCompiling: (Double) -> Void = { _ in }
  ) throws(Failure) {
    let start = ContinuousClock.now
    do throws(VulkanError) {
      pipeline = try ComputePipeline(
        device: device, spirv: spirv, bindings: kernel.bindings.map(BindingKind.init),
        constants: kernel.constantValues, capturingStatistics: true, seconds: deadline.seconds,
        whileCompiling: whileCompiling)
    } catch {
      let spent = (ContinuousClock.now - start) / .seconds(1)
      throw deadline.failure(error, after: spent) ?? Failure(error)
    }
    var hash = FNV1a()
    spirv.withUnsafeBytes { hash.combine($0) }
    facts = Measurement.Compiled(
      spirvHash: hash.digits, spirvBytes: spirv.count * 4,
      pipelineNanoseconds: pipeline.compileNanoseconds,
      statistics: Measurement.Compiled.Statistics(pipeline.executables, of: kernel))
  }
}

extension Measurement.Compiled.Statistics {
  /// The figures of a driver; `nil` if it has none. Of several executables, the last counts: a driver
  /// that compiles one shader for several subgroup sizes lists the widest last, and runs that.
  ///
  /// Shared memory that the kernel does not declare is scratch memory of its invocations: NVIDIA's compiler spills
  /// registers there too.
  package init?(_ executables: [PipelineExecutable], of kernel: Kernel) {
    guard let chosen = executables.last else { return nil }
    var figures = chosen.normal
    if let shared = figures[.sharedBytes] {
      let undeclared = (shared - Double(kernel.sharedBytes)) / Double(kernel.invocationsOfGroup)
      if undeclared >= 4 { figures[.scratchBytes, default: 0] += undeclared }
    }
    self.init(
      normal: Dictionary(uniqueKeysWithValues: figures.map { ($0.rawValue, $1) }),
      raw: Dictionary(
        chosen.statistics.map { ($0.name, $0.value.number) }, uniquingKeysWith: { $1 }))
  }
}
