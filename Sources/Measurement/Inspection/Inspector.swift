public import Kernels
public import Tables
public import Vulkan
public import Workloads

/// Compiles kernels for a device without executing anything: what would run, and what the driver's
/// compiler says of it. So a driver will do that can compile but has no device behind it.
public final class Inspector {
  /// Limits that schedules are chosen within.
  public let limits: DeviceLimits

  private let device: Device
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

  /// The schedules there are for a workload, the standard one first.
  public func schedules(for workload: Workload) -> [Schedule] {
    let fitting = Schedule.candidates(for: workload, limits: limits, effort: .quick)
    return fitting.isEmpty ? [.standard(for: workload, limits: limits)] : fitting
  }

  /// What compiling a workload by a schedule gives.
  ///
  /// Throws ``Failure/Kind/unsupported``, ``Failure/Kind/notCompiled`` or what the driver says.
  public func compile(
    _ workload: Workload, by schedule: Schedule
  ) throws(Failure) -> Measurement.Compiled {
    do {
      let kernel = try Kernel(workload, schedule: schedule)
      let spirv = try GLSLCompiler.spirv(
        from: try kernel.source(from: library), name: kernel.shader)
      return try CompiledKernel(kernel, spirv: spirv, device: device).facts
    } catch let error as VulkanError {
      throw Failure(error)
    } catch let error as Unsupported {
      throw Failure(.unsupported, error.description)
    } catch {
      throw Failure(.notCompiled, "\(error)")
    }
  }
}
