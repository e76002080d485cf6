internal import Kernels
internal import Measurement
internal import Tables
internal import Workloads

/// A device whose dispatches take a millisecond, for campaigns that carry on from what is stored.
final class ScriptedDevice: Backend {
  private let limits: DeviceLimits
  let device = DeviceDescription(
    name: "scripted", type: .cpu, vendorID: 1, deviceID: 2, uuid: "00", apiVersion: "1.1.0",
    driver: .init(id: 0, name: "script", info: "", version: 1), memoryBytes: 1 << 24,
    subgroupSize: 1, timestamp: .init(periodNanoseconds: 1, validBits: 64), limits: [:],
    features: [:], host: .init(operatingSystem: "none", processor: "none", cores: 1))
  let compiler = Compiler(srprof: "0", glslang: "0", spirvTools: "0", catalogue: "0")
  let clock = Method.Clock.deviceTimestamps
  let isUsable = true

  init(_ limits: DeviceLimits) { self.limits = limits }

  func schedules(for workload: Workload, effort: Schedule.Effort) -> [String] {
    Schedule.candidates(for: workload, limits: limits, effort: .quick).prefix(5).map { "\($0)" }
  }

  func adapted(_ schedule: String, of other: Workload, to workload: Workload) -> String? {
    (try? Schedule(parsing: schedule)).map { "\($0.adapted(to: workload, limits: limits))" }
  }

  func identity(of workload: Workload, schedule: String) throws(Failure) -> String {
    let kernel: Kernel?
    kernel = (try? Schedule(parsing: schedule)).flatMap {
      try? $0.kernel(for: workload, limits: limits)
    }
    guard kernel != nil else { throw Failure(.unsupported, "it does not fit") }
    return schedule
  }

  func prepare(
    _ workload: Workload, schedule: String, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    _ = try identity(of: workload, schedule: schedule)
    return ScriptedChain()
  }

  func release(_ workload: Workload, except schedule: String?) {}

  func prepareReference(_ workload: Workload, ringSize: Int) -> any PreparedWorkload {
    ScriptedChain()
  }

  func prepareEmpty() -> any TimedChain { ScriptedChain() }

  func reopen() {}

  /// The result of a row by a schedule.
  func result(_ workload: Workload, _ schedule: String) -> Row.Result {
    .measured(
      Measurement(
        latency: Latency(
          undisturbedNanoseconds: 1e6, lowNanoseconds: 9e5, highNanoseconds: 1.2e6,
          medianNanoseconds: 1.1e6, p90Nanoseconds: 1.3e6, samples: 18, stable: false),
        schedule: .init(name: schedule, tuning: .quick, candidates: 5),
        compiled: ScriptedChain().compiled, check: ScriptedChain().check(),
        efficiency: .init(workload: workload, nanoseconds: 1e6)))
  }
}

private final class ScriptedChain: PreparedWorkload {
  let compiled: Measurement.Compiled? = Measurement.Compiled(
    spirvHash: "0", spirvBytes: 4, pipelineNanoseconds: 1)

  func run(length: Int, watchdogNanoseconds: Double) -> ChainTime {
    let time = 2e4 + 1e6 * Double(length)
    return ChainTime(nanoseconds: time, wallNanoseconds: time + 1e4)
  }

  func poison() {}

  func check() -> Measurement.Check {
    Measurement.Check(maxRelativeError: 0, tolerance: 1e-6, points: 1)
  }
}
