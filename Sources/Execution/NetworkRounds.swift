public import Measurement
public import Networks
internal import Statistics
internal import Store
public import Tables
internal import Workloads

/// Times several networks in rounds: a few frames of each, in random order, then again, so that a bad
/// minute is spread over all of them. Memory and kernels are laid out anew for each visit, as rows of a
/// table are.
public final class NetworkRounds {
  /// Makes a network ready to run; `visit` counts from 0.
  public typealias Make = (
    _ network: LoweredNetwork, _ visit: Int
  ) throws(Failure) -> any ExecutableNetwork

  /// What became of a network.
  public struct Outcome: Sendable {
    public let network: LoweredNetwork
    public fileprivate(set) var frame: FrameTime?
    /// Why it could not be run.
    public fileprivate(set) var failure: Failure?
    /// From submission to end of the very first frame after everything was ready.
    public fileprivate(set) var firstFrameNanoseconds = 0.0
    public fileprivate(set) var memoryBytes = 0
    fileprivate var samples: [FrameSample] = []
    fileprivate var visits = 0
    /// Frames in a submission, the same in every visit: lines through times of several lengths would be
    /// slopes between noises.
    fileprivate var frames: Int?
    fileprivate var seconds = 0.0
    fileprivate var setbacks = Setbacks.network
  }

  public let meter: FrameMeter
  public private(set) var outcomes: [Outcome]
  private let rule: StoppingRule
  private let bySteps: Bool
  private let make: Make
  private var random: SplitMix64

  /// - Parameters:
  ///   - rule: When a network has enough samples; the budget is seconds of submissions of each.
  ///   - bySteps: Whether frames are timed step by step, for their sum when nothing interferes.
  public init(
    _ networks: [LoweredNetwork], meter: FrameMeter, rule: StoppingRule, bySteps: Bool = false,
    seed: UInt64 = 1, make: @escaping Make
  ) {
    outcomes = networks.map { Outcome(network: $0) }
    self.meter = meter
    self.rule = rule
    self.bySteps = bySteps
    self.make = make
    random = SplitMix64(state: seed)
  }

  /// Runs rounds until every network has enough samples, or cannot be run.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked between visits. A device that is lost meanwhile is opened again.
  ///   - beside: Called after each visit with the network and the number of the round.
  ///   - report: Called after each visit with the place of the network and the share that is done.
  /// - Throws: Only the loss of the device for good, and a submission that hangs.
  public func run(
    shouldStop: () -> Bool = { false },
    beside: (LoweredNetwork, Int) throws(Failure) -> Void = { (_, _) throws(Failure) in },
    report: (Outcome, Double) -> Void = { _, _ in }
  ) throws(Failure) {
    var pending = Array(outcomes.indices)
    var round = 0
    while !pending.isEmpty {
      defer { round += 1 }
      for index in pending.shuffled(using: &random) {
        if shouldStop() { return }
        do throws(Failure) {
          try visit(index)
          try beside(outcomes[index].network, round)
        } catch {
          if shouldStop() { return }
          if error.kind == .timedOut { throw error }
          // What was measured before stays.
          if !outcomes[index].setbacks.allowAnotherTry(after: error) {
            outcomes[index].failure = error
          }
          try meter.reopen(after: error)
        }
        report(outcomes[index], share)
      }
      pending.removeAll { isDone(outcomes[$0]) }
    }
  }

  private func visit(_ index: Int) throws(Failure) {
    let visit = outcomes[index].visits
    let network = try make(outcomes[index].network, visit)
    try network.load(Self.noise(network.network.inputShape.count))
    let first = try meter.timed(network, 1)
    // The first frame finds caches and translation tables cold.
    let second = try meter.timed(network, 1)
    let frames =
      outcomes[index].frames ?? meter.frames(frameNanoseconds: second.nanoseconds)
    outcomes[index].frames = frames
    let samples = try meter.visit(
      network, frames: bySteps ? nil : frames, seconds: rule.budgetSeconds / 6, visit: visit)
    if visit == 0 { outcomes[index].firstFrameNanoseconds = first.wallNanoseconds }
    outcomes[index].memoryBytes = network.memoryBytes
    outcomes[index].samples += samples
    outcomes[index].visits += 1
    outcomes[index].setbacks.gain()
    outcomes[index].seconds += samples.reduce(0) { $0 + $1.sample.wallNanoseconds } / 1e9
    outcomes[index].frame = meter.frameTime(outcomes[index].samples)
  }

  private func isDone(_ outcome: Outcome) -> Bool {
    if outcome.failure != nil { return true }
    let counted = CountedSamples(
      outcome.samples, \.sample, at: meter.speed, boundBy: nil)
    let verdict = counted.verdict(
      by: rule, seconds: outcome.seconds, relativeHalfWidth: outcome.frame?.relativeHalfWidth)
    // A narrow interval does not say that nothing interfered.
    let isSeen = outcome.frame?.isUndisturbed ?? false
    return verdict != .more && (isSeen || outcome.seconds >= rule.budgetSeconds)
  }

  private var share: Double {
    let spent = outcomes.reduce(0) {
      $0 + (isDone($1) ? 1 : min($1.seconds / rule.budgetSeconds, 0.99))
    }
    return spent / Double(max(outcomes.count, 1))
  }

  /// A picture of noise, the same every time.
  static func noise(_ count: Int) -> [Float] {
    var random = SplitMix64(state: 7)
    return (0..<count).map { _ in Float(random.next() >> 40) / Float(1 << 24) }
  }
}
