internal import ArgumentParser
internal import Kernels
internal import Measurement
internal import Tables
internal import Workloads

/// How the schedule of each row is chosen.
struct TuningOptions: ParsableArguments {
  @Option(
    help: """
      Which schedules race for each row: quick (the default: the most promising, about as long as the row is \
      measured), full (all), or off (none, the standard one). Winners are kept in the store.
      """)
  var tune: Choice?

  @Option(
    help: "Measure every row by the schedule of this name, such as a table has it, without a race.")
  var schedule: String?

  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case quick, full, off

    var schedules: Plan.Schedules {
      switch self {
      case .quick: .raced(.quick)
      case .full: .raced(.full)
      case .off: .standard
      }
    }
  }

  func validate() throws {
    guard let schedule else { return }
    if tune != nil {
      throw ValidationError("--schedule races nothing: leave out --tune.")
    }
    do throws(InvalidSchedule) { _ = try Schedule(parsing: schedule) } catch {
      throw ValidationError("--schedule: \(error).")
    }
  }

  var schedules: Plan.Schedules {
    schedule.map(Plan.Schedules.named) ?? (tune ?? .quick).schedules
  }

  /// The workloads that the named schedule does not fit, and why. Refuses a schedule that fits none of
  /// them, which then was not meant.
  func misfits(
    among workloads: [Workload], limits: DeviceLimits
  ) throws(CommandFailure) -> [(workload: Workload, failure: Failure)] {
    guard let schedule, let parsed = try? Schedule(parsing: schedule) else { return [] }
    var misfits: [(workload: Workload, failure: Failure)] = []
    for workload in workloads {
      do throws(Failure) {
        _ = try parsed.fittingKernel(for: workload, limits: limits)
      } catch {
        misfits.append((workload, error))
      }
    }
    if misfits.count == workloads.count, let first = misfits.first {
      throw CommandFailure(
        .usage, "--schedule fits none of the workloads: \(first.failure.reason)")
    }
    return misfits
  }
}
