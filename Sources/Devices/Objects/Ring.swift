public import DeviceProtocol

/// Dispatches that runs go round, one after another, between two timestamps.
///
/// Each dispatch sees what those before it wrote, and starts after they have ended.
public final class Ring {
  /// How many dispatches there are.
  public let count: Int

  private let device: Device
  /// Everything that the runs use.
  private let dispatches: [Dispatch]
  private let id: UInt32

  /// Seconds that a device may take beyond a run's own timeout, until its driver counts as hung.
  private static let grace = 10.0

  /// A ring of `dispatches`.
  ///
  /// Throws `.limit("maxComputeWorkGroupCount")` for too many groups, or the result of the call that failed.
  public init(_ dispatches: [Dispatch], device: Device) throws(VulkanError) {
    id = device.worker.newID()
    let steps = dispatches.map { RingRequest.Step(set: $0.set.id, groups: $0.groups) }
    _ = try device.worker.request(
      .ring, RingRequest(id: id, steps: steps).bytes, generation: device.generation,
      call: "vkCmdDispatch", making: "a ring of \(dispatches.count) dispatches")
    self.device = device
    self.dispatches = dispatches
    count = dispatches.count
  }

  deinit { device.worker.release(id, of: device.generation) }

  /// One submission of dispatches.
  public struct Run {
    /// The dispatch that comes first.
    public var start: Int
    /// How many.
    public var length: Int

    /// `length` dispatches from `start` on.
    public init(start: Int, length: Int) {
      self.start = start
      self.length = length
    }
  }

  /// Submits runs one after another, each after the one before has ended. They cross the wire together, so that
  /// a pause of the connection does not let a GPU's clock fall between them.
  ///
  /// Timings of the runs that ended well are appended to `timings`. Throws as a single run does
  /// for the first that did not.
  public func run(
    _ runs: [Run], timeoutNanoseconds: Double, into timings: inout [Timing]
  ) throws(VulkanError) {
    for start in stride(from: 0, to: runs.count, by: DeviceProtocol.Run.mostInBatch) {
      let batch = runs[start..<min(runs.count, start + DeviceProtocol.Run.mostInBatch)]
      let outcome = try ask(
        batch.map { request($0, timeoutNanoseconds, timingEach: false) }, timeoutNanoseconds,
        "submissions of \(batch.map { "\($0.length)" }.joined(separator: ", ")) dispatches")
      timings += outcome.timings
      if let failure = outcome.failure { throw failure }
    }
  }

  private func request(
    _ run: Run, _ timeoutNanoseconds: Double, timingEach: Bool
  ) -> DeviceProtocol.Run {
    DeviceProtocol.Run(
      ring: id, start: UInt32(clamping: run.start), length: UInt32(clamping: run.length),
      timeoutNanoseconds: UInt64(max(timeoutNanoseconds, 0)), timesEach: timingEach)
  }

  /// Sends runs and waits for their times.
  private func ask(
    _ runs: [DeviceProtocol.Run], _ timeoutNanoseconds: Double, _ making: String
  ) throws(VulkanError) -> RunReply {
    let reply = try device.worker.request(
      .run, ValueList(runs).bytes, generation: device.generation,
      seconds: Double(runs.count) * timeoutNanoseconds / 1e9 + Self.grace, call: "vkQueueSubmit",
      making: making)
    let outcome = try answer(reply, making) { bytes throws(MalformedFrame) in
      try RunReply(payload: bytes)
    }
    if let failure = outcome.failure { device.worker.note(failure, of: device.generation) }
    return outcome
  }

  /// Submits `length` dispatches from `start` on, and waits for them.
  ///
  /// - Parameter timingEach: Whether a timestamp is written behind each dispatch too.
  ///
  /// Throws `.timedOut` when they take longer than the timeout, after which the device refuses
  /// everything, `.crashed` where the driver did, or the result of the call that failed.
  public func run(
    from start: Int = 0, length: Int, timeoutNanoseconds: Double, timingEach: Bool = false
  ) throws(VulkanError) -> Timing {
    let making = "a submission of \(length) dispatches"
    let run = request(Run(start: start, length: length), timeoutNanoseconds, timingEach: timingEach)
    let outcome = try ask([run], timeoutNanoseconds, making)
    if let failure = outcome.failure { throw failure }
    guard let timing = outcome.timings.first else {
      throw VulkanError(
        .linkLost, call: "vkQueueSubmit", making: making, detail: "the worker sent no time")
    }
    return timing
  }
}
