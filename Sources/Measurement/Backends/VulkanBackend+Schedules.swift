public import Kernels
public import Tables
public import Workloads

/// Schedules by name.
extension VulkanBackend {
  public func schedules(
    for workload: Workload, effort: Schedule.Effort
  ) throws(Failure) -> [String] {
    let fitting = Schedule.candidates(for: workload, limits: limits, effort: effort)
    // Where none fits, preparing the standard one says why.
    let standard = standard(for: workload)
    return ([standard] + fitting.filter { $0 != standard }).map { "\($0)" }
  }

  public func adapted(
    _ schedule: String, of other: Workload, to workload: Workload
  ) -> String? {
    (try? Schedule(parsing: schedule))
      .map { "\($0.uncut(from: other, limits: limits).adapted(to: workload, limits: limits))" }
  }

  public func identity(of workload: Workload, schedule: String) throws(Failure) -> String {
    let kernel = try kernel(workload, schedule: schedule)
    var hash = FNV1a()
    try spirv(of: kernel, options.library).withUnsafeBytes { hash.combine($0) }
    hash.combine("\(kernel.constantValues) \(kernel.groups)")
    return hash.digits
  }

  /// The kernel of the schedule of a name.
  func kernel(_ workload: Workload, schedule name: String) throws(Failure) -> Kernel {
    let schedule: Schedule
    do throws(InvalidSchedule) { schedule = try Schedule(parsing: name) } catch {
      throw Failure(.unsupported, error.description)
    }
    return try schedule.fittingKernel(for: workload, limits: limits)
  }

  /// The kernel of a schedule, whether it fits the device or not.
  func kernel(_ workload: Workload, _ schedule: Schedule) throws(Failure) -> Kernel {
    do throws(Unsupported) {
      return try Kernel(
        workload, schedule: schedule, uniformBytes: limits.uniformSliceBytes)
    } catch {
      throw Failure(.unsupported, error.description)
    }
  }
}
