internal import Devices
internal import Kernels
internal import Report
internal import Tables
internal import Workloads

/// One line of `srprof inspect`: a kernel, and what compiling it gave.
struct InspectedKernel {
  let workload: Workload
  let schedule: String
  let outcome: Result<Measurement.Compiled, Failure>

  init(
    _ workload: Workload, _ schedule: Schedule, _ outcome: Result<Measurement.Compiled, Failure>
  ) {
    self.workload = workload
    self.schedule = "\(schedule)"
    self.outcome = outcome
  }

  var isFailure: Bool { if case .failure = outcome { true } else { false } }

  /// Figures that have a column of their own where any kernel has them.
  private static let columns: [(NormalStatistic, title: String)] = [
    (.instructions, "instr"), (.registers, "regs"), (.halfRegisters, "half"), (.waves, "waves"),
    (.spills, "spills"), (.fills, "fills"), (.scratchBytes, "scratch"), (.sharedBytes, "shared"),
    (.cycles, "cycles"), (.stalledCycles, "stalled"), (.subgroupSize, "subgroup"),
  ]

  /// A line for each kernel that compiled, then one for each that did not.
  static func text(_ kernels: [InspectedKernel]) -> TerminalText {
    let compiled = kernels.compactMap { kernel in
      (try? kernel.outcome.get()).map { (kernel, facts: $0) }
    }
    let columns = Self.columns.filter { column in
      compiled.contains { $0.facts.statistics?.normal[column.0.rawValue] != nil }
    }
    var table = TextTable(
      [("workload", .left), ("SPIR-V", .right), ("hash", .left), ("compile", .right)]
        + columns.map { ($0.title, .right) } + [("schedule", .left)])
    for (kernel, facts) in compiled {
      table.add(
        [
          kernel.workload.name, "\(facts.spirvBytes)", facts.spirvHash,
          Format.duration(nanoseconds: facts.pipelineNanoseconds),
        ]
          + columns.map { column in
            facts.statistics?.normal[column.0.rawValue].map(Format.count) ?? ""
          } + [kernel.schedule])
    }
    let failures = kernels.compactMap { kernel -> TerminalText? in
      guard case .failure(let failure) = kernel.outcome else { return nil }
      let what: TerminalText = "\(kernel.workload.name): failed, \(failure.kind.rawValue)"
      return "\(what.styled(.red)): \(failure.reason) (\(kernel.schedule))\n"
    }
    let silent = !compiled.isEmpty && compiled.allSatisfy { $0.facts.statistics == nil }
    return (compiled.isEmpty ? "" : table.text)
      + (silent
        ? "this driver says nothing of its machine code (no VK_KHR_pipeline_executable_properties)\n"
        : "") + failures.joined()
  }
}

extension InspectedKernel: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, workload, schedule, compiled, failure
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workload.name, forKey: .name)
    try container.encode(workload, forKey: .workload)
    try container.encode(Measurement.Schedule(name: schedule), forKey: .schedule)
    switch outcome {
    case .success(let compiled): try container.encode(compiled, forKey: .compiled)
    case .failure(let failure): try container.encode(failure, forKey: .failure)
    }
  }
}
