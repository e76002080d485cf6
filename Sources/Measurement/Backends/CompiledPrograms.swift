internal import Tables
internal import Workloads

/// Pipelines of workloads by schedule. Each serves some preparations, and is then made anew: a driver that runs
/// on the processor places its code anew with it, which changes times by several per cent, but takes long.
package struct CompiledPrograms {
  /// How often each has been prepared.
  private var programs: [Workload: [String: (program: CompiledKernel, uses: Int)]] = [:]

  /// Preparations that a pipeline serves.
  package static let uses = 3
  /// A pipeline that takes longer than this is made once: time is better spent on samples.
  package static let longCompileNanoseconds = 0.2e9

  /// The pipeline of a schedule for one more preparation; `nil` where one has to be made.
  mutating func use(_ workload: Workload, _ schedule: String) -> CompiledKernel? {
    guard let known = programs[workload]?[schedule],
      known.uses < Self.uses
        || known.program.facts.pipelineNanoseconds > Self.longCompileNanoseconds
    else { return nil }
    programs[workload]?[schedule]?.uses += 1
    return known.program
  }

  /// Keeps a pipeline that has been prepared so often.
  mutating func keep(
    _ program: CompiledKernel, of workload: Workload, _ schedule: String, uses: Int
  ) {
    programs[workload, default: [:]][schedule] = (program, uses)
  }

  /// Lets go of the pipelines of all schedules of a workload but one.
  mutating func release(_ workload: Workload, except schedule: String?) {
    programs[workload] = programs[workload]?.filter { $0.key == schedule }
  }
}
