public import Kernels
public import Tables
public import Workloads
public import XNNPACK

/// Executes workloads on the processor through XNNPACK, the engine of phones' inference on theirs.
public final class XNNPACKBackend: Backend {
  public let device: DeviceDescription
  public let compiler: Compiler
  public let clock = Method.Clock.wallClock
  public let isUsable = true

  package let library: Library
  package let threads: ThreadPool
  private let ignoringSparsity: Bool
  private let load = ProcessorLoad()
  private var answers = RightAnswers()

  /// - Parameters:
  ///   - threads: Threads that share the work of each operator.
  ///   - ignoringSparsity: Whether pruned convolutions may run dense, with zeros in them.
  ///   - version: Version of the program, for the table's header.
  public init(
    _ library: Library, threads: Int, ignoringSparsity: Bool, version: String
  ) throws(Failure) {
    self.library = library
    do throws(XNNPACKError) { self.threads = try ThreadPool(threads, library) } catch {
      throw Failure(error)
    }
    self.ignoringSparsity = ignoringSparsity
    device = DeviceDescription(library, threads: threads)
    compiler = Compiler(
      srprof: version, glslang: "none", spirvTools: "none",
      catalogue: ignoringSparsity ? "dense with zeros" : "as pruned")
  }

  /// XNNPACK has no operator that passes channels.
  public static let traits = BackendTraits(
    channelBlock: 1, fusesSplitBlocks: false, skipsPruned: [HostSchedule.skippingLayout])
  public let activationLayout = "N,H,W,C"
  public var remarks: [String] { load.remarks }

  public func schedules(
    for workload: Workload, effort: Schedule.Effort
  ) throws(Failure) -> [String] {
    try HostSchedule.all(for: workload, ignoringSparsity: ignoringSparsity).map(\.name)
  }

  public func adapted(
    _ schedule: String, of other: Workload, to workload: Workload
  ) -> String? { nil }

  public func identity(of workload: Workload, schedule: String) throws(Failure) -> String {
    try find(schedule, for: workload).name
  }

  public func release(_ workload: Workload, except schedule: String?) {}

  public func prepare(
    _ workload: Workload, schedule: String, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    let schedule = try find(schedule, for: workload)
    var ring: [HostExecution] = []
    for _ in 0..<ringSize {
      ring.append(try schedule.execution(of: workload, library: library, threads: threads))
    }
    return PreparedExecution(workload, ring: ring, expected: answers.of(workload))
  }

  public func prepareReference(
    _ workload: Workload, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    try prepare(workload, schedule: HostSchedule.dense(workload).name, ringSize: ringSize)
  }

  /// The smallest graph there is stands for a dispatch that does nothing.
  public func prepareEmpty() throws(Failure) -> any TimedChain {
    guard let smallest = try? Workload(.add(channels: 4), height: 1, width: 1) else {
      throw Failure(.unsupported, "there is no smallest graph")
    }
    return try prepareReference(smallest, ringSize: 1)
  }

  /// XNNPACK has no kernels that only multiply and add, or only copy.
  public func prepare(_ shape: MultiplyAddShape) throws(Failure) -> (any Probe)? { nil }

  public func prepareCopies(footprint: Int) throws(Failure) -> (any CopyProbes)? { nil }

  public func reopen() throws(Failure) {}

  private func find(_ name: String, for workload: Workload) throws(Failure) -> HostSchedule {
    let all = try HostSchedule.all(for: workload, ignoringSparsity: ignoringSparsity)
    if let found = all.first(where: { $0.name == name }) { return found }
    throw Failure(
      .unsupported,
      "XNNPACK runs this workload by \(all.map(\.name).joined(separator: " or ")), not '\(name)'")
  }
}

extension Failure {
  /// The kind of failure an error of XNNPACK is.
  public init(_ error: XNNPACKError) {
    let kind: Kind =
      switch error.reason {
      case .noLibrary: .driver
      case .missingFunction, .status(4), .status(5): .unsupported
      case .outOfMemory: .outOfMemory
      case .status, .missingTensor: .driver
      }
    self.init(kind, error.description)
  }
}
