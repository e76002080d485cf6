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

  /// Schedules of a workload, the most promising first: the standard one only, or all that fit.
  public func schedules(for workload: Workload, all: Bool) -> [Schedule] {
    let standard = Schedule.standard(for: workload, limits: limits)
    guard all else { return [standard] }
    let candidates = Schedule.candidates(for: workload, limits: limits, effort: .full)
    // A workload that nothing fits has its reason in the standard schedule.
    return candidates.isEmpty ? [standard] : candidates
  }

  /// What compiling a workload by a schedule gives.
  ///
  /// Throws what keeps the schedule from executing the workload, ``Failure/Kind/notCompiled``, or what the
  /// driver says.
  public func compile(
    _ workload: Workload, by schedule: Schedule
  ) throws(Failure) -> Measurement.Compiled {
    let kernel = try schedule.fittingKernel(for: workload, limits: limits)
    do {
      let spirv = try GLSLCompiler.spirv(
        from: try kernel.source(from: library), name: kernel.shader)
      return try CompiledKernel(kernel, spirv: spirv, device: device).facts
    } catch let error as VulkanError {
      // A driver that crashed takes the device with it; the next kernel meets a new one.
      if device.isAbandoned, let again = try? device.reopened() { device = again }
      throw Failure(error)
    } catch {
      throw Failure(.notCompiled, "\(error)")
    }
  }
}
