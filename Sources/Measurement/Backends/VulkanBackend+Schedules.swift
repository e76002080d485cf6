public import Kernels
public import Tables
public import Workloads

/// Schedules by name.
extension VulkanBackend {
  public func schedules(
    for workload: Workload, effort: Effort
  ) throws(Failure) -> [String] {
    Schedule.candidates(for: workload, limits: limits, effort: effort).map { "\($0)" }
  }

  public func identity(of workload: Workload, schedule: String) throws(Failure) -> String {
    let kernel = try kernel(workload, requireFit(workload, schedule: schedule))
    var hash = FNV1a()
    try spirv(of: kernel, options.library).withUnsafeBytes { hash.combine($0) }
    hash.combine("\(kernel.constantValues) \(kernel.groups)")
    return hash.digits
  }

  /// The schedule of a name, if it can execute a workload here; throws which constraint it breaks.
  @discardableResult
  public func requireFit(
    _ workload: Workload, schedule name: String
  ) throws(Failure) -> Schedule {
    do throws(InvalidSchedule) {
      let schedule = try Schedule(parsing: name)
      try schedule.requireFit(workload, limits: limits)
      return schedule
    } catch {
      throw Failure(.unsupported, error.description)
    }
  }

  /// The kernel of a schedule.
  func kernel(_ workload: Workload, _ schedule: Schedule) throws(Failure) -> Kernel {
    do throws(Unsupported) {
      return try Kernel(workload, schedule: schedule)
    } catch {
      throw Failure(.unsupported, error.description)
    }
  }
}
