package import Store
package import Tables

/// Times chains on a device, and tells by a reference kernel how fast the device is meanwhile.
///
/// A reading of the clock that is no time is dropped and taken again.
package final class Stopwatch {
  /// How long chains may take.
  package let budget: ChainPlan.Budget
  /// Readings of the clock that were no times.
  package private(set) var dropped = 0
  /// Time spent so far.
  package private(set) var timeSpent = TimeSpent()
  /// Readings of the reference kernel, and what they say.
  package private(set) var speed = SpeedMonitor()
  /// The constant part of a submission, once it has been measured.
  package var submissionNanoseconds = 0.0

  private let backend: any Backend
  private let shouldStop: () -> Bool
  private var reference: ReferenceKernel?

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
            wallNanoseconds: time.wallNanoseconds, referenceNanoseconds: 0))
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

/// The reference kernel.
extension Stopwatch {
  /// Whether readings can be taken.
  package var hasReference: Bool { reference != nil }

  /// Takes readings of earlier runs for this one's.
  package func recall(_ readings: [Double]) {
    speed = SpeedMonitor(readings: readings)
  }

  /// A reference kernel, prepared and checked.
  package func referenceKernel() throws(Failure) -> ReferenceKernel {
    try ReferenceKernel(on: backend, submission: submissionNanoseconds) {
      (chain, length) throws(Failure) in try self.time(chain, length)
    }
  }

  /// Takes readings by this kernel from now on; by none where it is `nil`.
  package func use(_ kernel: ReferenceKernel?) {
    reference = kernel
  }

  /// Takes a reading and keeps it: nanoseconds of a dispatch of the reference kernel, 0 without one.
  @discardableResult
  package func read() throws(Failure) -> Double {
    guard let reference else { return 0 }
    let reading = try read(reference)
    speed.record(reading)
    return reading
  }

  /// Runs the reference kernel for some seconds of submissions, and tells how quiet the device is; `nil` where that
  /// gave too few times. They are no readings: so many of one moment would outweigh those of all others.
  package func listen(seconds: Double) throws(Failure) -> Quietness? {
    guard let reference else { return nil }
    var times: [Double] = []
    let start = timeSpent.submissionSeconds
    while timeSpent.submissionSeconds - start < seconds, !shouldStop() {
      times += try reference.times { (chain, length) throws(Failure) in
        try self.time(chain, length)
      }
    }
    return Quietness(times)
  }

  /// Runs a reference kernel until three readings agree within 1 %, for 0.3 to 3 seconds of submissions: a GPU
  /// raises its clock only under load.
  ///
  /// - Parameter start: Seconds of submissions at which that began.
  package func ramp(_ kernel: ReferenceKernel, since start: Double) throws(Failure) {
    var recent: [Double] = []
    while timeSpent.submissionSeconds - start < 3 || recent.isEmpty, !shouldStop() {
      recent.append(try read(kernel))
      let lastThree = recent.suffix(3)
      guard timeSpent.submissionSeconds - start > 0.3, let low = lastThree.min(),
        let high = lastThree.max()
      else { continue }
      if high <= low * 1.01 { return }
    }
  }

  /// Runs the reference kernel on a GPU, whose clock has fallen while the host prepared, until it is at the
  /// campaign's speed again, for at most 0.1 seconds.
  package func awaken() throws(Failure) {
    guard backend.device.type != .cpu, let reference else { return }
    let start = timeSpent.submissionSeconds
    while try !speed.isSteady(read(reference)), timeSpent.submissionSeconds - start < 0.1,
      !shouldStop()
    {}
  }

  /// Opens a lost device again, which then has no reference kernel.
  package func reopen() throws(Failure) {
    reference = nil
    try backend.reopenWithPatience()
  }

  private func read(_ kernel: ReferenceKernel) throws(Failure) -> Double {
    try kernel.read { (chain, length) throws(Failure) in try self.time(chain, length) }
  }
}
