import Measurement
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
    /// Interference added to a chain, as a share of its time; drawn anew for each chain.
    var interference: (inout SplitMix64) -> Double = { _ in 0 }
    /// What checking a workload throws, given the checks of that workload made before.
    var checkFailure: (Workload, Int) -> Failure? = { _, _ in nil }
    /// What a chain of a workload throws, given the chains of that workload run before.
    var failure: (Workload, Int) -> Failure? = { _, _ in nil }
    /// What preparing a workload throws.
    var preparationFailure: (Workload) -> Failure? = { _ in nil }
    /// Whether a lost device opens again.
    var reopens = true
  }

  let device: DeviceDescription
  let compiler = Compiler(srprof: "0", glslang: "0", spirvTools: "0", catalogue: "0")
  let clock: Method.Clock
  var behaviour: Behaviour
  /// Seconds of scripted device time so far.
  var busySeconds = 0.0
  var chainsRun: [Workload: Int] = [:]
  var prepared: [Workload: Int] = [:]
  var checks: [Workload: Int] = [:]
  var reference: Workload?
  var reopenings = 0
  var isUsable = true
  var random = SplitMix64(state: 11)

  init(_ behaviour: Behaviour = Behaviour(), clock: Method.Clock = .deviceTimestamps) {
    self.behaviour = behaviour
    self.clock = clock
    device = DeviceDescription(
      name: "scripted", type: .other, vendorID: 1, deviceID: 2, uuid: "00", apiVersion: "1.1.0",
      driver: .init(id: 0, name: "script", info: "", version: 1), memoryBytes: 1 << 30,
      subgroupSize: 1, timestamp: .init(periodNanoseconds: 1, validBits: 64), limits: [:],
      features: [:], host: .init(operatingSystem: "none", processor: "none", cores: 1))
  }

  func prepare(_ workload: Workload, ringSize: Int) throws(Failure) -> any PreparedWorkload {
    if let failure = behaviour.preparationFailure(workload) { throw failure }
    prepared[workload, default: 0] += 1
    return ScriptedWorkload(workload, ringSize: ringSize, backend: self)
  }

  func prepareReference(_ workload: Workload) throws(Failure) -> any PreparedWorkload {
    reference = workload
    return ScriptedWorkload(workload, ringSize: 1, backend: self)
  }

  func prepareEmpty() throws(Failure) -> any TimedChain { ScriptedEmpty(self) }

  func reopen() throws(Failure) {
    reopenings += 1
    if !behaviour.reopens { throw Failure(.deviceLost, "it stays lost") }
  }

  func time(_ length: Int, dispatch: Double) -> ChainTime {
    let plain = behaviour.submissionNanoseconds + Double(length) * dispatch
    let time =
      plain * behaviour.slowness(busySeconds) * (1 + behaviour.interference(&random))
    busySeconds += time / 1e9
    // The host sees submission and completion too.
    return ChainTime(nanoseconds: time, wallNanoseconds: time * 1.001 + 20_000)
  }
}

private final class ScriptedEmpty: TimedChain {
  let backend: ScriptedBackend

  init(_ backend: ScriptedBackend) { self.backend = backend }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    backend.time(length, dispatch: 1000)
  }
}

private final class ScriptedWorkload: PreparedWorkload {
  let schedule = Measurement.Schedule(name: "scripted")
  let compiled = Measurement.Compiled(spirvHash: "0", spirvBytes: 4, pipelineNanoseconds: 1)
  let workload: Workload
  let ringSize: Int
  let backend: ScriptedBackend
  /// Dispatches since outputs were poisoned; `nil` if they never were.
  var dispatches: Int?

  init(_ workload: Workload, ringSize: Int, backend: ScriptedBackend) {
    self.workload = workload
    self.ringSize = ringSize
    self.backend = backend
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    let before = backend.chainsRun[workload, default: 0]
    backend.chainsRun[workload] = before + 1
    if let failure = backend.behaviour.failure(workload, before) { throw failure }
    dispatches = dispatches.map { $0 + length }
    let time = backend.time(length, dispatch: backend.behaviour.dispatchNanoseconds(workload))
    if time.wallNanoseconds > watchdogNanoseconds {
      throw Failure(.timedOut, "\(time.wallNanoseconds) ns")
    }
    return time
  }

  func poison() throws(Failure) {
    dispatches = 0
  }

  func check() throws(Failure) -> Measurement.Check {
    let before = backend.checks[workload, default: 0]
    backend.checks[workload] = before + 1
    if let failure = backend.behaviour.checkFailure(workload, before) { throw failure }
    // Every set must have been written since it was poisoned, and each check needs a new poisoning.
    guard let written = dispatches, written >= ringSize else {
      throw Failure(.wrongOutput, "an output was not written")
    }
    dispatches = nil
    return Measurement.Check(maxRelativeError: 0, tolerance: 1e-6, points: 1)
  }
}
