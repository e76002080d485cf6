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

  /// Submits `length` dispatches from `start` on, and waits for them.
  ///
  /// - Parameter timingEach: Whether a timestamp is written behind each dispatch too.
  ///
  /// Throws `.timedOut` when they take longer than the timeout, after which the device refuses
  /// everything, `.crashed` where the driver did, or the result of the call that failed.
  public func run(
    from start: Int = 0, length: Int, timeoutNanoseconds: Double, timingEach: Bool = false
  ) throws(VulkanError) -> Timing {
    let run = Run(
      ring: id, start: UInt32(clamping: start), length: UInt32(clamping: length),
      timeoutNanoseconds: UInt64(max(timeoutNanoseconds, 0)), timesEach: timingEach)
    let making = "a submission of \(length) dispatches"
    let reply = try device.worker.request(
      .run, ValueList([run]).bytes, generation: device.generation,
      seconds: timeoutNanoseconds / 1e9 + Self.grace, call: "vkQueueSubmit", making: making)
    let outcome = try answer(reply, making) { bytes throws(MalformedFrame) in
      try RunReply(payload: bytes)
    }
    if let failure = outcome.failure {
      device.worker.note(failure, of: device.generation)
      throw failure
    }
    guard let timing = outcome.timings.first else {
      throw VulkanError(
        .linkLost, call: "vkQueueSubmit", making: making, detail: "the worker sent no time")
    }
    return timing
  }
}
