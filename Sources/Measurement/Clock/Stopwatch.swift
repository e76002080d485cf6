package import Store
package import Tables

/// Times chains on a device, and tells by reference kernels how fast the device is meanwhile.
///
/// A reading of the clock that is no time is dropped and taken again.
package final class Stopwatch {
  /// How long chains may take.
  package let budget: ChainPlan.Budget
  /// Readings of the clock that were no times.
  package private(set) var dropped = 0
  /// Time spent so far.
  package private(set) var timeSpent = TimeSpent()
  /// Readings of the reference kernels, and what they say.
  package private(set) var speed = DeviceSpeed()
  /// The constant part of a submission, once it has been measured.
  package var submissionNanoseconds = 0.0

  private let backend: any Backend
  private let shouldStop: () -> Bool
  private var references: ReferenceKernels?
  /// The reasons why the kernel of memory could not be had.
  private var memoryFailures: [Failure] = []
  /// Seconds of submissions at the latest reading of memory.
  private var lastOfMemory = -Double.infinity

  /// Readings of the clock in a row that are no times, after which it is not believed any more.
  private static let patience = 8

  /// A watch with no reading yet.
  ///
  /// - Parameter shouldStop: Asked between submissions; true ends loops of readings early.
  package init(_ backend: any Backend, shouldStop: @escaping () -> Bool = { false }) {
    self.backend = backend
    self.shouldStop = shouldStop
    budget = .standard(for: backend.device.type)
  }

  /// Runs a chain until the clock gives a time for it. Each run is given up after the device's usual
  /// patience, or sooner where less is asked for.
  ///
  /// Throws ``Failure/Kind/implausibleTime`` after eight readings in a row that cannot be.
  package func time(
    _ chain: any TimedChain, _ length: Int, patience: Double = .infinity
  ) throws(Failure) -> ChainTime {
    let watchdog = min(budget.watchdogNanoseconds, patience)
    var tries = 0
    while true {
      let time = try chain.run(length: length, watchdogNanoseconds: watchdog)
      do throws(Failure) {
        let plausible = try time.plausible()
        timeSpent.add(plausible)
        return plausible
      } catch {
        dropped += 1
        tries += 1
        if tries == Self.patience { throw error }
      }
    }
  }

  /// Counts the time since ``TimeSpent/totalSeconds`` was `start` as a race's.
  func countRace(since start: Double) {
    timeSpent.addRace(since: start)
  }

  /// Times chains of several lengths, which follow each other as fast as the device takes them.
  ///
  /// - Parameter add: Called with the length and the time of each, also of those before one that fails. A reading
  ///   that is no time is taken again.
  package func time(
    _ chain: any TimedChain, lengths: [Int], add: (Int, ChainTime) -> Void
  ) throws(Failure) {
    var times: [ChainTime] = []
    var failure: Failure?
    do throws(Failure) {
      try chain.run(
        lengths: lengths, watchdogNanoseconds: budget.watchdogNanoseconds, into: &times)
    } catch {
      failure = error
    }
    for (length, time) in zip(lengths, times) {
      if let plausible = try? time.plausible() {
        timeSpent.add(plausible)
        add(length, plausible)
      } else {
        dropped += 1
        if failure == nil { add(length, try self.time(chain, length)) }
      }
    }
    if let failure { throw failure }
  }

  /// Times chains of each length, again and again, until `seconds` of submissions have passed. Samples taken before a
  /// failure stay in `samples`; how fast the device was meanwhile they do not say yet.
  ///
  /// - Parameter lengths: The lengths in the order of the next pass.
  package func sample(
    _ chain: any TimedChain, seconds: Double, visit: Int, into samples: inout [Sample],
    lengths: () -> [Int]
  ) throws(Failure) {
    let end = timeSpent.submissionSeconds + seconds
    repeat {
      try time(chain, lengths: lengths()) { length, time in
        samples.append(
          Sample(
            visit: visit, chainLength: length, nanoseconds: time.nanoseconds,
            wallNanoseconds: time.wallNanoseconds))
      }
    } while timeSpent.submissionSeconds < end && !shouldStop()
  }

  /// Runs each set of a ring once; a set a submission, since nobody knows yet how long one takes. Returns the
  /// shortest time.
  package func runWhole(_ chain: any TimedChain, ringSize: Int) throws(Failure) -> Double {
    var shortest = Double.infinity
    for _ in 0..<ringSize { shortest = min(shortest, try time(chain, 1).nanoseconds) }
    return shortest
  }

  /// Chain lengths for a workload, from chains made longer until they last long enough to bring a GPU to its
  /// clock.
  ///
  /// - Parameter single: Nanoseconds of one dispatch.
  package func chainPlan(
    for prepared: any PreparedWorkload, single: Double
  ) throws(Failure) -> ChainPlan {
    var (length, nanoseconds) = (1, single)
    while nanoseconds < budget.targetNanoseconds / 8, length < ChainPlan.longest, !shouldStop() {
      length *= 4
      nanoseconds = min(
        try time(prepared, length).planningNanoseconds,
        try time(prepared, length).planningNanoseconds)
    }
    return ChainPlan(
      dispatchNanoseconds: max(nanoseconds - submissionNanoseconds, nanoseconds / 10)
        / Double(length),
      budget: budget)
  }
}

/// The reference kernels.
extension Stopwatch {
  /// Whether readings can be taken.
  package var hasReference: Bool { references != nil }

  /// Takes readings of earlier runs for this one's.
  package func recall(_ readings: [SpeedReading]) {
    speed = DeviceSpeed(readings: readings)
  }

  /// The reference kernels, prepared and checked. Throws what keeps the arithmetic one from running, and a lost link;
  /// a device that the other one takes away is opened again, and read without it after three times, or after one
  /// submission that hangs.
  package func referenceKernels() throws(Failure) -> ReferenceKernels {
    while true {
      var kernels = ReferenceKernels(arithmetic: try kernel(.arithmetic))
      if memoryFailures.count >= Self.mostOfMemory
        || memoryFailures.contains(where: { $0.kind == .timedOut })
      {
        kernels.memoryFailure = memoryFailures.last
        return kernels
      }
      do throws(Failure) {
        kernels.memory = try kernel(.memory)
        return kernels
      } catch {
        if error.kind == .linkLost { throw error }
        memoryFailures.append(error)
        kernels.memoryFailure = error
        guard backend.isLost(after: error) else { return kernels }
      }
      try reopen()
    }
  }

  private func kernel(_ kind: ReferenceKernel.Kind) throws(Failure) -> ReferenceKernel {
    try ReferenceKernel(kind, on: backend, submission: submissionNanoseconds) {
      (chain, length) throws(Failure) in try self.time(chain, length)
    }
  }

  /// Tries of the kernel of memory.
  private static let mostOfMemory = 3

  /// Takes readings by these kernels from now on; by none where they are `nil`.
  package func use(_ kernels: ReferenceKernels?) {
    references = kernels
    lastOfMemory = -.infinity
  }

  /// Takes a reading and keeps it. Memory is read every half second: its kernel takes as long as some visits do.
  @discardableResult
  package func read() throws(Failure) -> SpeedReading {
    guard let references else { return .none }
    var reading = SpeedReading(arithmeticNanoseconds: try read(references.arithmetic))
    if let memory = references.memory,
      timeSpent.submissionSeconds - lastOfMemory >= Self.secondsOfMemory
    {
      reading.memoryNanoseconds = try read(memory)
      lastOfMemory = timeSpent.submissionSeconds
    }
    speed.record(reading)
    return reading
  }

  /// Seconds of submissions between readings of memory.
  private static let secondsOfMemory = 0.5

  /// Runs the reference kernel for some seconds of submissions, and tells how quiet the device is; `nil` where that
  /// gave too few times. They are no readings: so many of one moment would outweigh those of all others.
  package func listen(seconds: Double) throws(Failure) -> Quietness? {
    guard let kernel = references?.arithmetic else { return nil }
    var times: [Double] = []
    let start = timeSpent.submissionSeconds
    while timeSpent.submissionSeconds - start < seconds, !shouldStop() {
      times += try kernel.times { (chain, length) throws(Failure) in
        try self.time(chain, length)
      }
    }
    return Quietness(times)
  }

  /// Runs arithmetic until three readings agree within 1 %, for 0.3 to 3 seconds of submissions: a GPU
  /// raises its clock only under load.
  ///
  /// - Parameter start: Seconds of submissions at which that began.
  package func ramp(_ kernels: ReferenceKernels, since start: Double) throws(Failure) {
    var recent: [Double] = []
    while timeSpent.submissionSeconds - start < 3 || recent.isEmpty, !shouldStop() {
      recent.append(try read(kernels.arithmetic))
      let lastThree = recent.suffix(3)
      guard timeSpent.submissionSeconds - start > 0.3, let low = lastThree.min(),
        let high = lastThree.max()
      else { continue }
      if high <= low * 1.01 { return }
    }
  }

  /// Runs arithmetic on a GPU, whose clock has fallen while the host prepared, until it is at the
  /// campaign's speed again, for at most 0.1 seconds.
  package func awaken() throws(Failure) {
    guard backend.device.type != .cpu, let kernel = references?.arithmetic else { return }
    let start = timeSpent.submissionSeconds
    while try !speed.arithmetic.isSteady(read(kernel)), timeSpent.submissionSeconds - start < 0.1,
      !shouldStop()
    {}
  }

  /// Opens a lost device again, which then has no reference kernels.
  package func reopen() throws(Failure) {
    references = nil
    try backend.reopenWithPatience()
  }

  private func read(_ kernel: ReferenceKernel) throws(Failure) -> Double {
    try kernel.read { (chain, length) throws(Failure) in try self.time(chain, length) }
  }
}
