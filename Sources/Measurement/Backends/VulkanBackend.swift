public import DeviceProtocol
public import Devices
public import Kernels
internal import ShaderCompiler
public import Tables
public import Workloads

/// Executes workloads through Vulkan compute.
public final class VulkanBackend: Backend {
  public let device: DeviceDescription
  public let compiler: Compiler
  public private(set) var clock: Method.Clock
  public private(set) var clockReason: String?
  /// The limits that schedules must keep.
  public let limits: DeviceLimits

  package let options: Options
  package private(set) var vulkan: Device
  private var programs = CompiledPrograms()
  /// Standard schedules chosen so far.
  private var standards: [Workload: Schedule] = [:]
  /// SPIR-V by shader text.
  private var spirv: [String: [UInt32]] = [:]
  private var answers: RightAnswers
  private let verified = VerifiedOutputs()
  private let known = KnownContents()
  private var reportCompiling: (Double) -> Void = { _ in }

  /// Choices of a user about a device.
  public struct Options: Sendable {
    /// Folder of pipeline caches; `nil` keeps none.
    public var cacheFolder: String?
    public var library: ShaderLibrary
    /// Use the wall clock even if the queue has timestamps.
    public var wallClock: Bool
    /// Version of the program, for the table's header.
    public var version: String
    /// Terms that computing the right answers of one workload may sum; outputs that need more are
    /// compared at some hundred points.
    public var checkBudget: Int
    /// Smaller limits than the device's, to choose kernels as if for another.
    public var cap: LimitsCap?

    public init(
      cacheFolder: String?, library: ShaderLibrary = ShaderLibrary(), wallClock: Bool = false,
      version: String, checkBudget: Int = 200_000, cap: LimitsCap? = nil
    ) {
      self.cacheFolder = cacheFolder
      self.library = library
      self.wallClock = wallClock
      self.version = version
      self.checkBudget = checkBudget
      self.cap = cap
    }
  }

  /// Opens a device.
  public init(
    _ physicalDevice: PhysicalDevice, of instance: Instance, options: Options
  ) throws(VulkanError) {
    self.options = options
    answers = RightAnswers(budget: options.checkBudget)
    let own = DeviceLimits(physicalDevice)
    limits = options.cap?.applied(to: own) ?? own
    device = DeviceDescription(physicalDevice, host: instance.remoteHost, cap: options.cap)
    compiler = Compiler(
      srprof: options.version, glslang: GLSLCompiler.version,
      spirvTools: SPIRVValidator.version, catalogue: options.library.catalogueHash)
    clock = .deviceTimestamps
    vulkan = try Device(
      instance: instance, physicalDevice: physicalDevice,
      pipelineCacheDirectory: options.cacheFolder)
    if options.wallClock {
      (clock, clockReason) = (.wallClock, "it was asked for")
    } else if physicalDevice.timestampValidBits == 0 {
      (clock, clockReason) = (.wallClock, "the device's queue has no timestamps")
    }
  }

  /// Holds the device's timestamps against the host's clock over a chain of 20 ms, and measures by the
  /// wall clock from now on where they are no times. What cannot be tried, rows will tell.
  public func tryClock() {
    guard clock == .deviceTimestamps else { return }
    let watchdog = ChainPlan.Budget.standard(for: device.type).watchdogNanoseconds
    let shape = MultiplyAddShape(half: false, accumulators: 4, groupSize: 64, groups: 64)
    let verdict = try? persisting { () throws(Failure) in
      try prepare(shape).map { chain throws(Failure) in
        try ClockTrial.verdict(
          on: chain, tick: device.timestamp.periodNanoseconds, watchdog: watchdog)
      }
    }
    if !isUsable { try? reopenWithPatience() }
    switch verdict {
    case .agrees: clockReason = "the device's timestamps agree with the host's clock"
    case .refused(let reason): (clock, clockReason) = (.wallClock, reason)
    case .undecided, nil:
      clockReason = "the device's timestamps could not be held against the host's clock"
    }
  }

  public func reopen() throws(Failure) {
    programs = CompiledPrograms()
    do throws(VulkanError) { vulkan = try vulkan.reopened() } catch { throw Failure(error) }
  }

  /// Writes the pipelines compiled so far to the cache folder; a cache that cannot be written only
  /// costs time later.
  public func saveCache() {
    _ = vulkan.savePipelineCache()
  }

  public func reportCompiling(to report: @escaping (Double) -> Void) {
    reportCompiling = report
  }

  public var isUsable: Bool { !vulkan.isAbandoned }

  public func telemetry() -> Tables.Telemetry.Reading? {
    vulkan.worker.telemetry().flatMap { telemetry in
      telemetry.readings.isEmpty && telemetry.thermalStatus == nil ? nil : .init(telemetry)
    }
  }

  public func prepareReference(
    _ workload: Workload, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    let kernel = try kernel(workload, Schedule.standard(for: workload, limits: limits))
    return try prepare(workload, kernel, compile(kernel, ShaderLibrary()), ringSize: ringSize)
  }

  public func prepare(
    _ workload: Workload, schedule: String, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    try prepare(workload, schedule: schedule, ringSize: ringSize, compiling: .patient)
  }

  public func prepare(
    _ workload: Workload, schedule: String, ringSize: Int, compiling deadline: CompileDeadline
  ) throws(Failure) -> any PreparedWorkload {
    let kernel = try kernel(workload, schedule: schedule)
    try requireMemory(for: kernel, ringSize: ringSize)
    let program: CompiledKernel
    if let known = programs.use(workload, schedule) {
      program = known
    } else {
      program = try compile(kernel, options.library, deadline)
      programs.keep(program, of: workload, schedule, uses: 1)
    }
    return try prepare(workload, kernel, program, ringSize: ringSize)
  }

  /// The standard schedule of a workload: by the words of the device's compiler, where it has any. What is
  /// compiled for them serves the next preparation.
  package func standard(for workload: Workload) -> Schedule {
    if let known = standards[workload] { return known }
    guard device.features["pipelineExecutableInfo"] == true, isUsable,
      let chosen = StandardChoice.schedule(
        of: Schedule.heads(for: workload, limits: limits),
        compiled: { compiledHead($0, workload) })
    else { return .standard(for: workload, limits: limits) }
    // Chosen without a device, it says nothing.
    if isUsable { standards[workload] = chosen }
    return chosen
  }

  /// The compiler's facts of a head; `nil` if compiling it fails.
  private func compiledHead(
    _ schedule: Schedule, _ workload: Workload
  ) -> Measurement.Compiled? {
    do throws(Failure) {
      let program = try compile(kernel(workload, schedule), options.library, .candidate)
      programs.keep(program, of: workload, "\(schedule)", uses: 0)
      return program.facts
    } catch {
      if isLost(after: error) { try? reopenWithPatience() }
      return nil
    }
  }

  public func release(_ workload: Workload, except schedule: String?) {
    programs.release(workload, except: schedule)
    // Those of the losers are many, and large where weights are in the code.
    spirv = [:]
  }

  private func prepare(
    _ workload: Workload, _ kernel: Kernel, _ program: CompiledKernel, ringSize: Int
  ) throws(Failure) -> any PreparedWorkload {
    try PreparedKernel(
      workload, kernel: kernel, program: program, ringSize: ringSize,
      expected: answers.of(workload), verified: verified, known: known,
      device: vulkan, clock: clock)
  }

  public func prepareEmpty() throws(Failure) -> any TimedChain {
    let program = try compile(.empty, options.library)
    do throws(VulkanError) {
      let set = try DescriptorSet(pipeline: program.pipeline, buffers: [])
      return try RecordedChains(
        [Dispatch(set: set, groups: GroupCount(1))], device: vulkan, clock: clock)
    } catch {
      throw Failure(error)
    }
  }

  /// A new pipeline for a kernel.
  private func compile(
    _ kernel: Kernel, _ library: ShaderLibrary, _ deadline: CompileDeadline = .patient
  ) throws(Failure) -> CompiledKernel {
    try CompiledKernel(
      kernel, spirv: spirv(of: kernel, library), device: vulkan, deadline: deadline,
      whileCompiling: reportCompiling)
  }

  /// A kernel's SPIR-V; each text is compiled once.
  package func spirv(of kernel: Kernel, _ library: ShaderLibrary) throws(Failure) -> [UInt32] {
    do {
      let source = try kernel.source(from: library)
      if let known = spirv[source] { return known }
      let words = try GLSLCompiler.spirv(
        from: source, name: kernel.shader, unrolling: limits.hasFewRegisters)
      spirv[source] = words
      return words
    } catch {
      throw Failure(.notCompiled, "\(error)")
    }
  }

  /// Refuses what cannot fit before the driver tries, since many systems promise memory they lack.
  private func requireMemory(for kernel: Kernel, ringSize: Int) throws(Failure) {
    let bytes = kernel.bindings.reduce(0) { $0 + $1.byteCount } * ringSize
    if UInt64(bytes) > device.memoryBytes {
      throw Failure(
        .overLimit,
        "operands of \(bytes) bytes in a ring of \(ringSize) exceed the device's memory heap of "
          + "\(device.memoryBytes) bytes")
    }
  }
}

extension Tables.Telemetry.Reading {
  /// A worker's readings.
  fileprivate init(_ telemetry: DeviceProtocol.Telemetry) {
    self.init(
      values: Dictionary(
        telemetry.readings.compactMap { reading in
          reading.value.map { (reading.source, $0) }
        }, uniquingKeysWith: { $1 }),
      unreadable: telemetry.readings.filter { $0.value == nil }.map(\.source),
      thermalStatus: telemetry.thermalStatus.map(Int.init))
  }
}
