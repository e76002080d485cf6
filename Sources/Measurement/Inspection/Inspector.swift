public import DeviceProtocol
public import Devices
public import Kernels
internal import ShaderCompiler
public import Tables
public import Workloads

/// Compiles kernels for a device without executing anything: what would run, and what the driver's
/// compiler says of it. So a driver will do that can compile but has no device behind it.
public final class Inspector {
  /// Limits that schedules are chosen within.
  public let limits: DeviceLimits

  private var device: Device
  /// SPIR-V by shader text: workloads of many map sizes share theirs.
  private var spirv: [String: [UInt32]] = [:]
  private static let mostTexts = 64
  private let library: ShaderLibrary

  /// Opens a device without a pipeline cache, so that compile times are those of compiling.
  public init(
    _ physicalDevice: PhysicalDevice, of instance: Instance, limits: DeviceLimits,
    library: ShaderLibrary
  ) throws(VulkanError) {
    self.limits = limits
    self.library = library
    device = try Device(instance: instance, physicalDevice: physicalDevice)
  }

  /// A schedule, and what compiling a workload by it gave.
  public typealias Outcome = (schedule: Schedule, compiled: Result<Measurement.Compiled, Failure>)

  /// The standard schedule of a workload.
  public func standard(for workload: Workload) -> Outcome {
    // The first does where the compiler says nothing.
    let heads = Schedule.heads(for: workload, limits: limits)
      .prefix(device.physicalDevice.features.pipelineExecutableInfo ? .max : 1)
    var outcomes: [Schedule: Measurement.Compiled] = [:]
    let chosen = StandardChoice.schedule(of: Array(heads)) { head in
      outcomes[head] = try? compile(workload, by: head, deadline: .candidate)
      return outcomes[head]
    }
    // A workload that nothing fits has its reason in the standard schedule.
    let schedule = chosen ?? .standard(for: workload, limits: limits)
    if let known = outcomes[schedule] { return (schedule, .success(known)) }
    return outcome(workload, by: schedule)
  }

  /// All schedules of a workload that fit, the standard one first. A driver that compiles one for too long is
  /// ended.
  public func all(for workload: Workload) -> [Outcome] {
    let standard = standard(for: workload)
    let candidates = Schedule.candidates(for: workload, limits: limits, effort: .full)
    return [standard]
      + candidates.filter { $0 != standard.schedule }.map {
        outcome(workload, by: $0, deadline: .candidate)
      }
  }

  /// A schedule's outcome.
  public func outcome(
    _ workload: Workload, by schedule: Schedule, deadline: CompileDeadline = .patient
  ) -> Outcome {
    do throws(Failure) {
      return (schedule, .success(try compile(workload, by: schedule, deadline: deadline)))
    } catch {
      return (schedule, .failure(error))
    }
  }

  /// Throws what keeps the schedule from executing the workload, ``Failure/Kind/notCompiled``, or what the
  /// driver says.
  private func compile(
    _ workload: Workload, by schedule: Schedule, deadline: CompileDeadline
  ) throws(Failure) -> Measurement.Compiled {
    let kernel = try schedule.fittingKernel(for: workload, limits: limits)
    let spirv = try spirv(of: kernel)
    // A driver that crashed or was ended takes the device with it; the next kernel meets a new one.
    defer { if device.isAbandoned, let again = try? device.reopened() { device = again } }
    return try CompiledKernel(kernel, spirv: spirv, device: device, deadline: deadline).facts
  }

  private func spirv(of kernel: Kernel) throws(Failure) -> [UInt32] {
    do {
      let source = try kernel.source(from: library)
      if let known = spirv[source] { return known }
      let words = try GLSLCompiler.spirv(
        from: source, name: kernel.shader, unrolling: limits.hasFewRegisters)
      if spirv.count == Self.mostTexts { spirv = [:] }
      spirv[source] = words
      return words
    } catch {
      throw Failure(.notCompiled, "\(error)")
    }
  }
}
