import Kernels
import Measurement
import Statistics
import Tables
import Workloads

/// A device that does what a test tells it: times come from a script, not from a clock.
final class ScriptedBackend: Backend {
  /// What the device is like at a moment.
  struct Behaviour {
    /// Nanoseconds of one dispatch of a workload when nothing interferes.
    var dispatchNanoseconds: (Workload) -> Double = { 2e6 + Double($0.macs) / 100 }
    /// Nanoseconds of a submission without dispatches.
    var submissionNanoseconds = 100_000.0
    /// Factor on every time, from the seconds the device has been busy.
    var slowness: (Double) -> Double = { _ in 1 }
    /// Factor on a workload's time, from the seconds the device has been busy.
    var slownessOf: (Workload, Double) -> Double = { _, _ in 1 }
    /// Interference added to a chain, as a share of its time; drawn anew for each chain.
    var interference: (inout SplitMix64) -> Double = { _ in 0 }
    /// What the device's clock says of a time, drawn anew for each chain.
    var reading: (Double, inout SplitMix64) -> Double = { time, _ in time }
    /// What submitting any chain throws, drawn anew for each.
    var submissionFailure: (inout SplitMix64) -> Failure? = { _ in nil }
    /// What checking a workload throws, given the checks of that workload made before.
    var checkFailure: (Workload, Int) -> Failure? = { _, _ in nil }
    /// What a chain of a workload throws, given the chains of that workload run before.
    var failure: (Workload, Int) -> Failure? = { _, _ in nil }
    /// What preparing a workload throws.
    var preparationFailure: (Workload) -> Failure? = { _ in nil }
    /// Schedules of a workload, the standard one first, by effort.
    var schedules: (Workload, Schedule.Effort) -> [String] = { _, _ in ["scripted"] }
    /// Factor on the time of a dispatch by a schedule.
    var cost: (Workload, String) -> Double = { _, _ in 1 }
    /// What the driver is given for a schedule.
    var identity: (String) -> String = { $0 }
    /// Figures of the compiler for a schedule, by normal names; `nil` where it says nothing.
    var statistics: (String) -> [String: Double]? = { _ in nil }
    /// What a schedule comes to at a stage; the stage is told each time, also where nothing fails.
    var scheduleFailure: (String, Stage) -> Failure? = { _, _ in nil }
    /// Whether a lost device opens again.
    var reopens = true
  }

  /// A moment in the life of a schedule.
  enum Stage { case identity, prepare, run, check }

  let device: DeviceDescription
  let compiler: Compiler
  let clock: Method.Clock
  var behaviour: Behaviour
  /// Seconds of scripted device time so far.
  var busySeconds = 0.0
  var chainsRun: [Workload: Int] = [:]
  /// Schedules by the order of their preparation.
  var preparations: [(workload: Workload, schedule: String)] = []
  var prepared: [Workload: Int] = [:]
  /// Schedules whose pipelines are held.
  var held: [Workload: Set<String>] = [:]
  var checks: [Workload: Int] = [:]
  /// The reference kernels, in the order in which they were first prepared.
  var references: [Workload] = []
  var reopenings = 0
  /// How often the rate of arithmetic was asked for; there is none to be had.
  var ratesAsked = 0
  var isUsable = true
  /// Whether the device is gone after a crash, as with its process.
  var isLostAfterCrash = false
  /// Thermal statuses, one a reading; the last one stays.
  var thermalStatuses: [Int] = []
  private var readings = 0
  var random = SplitMix64(state: 11)

  init(
    _ behaviour: Behaviour = Behaviour(), clock: Method.Clock = .deviceTimestamps,
    catalogue: String = "0", type: DeviceDescription.Kind = .other
  ) {
    self.behaviour = behaviour
    compiler = Compiler(srprof: "0", glslang: "0", spirvTools: "0", catalogue: catalogue)
    self.clock = clock
    device = DeviceDescription(
      name: "scripted", type: type, vendorID: 1, deviceID: 2, uuid: "00", apiVersion: "1.1.0",
      driver: .init(id: 0, name: "script", info: "", version: 1), memoryBytes: 1 << 30,
      subgroupSize: 1, timestamp: .init(periodNanoseconds: 1, validBits: 64), limits: [:],
      features: [:], host: .init(operatingSystem: "none", processor: "none", cores: 1))
  }

  func schedules(for workload: Workload, effort: Schedule.Effort) throws(Failure) -> [String] {
    behaviour.schedules(workload, effort)
  }

  func adapted(_ schedule: String, of other: Workload, to workload: Workload) -> String? {
    schedule
  }

  func identity(of workload: Workload, schedule: String) throws(Failure) -> String {
    if let failure = behaviour.scheduleFailure(schedule, .identity) { throw failure }
    return behaviour.identity(schedule)
  }

  func prepare(
    _ workload: Workload, schedule: String, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    preparations.append((workload, schedule))
    if let failure = behaviour.preparationFailure(workload) { throw failure }
    if let failure = behaviour.scheduleFailure(schedule, .prepare) { throw failure }
    prepared[workload, default: 0] += 1
    held[workload, default: []].insert(schedule)
    return ScriptedWorkload(workload, schedule: schedule, ringSize: ringSize, backend: self)
  }

  func release(_ workload: Workload, except schedule: String?) {
    held[workload] = held[workload]?.filter { $0 == schedule }
  }

  func prepareReference(
    _ workload: Workload, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    if !references.contains(workload) { references.append(workload) }
    return ScriptedWorkload(workload, schedule: nil, ringSize: ringSize, backend: self)
  }

  func prepare(_ shape: MultiplyAddShape) throws(Failure) -> (any Probe)? {
    ratesAsked += 1
    return nil
  }

  func prepareEmpty() throws(Failure) -> any TimedChain { ScriptedEmpty(self) }

  func telemetry() -> Telemetry.Reading? {
    guard !thermalStatuses.isEmpty else { return nil }
    defer { readings += 1 }
    return Telemetry.Reading(
      values: ["clock": "\(readings)"], unreadable: ["temperature"],
      thermalStatus: thermalStatuses[min(readings, thermalStatuses.count - 1)])
  }

  func reopen() throws(Failure) {
    reopenings += 1
    isUsable = true
    if !behaviour.reopens { throw Failure(.deviceLost, "it stays lost") }
  }

  func time(_ length: Int, dispatch: Double) throws(Failure) -> ChainTime {
    if let failure = behaviour.submissionFailure(&random) { throw failure }
    let plain = behaviour.submissionNanoseconds + Double(length) * dispatch
    let time =
      plain * behaviour.slowness(busySeconds) * (1 + behaviour.interference(&random))
    busySeconds += time / 1e9
    // The host sees submission and completion too.
    return ChainTime(
      nanoseconds: behaviour.reading(time, &random), wallNanoseconds: time * 1.001 + 20_000)
  }
}

private final class ScriptedEmpty: TimedChain {
  let backend: ScriptedBackend

  init(_ backend: ScriptedBackend) { self.backend = backend }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    try backend.time(length, dispatch: 1000)
  }
}

private final class ScriptedWorkload: PreparedWorkload {
  let compiled: Measurement.Compiled?
  let workload: Workload
  /// `nil` for the reference kernel.
  let schedule: String?
  let ringSize: Int
  let backend: ScriptedBackend
  /// Dispatches since outputs were poisoned; `nil` if they never were.
  var dispatches: Int?

  init(_ workload: Workload, schedule: String?, ringSize: Int, backend: ScriptedBackend) {
    self.workload = workload
    self.schedule = schedule
    self.ringSize = ringSize
    self.backend = backend
    let normal = schedule.flatMap(backend.behaviour.statistics)
    compiled = Measurement.Compiled(
      spirvHash: "0", spirvBytes: 4, pipelineNanoseconds: 1,
      statistics: normal.map { Measurement.Compiled.Statistics(normal: $0, raw: [:]) })
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    let before = backend.chainsRun[workload, default: 0]
    backend.chainsRun[workload] = before + 1
    if let failure = backend.behaviour.failure(workload, before) {
      if backend.isLostAfterCrash, failure.kind == .crashed { backend.isUsable = false }
      throw failure
    }
    try fail(.run)
    dispatches = dispatches.map { $0 + length }
    let cost = schedule.map { backend.behaviour.cost(workload, $0) } ?? 1
    let time = try backend.time(
      length,
      dispatch: backend.behaviour.dispatchNanoseconds(workload) * cost
        * backend.behaviour.slownessOf(workload, backend.busySeconds))
    if time.wallNanoseconds > watchdogNanoseconds {
      throw Failure(.timedOut, "\(time.wallNanoseconds) ns")
    }
    return time
  }

  private func fail(_ stage: ScriptedBackend.Stage) throws(Failure) {
    guard let schedule, let failure = backend.behaviour.scheduleFailure(schedule, stage) else {
      return
    }
    throw failure
  }

  func poison() throws(Failure) {
    dispatches = 0
  }

  func check() throws(Failure) -> Measurement.Check {
    let before = backend.checks[workload, default: 0]
    backend.checks[workload] = before + 1
    if let failure = backend.behaviour.checkFailure(workload, before) { throw failure }
    try fail(.check)
    // Every set must have been written since it was poisoned, and each check needs a new poisoning.
    guard let written = dispatches, written >= ringSize else {
      throw Failure(.wrongOutput, "an output was not written")
    }
    dispatches = nil
    return Measurement.Check(maxRelativeError: 0, tolerance: 1e-6, points: 1)
  }
}
