public import Measurement
internal import Networks
internal import Statistics
internal import Store
public import Tables
internal import Workloads

/// Times frames of networks the way rows of a table are timed: in visits, beside readings of the reference
/// kernels, so that disturbed samples do not count.
public final class FrameMeter {
  /// How long submissions are on the device.
  public var budget: ChainPlan.Budget { stopwatch.budget }
  /// Nanoseconds of a submission without dispatches.
  public var submissionNanoseconds: Double { stopwatch.submissionNanoseconds }
  public var speed: DeviceSpeed { stopwatch.speed }

  private let backend: any Backend
  private let shouldStop: () -> Bool
  private let stopwatch: Stopwatch

  /// Learns what a submission costs and brings the device up to speed. A device that is lost meanwhile is
  /// opened again.
  ///
  /// - Parameter shouldStop: Asked between submissions; true ends a visit early.
  public init(
    _ backend: any Backend, shouldStop: @escaping () -> Bool = { false }
  ) throws(Failure) {
    self.backend = backend
    self.shouldStop = shouldStop
    stopwatch = Stopwatch(backend, shouldStop: shouldStop)
    var meter = CeilingMeter(backend)
    stopwatch.submissionNanoseconds = try meter.launch().submissionNanoseconds ?? 0
    try backend.persisting { () throws(Failure) in try warmUp() }
  }

  /// Opens the device again where a failure took it away, and brings it up to speed.
  func reopen(after failure: Failure) throws(Failure) {
    guard backend.isLost(after: failure) else { return }
    try stopwatch.reopen()
    try backend.persisting { () throws(Failure) in try warmUp() }
  }

  private func warmUp() throws(Failure) {
    stopwatch.use(try stopwatch.referenceKernels())
    for _ in 0..<10 where !shouldStop() { try stopwatch.read() }
  }

  /// Takes samples of a network for `seconds` of submissions, at least two.
  ///
  /// - Parameters:
  ///   - frames: Frames in a submission; `nil` for one, with the time of each of its steps where the device has
  ///     timestamps.
  ///   - visit: A number that samples of one allocation of the network share.
  public func visit(
    _ network: any ExecutableNetwork, frames: Int?, seconds: Double, visit: Int
  ) throws(Failure) -> [FrameSample] {
    var samples: [FrameSample] = []
    var spent = 0.0
    while (spent < seconds * 1e9 && !shouldStop()) || samples.count < 2 {
      let first = samples.count
      // Readings in between, since a visit may be long; the last sample may be a long one.
      let pause = spent + Self.readingNanoseconds
      repeat {
        let (time, steps) = try frameTime(of: network, frames)
        spent += time.wallNanoseconds
        let sample = Sample(
          visit: visit, chainLength: frames ?? 1, nanoseconds: time.nanoseconds,
          wallNanoseconds: time.wallNanoseconds)
        samples.append(FrameSample(sample: sample, steps: steps))
      } while spent < pause && spent < seconds * 1e9 && !shouldStop()
      try stopwatch.read()
      for index in first..<samples.count {
        samples[index].sample.speed = speed.level
      }
    }
    return samples
  }

  /// Takes samples of a row for `seconds` of submissions, each chain length once at least, after a run over all
  /// operands.
  ///
  /// - Parameter chains: Chain lengths, which the first visit chooses.
  func visit(
    _ row: any PreparedWorkload, chains: inout ChainPlan?, seconds: Double, visit: Int
  ) throws(Failure) -> [Sample] {
    let single = try stopwatch.runWhole(row, ringSize: Plan.inNetworkRing)
    let plan: ChainPlan
    if let chains {
      plan = chains
    } else {
      plan = try stopwatch.chainPlan(for: row, single: single)
    }
    chains = plan
    try stopwatch.awaken()
    var samples: [Sample] = []
    try stopwatch.sample(row, seconds: seconds, visit: visit, into: &samples) { plan.lengths }
    try stopwatch.read()
    for index in samples.indices { samples[index].speed = speed.level }
    return samples
  }

  /// Undisturbed nanoseconds of a row by its samples; `nil` while they say nothing.
  func nanoseconds(of samples: [Sample]) -> Double? {
    CountedSamples(samples, \.self, at: speed, boundBy: nil)
      .estimate(quantile: 0.1, submission: submissionNanoseconds, seed: 1)?.slope
  }

  /// Some frames, or one with the time of each step where the device has timestamps.
  private func frameTime(
    of network: any ExecutableNetwork, _ frames: Int?
  ) throws(Failure) -> (ChainTime, [Double]?) {
    if let frames { return (try timed(network, frames), nil) }
    guard let (time, steps) = try timedByStep(network) else { return (try timed(network, 1), nil) }
    return (
      ChainTime(
        nanoseconds: time.nanoseconds + submissionNanoseconds,
        wallNanoseconds: time.wallNanoseconds), steps
    )
  }

  /// One frame with the time of each step, which are none where one of them cannot be.
  private func timedByStep(
    _ network: any ExecutableNetwork
  ) throws(Failure) -> (time: ChainTime, steps: [Double])? {
    let chain = FrameBySteps(network)
    let time = try stopwatch.time(chain, 1)
    return chain.steps.map { (time, $0) }
  }

  /// Frames in a submission: as many as it takes for a GPU to raise its clock, one where a frame is long.
  public func frames(frameNanoseconds: Double) -> Int {
    max(1, min(Int(budget.targetNanoseconds / max(frameNanoseconds, 1)), 64))
  }

  /// Runs frames, and refuses a time that cannot be.
  public func timed(
    _ network: any ExecutableNetwork, _ frames: Int
  ) throws(Failure) -> ChainTime {
    try stopwatch.time(network, frames)
  }

  /// What the samples of a network say about one frame, the cost of its submission included; `nil` while
  /// they say nothing.
  public func frameTime(_ samples: [FrameSample], at low: Double = 0.1) -> FrameTime? {
    let counted = CountedSamples(samples, \.sample, at: speed, boundBy: nil)
    guard
      let slope = counted.estimate(quantile: low, submission: submissionNanoseconds, seed: 1)
    else { return nil }
    let steps = counted.elements.undisturbedSteps(at: low)
    let agreement =
      steps?.agreement
      ?? VisitAgreement(
        shortest: counted.shortestByVisit(submission: submissionNanoseconds), figure: slope.slope)
    return FrameTime(
      undisturbedNanoseconds: (steps?.nanoseconds ?? slope.slope) + submissionNanoseconds,
      relativeHalfWidth: steps?.relativeHalfWidth ?? slope.relativeHalfWidth,
      medianNanoseconds: slope.median + submissionNanoseconds,
      samples: slope.samples, atSpeed: counted.atSpeed, agreement: agreement,
      speed: SpeedReading(medianOf: counted.elements.map(\.sample.speed)))
  }

  /// Undisturbed nanoseconds of each step by the timestamps behind it: those of the fastest fifth of the
  /// frames that ran in `seconds`, at least five. `nil` where the device has no timestamps.
  public func stepTimes(
    _ network: any ExecutableNetwork, seconds: Double
  ) throws(Failure) -> [Double]? {
    try network.load(NetworkRounds.noise(network.network.inputShape.count))
    // The clock of a GPU has fallen meanwhile.
    _ = try timed(network, 1)
    _ = try timed(network, 1)
    var frames: [[Double]] = []
    let start = ContinuousClock.now
    while frames.count < 5 || ContinuousClock.now - start < .seconds(seconds) {
      guard !shouldStop(), let (_, steps) = try timedByStep(network) else { return nil }
      frames.append(steps)
    }
    let fastest = frames.sorted { $0.reduce(0, +) < $1.reduce(0, +) }
      .prefix(max(1, frames.count / 5))
    return network.network.steps.indices.map { step in
      fastest.reduce(0) { $0 + $1[step] } / Double(fastest.count)
    }
  }

  private static let readingNanoseconds = 0.3e9
}

/// A frame as a chain of one, timed step by step where the device has timestamps.
private final class FrameBySteps: TimedChain {
  private let network: any ExecutableNetwork
  /// Nanoseconds of each step of the latest frame; `nil` where the device has no timestamps.
  private(set) var steps: [Double]?

  init(_ network: any ExecutableNetwork) {
    self.network = network
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    let start = ContinuousClock.now
    steps = try network.runByStep(watchdogNanoseconds: watchdogNanoseconds)
    let wall = (ContinuousClock.now - start) / .nanoseconds(1)
    // A step that took less than nothing makes the whole none.
    let isTime = steps?.allSatisfy { $0 >= 0 } ?? true
    return ChainTime(
      nanoseconds: isTime ? steps?.reduce(0, +) ?? max(wall, 1) : 0, wallNanoseconds: wall)
  }
}
