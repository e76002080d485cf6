public import Kernels
public import Tables
public import Workloads

/// A device that executes workloads and times chains of them.
///
/// The campaign above knows nothing else of a device: Vulkan is one back end, tests script another.
/// To it a schedule is a name: complete, printable, and understood by its back end alone.
public protocol Backend: AnyObject {
  /// What the table's header says about the device.
  var device: DeviceDescription { get }
  /// What the table's header says about the compilers.
  var compiler: Compiler { get }
  /// The clock that ``ChainTime/nanoseconds`` come from.
  var clock: Method.Clock { get }
  /// Why it is that clock, as a phrase for the table's header; `nil` where nothing was chosen.
  var clockReason: String? { get }

  /// The way it executes workloads, as tables state it.
  static var traits: BackendTraits { get }
  /// How activations lie in memory between workloads, for the table's header.
  var activationLayout: String { get }
  /// What was noticed so far that a table's reader should know, in sentences.
  var remarks: [String] { get }

  /// Clocks and heat of its machine now; `nil` where nothing tells them.
  func telemetry() -> Telemetry.Reading?

  /// While the driver compiles a kernel, `report` is told every second how many have passed.
  func reportCompiling(to report: @escaping (Double) -> Void)

  /// Whether anything can still be run; false after a loss or a timeout, until ``reopen()``.
  var isUsable: Bool { get }

  /// Schedules worth trying for a workload, the standard one first, then the most promising; never
  /// empty.
  func schedules(for workload: Workload, effort: Schedule.Effort) throws(Failure) -> [String]
  /// A schedule of one workload with sizes that suit another, which it need not fit even then; `nil` for what
  /// is no schedule.
  func adapted(_ schedule: String, of other: Workload, to workload: Workload) -> String?
  /// A text that two schedules of a workload share exactly if they give the driver the same work.
  /// Throws what is wrong with a schedule before the driver sees it: it is none, does not fit the
  /// workload or the device's limits, or does not compile.
  func identity(of workload: Workload, schedule: String) throws(Failure) -> String

  /// Whether a schedule needs fewer multiply-accumulates than its workload has.
  func savesMultiplications(by schedule: String) -> Bool

  /// Makes the pipeline of a workload's schedule, anew from time to time, and lays out its operands,
  /// anew each time, in a ring of sets.
  func prepare(
    _ workload: Workload, schedule: String, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload
  /// The same, but the driver may compile only until a deadline: throws ``Failure/Kind/notCompiled`` where it is
  /// ended then, which takes the device away.
  func prepare(
    _ workload: Workload, schedule: String, ringSize: Int, compiling deadline: CompileDeadline
  ) throws(Failure) -> any PreparedWorkload
  /// Lets go of the pipelines of all schedules of a workload but one.
  func release(_ workload: Workload, except schedule: String?)
  /// The same as a preparation by the standard schedule, for reference kernels, whose shaders no
  /// folder overrides.
  func prepareReference(
    _ workload: Workload, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload
  /// A dispatch that does nothing.
  func prepareEmpty() throws(Failure) -> any TimedChain
  /// Multiply-adds of a shape; `nil` where there are none to be had.
  func prepare(_ shape: MultiplyAddShape) throws(Failure) -> (any Probe)?
  /// Copies between buffers of `footprint` bytes together; `nil` where there are none to be had.
  func prepareCopies(footprint: Int) throws(Failure) -> (any CopyProbes)?
  /// Keeps what was compiled for later processes; where it cannot be kept, it only costs time later.
  func saveCache()
  /// Makes the device usable again after it was lost or a submission timed out; everything prepared
  /// before is void.
  func reopen() throws(Failure)
}

/// The traits of all kernels of the catalogue.
extension Backend {
  public static var traits: BackendTraits {
    BackendTraits(
      channelBlock: ActivationLayout.channelsPerTexel, fusesSplitBlocks: true,
      skipsPruned: Schedule.Algorithm.allCases.filter(\.skipsPruned).map(\.rawValue))
  }
  public var traits: BackendTraits { Self.traits }
  public var activationLayout: String { ActivationLayout.name }
  public func savesMultiplications(by schedule: String) -> Bool {
    (try? Schedule(parsing: schedule))?.algorithm.savesMultiplications ?? false
  }
}

extension Backend {
  public func saveCache() {}
  public func prepare(
    _ workload: Workload, schedule: String, ringSize: Int, compiling deadline: CompileDeadline
  ) throws(Failure) -> any PreparedWorkload {
    try prepare(workload, schedule: schedule, ringSize: ringSize)
  }
  public var remarks: [String] { [] }
  public var clockReason: String? { nil }
  public func telemetry() -> Telemetry.Reading? { nil }
  public func reportCompiling(to report: @escaping (Double) -> Void) {}
}

/// Something that can be dispatched again and again.
public protocol TimedChain: AnyObject {
  /// Runs `length` dispatches, one after the other, in one submission.
  /// Throws ``Failure/Kind/timedOut`` after `watchdogNanoseconds`.
  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime
  /// Runs chains of several lengths one after another. The times of those that ended well are appended to
  /// `times`, also when a later one fails.
  func run(
    lengths: [Int], watchdogNanoseconds: Double, into times: inout [ChainTime]
  ) throws(Failure)
}

extension TimedChain {
  public func run(
    lengths: [Int], watchdogNanoseconds: Double, into times: inout [ChainTime]
  ) throws(Failure) {
    for length in lengths {
      times.append(try run(length: length, watchdogNanoseconds: watchdogNanoseconds))
    }
  }
}

/// A workload on a device, ready to run.
public protocol PreparedWorkload: TimedChain {
  /// `nil` where nothing is compiled.
  var compiled: Measurement.Compiled? { get }
  /// Overwrites every output of the ring with NaN, so that an old or missing result cannot pass.
  func poison() throws(Failure)
  /// Compares every output of the ring with the reference answer.
  /// Throws ``Failure/Kind/wrongOutput`` if one differs by more than rounding explains.
  func check() throws(Failure) -> Measurement.Check
}

/// What one submission took.
public struct ChainTime: Hashable, Sendable {
  /// By the clock of the back end.
  public var nanoseconds: Double
  /// From submission to completion, by the host's monotonic clock.
  public var wallNanoseconds: Double

  public init(nanoseconds: Double, wallNanoseconds: Double) {
    self.nanoseconds = nanoseconds
    self.wallNanoseconds = wallNanoseconds
  }
}
