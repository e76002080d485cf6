import CVulkan

/// How long one submission took.
public struct Timing: Sendable, Hashable {
  /// Nanoseconds between the timestamps around the dispatches; nil where the queue has none, and 0,
  /// which no work takes, where the device never wrote them.
  public let deviceNanoseconds: Double?
  /// Nanoseconds of the host from submitting to seeing it done (CLOCK_MONOTONIC).
  public let wallNanoseconds: Double
}

/// Dispatches recorded once, one after another, between two timestamps.
///
/// Each dispatch sees what those before it wrote, and starts after they have ended. Both timestamps
/// are written at the bottom of the pipe, the first after everything submitted earlier.
public final class TimedCommands {
  private let device: Device
  private let commands: Commands
  private let queries: OwnedHandle?
  private let queryPool: VkQueryPool?
  private let clock: TimestampClock
  /// Everything that the recorded commands use.
  private let dispatches: [Dispatch]

  /// Records `dispatches`; none at all is a submission that only takes its own time.
  ///
  /// Throws `.argument` for a dispatch of another device, or the result of the call that failed.
  public init(device: Device, dispatches: [Dispatch]) throws(VulkanError) {
    let making = "a submission of \(dispatches.count) dispatches"
    guard dispatches.allSatisfy({ $0.pipeline.device === device }) else {
      throw VulkanError(
        .argument, call: "vkCmdDispatch", making: making,
        detail: "a dispatch belongs to another device")
    }
    let clock = TimestampClock(
      validBits: device.physicalDevice.timestampValidBits,
      period: device.physicalDevice.timestampPeriod)
    var queries: OwnedHandle?
    var queryPool: VkQueryPool?
    if clock.validBits > 0 {
      let made = try Self.queryPool(device, making: making)
      queryPool = made.handle
      queries = consume made
    }
    commands = try Commands(device: device, making: making) { functions, commands in
      let lateStage = VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT
      if let queryPool { functions.cmdResetQueryPool(commands, queryPool, 0, 2) }
      functions.fullBarrier(commands)
      if let queryPool { functions.cmdWriteTimestamp(commands, lateStage, queryPool, 0) }
      for dispatch in dispatches {
        var set: VkDescriptorSet? = dispatch.set.handle
        functions.cmdBindPipeline(
          commands, VK_PIPELINE_BIND_POINT_COMPUTE, dispatch.pipeline.pipeline.handle)
        functions.cmdBindDescriptorSets(
          commands, VK_PIPELINE_BIND_POINT_COMPUTE, dispatch.pipeline.layout.handle, 0, 1, &set,
          0, nil)
        functions.cmdDispatch(commands, dispatch.groups.x, dispatch.groups.y, dispatch.groups.z)
        functions.computeBarrier(commands)
      }
      if let queryPool { functions.cmdWriteTimestamp(commands, lateStage, queryPool, 1) }
      functions.fullBarrier(commands)
    }
    self.queries = queries
    self.queryPool = queryPool
    self.device = device
    self.clock = clock
    self.dispatches = dispatches
  }

  /// Submits the dispatches and waits for them.
  ///
  /// Throws `.timedOut` when they take longer than the timeout, after which the device refuses
  /// everything (see `Device`), or the result of the call that failed.
  public func run(timeoutNanoseconds: UInt64) throws(VulkanError) -> Timing {
    let wall = try commands.run(timeoutNanoseconds: timeoutNanoseconds)
    return Timing(deviceNanoseconds: try deviceNanoseconds(), wallNanoseconds: wall)
  }

  private func deviceNanoseconds() throws(VulkanError) -> Double? {
    guard let queryPool else { return nil }
    var ticks: [UInt64] = [0, 0]
    // The fence was waited for, so the results are there now, or never will be: a driver that only
    // compiles says that all is done and has written nothing, and waiting for that takes seconds.
    let result = try device.check(
      device.functions.getQueryPoolResults(
        device.handle, queryPool, 0, 2, 16, &ticks, 8, VK_QUERY_RESULT_64_BIT.rawValue),
      "vkGetQueryPoolResults", making: "the time of \(dispatches.count) dispatches")
    guard result == VK_SUCCESS else { return 0 }
    return clock.nanoseconds(from: ticks[0], to: ticks[1])
  }

  private static func queryPool(
    _ device: Device, making: String
  ) throws(VulkanError) -> OwnedHandle {
    try OwnedHandle(device, "vkCreateQueryPool", making: making) { functions, handle, pool in
      var info = VkQueryPoolCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO
      info.queryType = VK_QUERY_TYPE_TIMESTAMP
      info.queryCount = 2
      return functions.createQueryPool(handle, &info, nil, &pool)
    } destroy: { functions, handle, pool in
      functions.destroyQueryPool(handle, pool, nil)
    }
  }
}
