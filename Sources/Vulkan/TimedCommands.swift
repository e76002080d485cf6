import CVulkan
public import DeviceProtocol

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
  /// Timestamps that are written.
  private let stamps: Int

  /// Records `dispatches`; none at all is a submission that only takes its own time.
  ///
  /// - Parameter timingEach: Whether a timestamp is written behind each dispatch too.
  ///
  /// Throws `.argument` for a dispatch of another device, or the result of the call that failed.
  public init(
    device: Device, dispatches: [Dispatch], timingEach: Bool = false
  ) throws(VulkanError) {
    let making = "a submission of \(dispatches.count) dispatches"
    guard dispatches.allSatisfy({ $0.pipeline.device === device }) else {
      throw VulkanError(
        .argument, call: "vkCmdDispatch", making: making,
        detail: "a dispatch belongs to another device")
    }
    let clock = TimestampClock(
      validBits: device.physicalDevice.timestampValidBits,
      period: device.physicalDevice.timestampPeriod)
    let stamps = timingEach ? dispatches.count + 1 : 2
    var queries: OwnedHandle?
    var queryPool: VkQueryPool?
    if clock.validBits > 0 {
      let made = try Self.queryPool(device, count: stamps, making: making)
      queryPool = made.handle
      queries = consume made
    }
    commands = try Commands(device: device, making: making) { functions, commands in
      let lateStage = VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT
      if let queryPool {
        functions.cmdResetQueryPool(commands, queryPool, 0, UInt32(stamps))
      }
      functions.fullBarrier(commands)
      if let queryPool { functions.cmdWriteTimestamp(commands, lateStage, queryPool, 0) }
      for (index, dispatch) in dispatches.enumerated() {
        var set: VkDescriptorSet? = dispatch.set.handle
        functions.cmdBindPipeline(
          commands, VK_PIPELINE_BIND_POINT_COMPUTE, dispatch.pipeline.pipeline.handle)
        functions.cmdBindDescriptorSets(
          commands, VK_PIPELINE_BIND_POINT_COMPUTE, dispatch.pipeline.layout.handle, 0, 1, &set,
          0, nil)
        functions.cmdDispatch(commands, dispatch.groups.x, dispatch.groups.y, dispatch.groups.z)
        functions.computeBarrier(commands)
        if timingEach, let queryPool {
          functions.cmdWriteTimestamp(commands, lateStage, queryPool, UInt32(index + 1))
        }
      }
      if !timingEach, let queryPool {
        functions.cmdWriteTimestamp(commands, lateStage, queryPool, 1)
      }
      functions.fullBarrier(commands)
    }
    self.queries = queries
    self.queryPool = queryPool
    self.device = device
    self.clock = clock
    self.dispatches = dispatches
    self.stamps = stamps
  }

  /// Submits the dispatches and waits for them.
  ///
  /// Throws `.timedOut` when they take longer than the timeout, after which the device refuses
  /// everything (see `Device`), or the result of the call that failed.
  public func run(timeoutNanoseconds: UInt64) throws(VulkanError) -> Timing {
    let wall = try commands.run(timeoutNanoseconds: timeoutNanoseconds)
    let ticks = try ticks()
    let steps = zip(ticks, ticks.dropFirst()).compactMap { clock.nanoseconds(from: $0, to: $1) }
    var whole: Double?
    if let first = ticks.first, let last = ticks.last {
      whole = clock.nanoseconds(from: first, to: last)
    }
    return Timing(
      deviceNanoseconds: whole, wallNanoseconds: wall,
      dispatchNanoseconds: stamps == dispatches.count + 1 && whole != nil ? steps : nil)
  }

  /// All timestamps; none where the queue has none.
  private func ticks() throws(VulkanError) -> [UInt64] {
    guard let queryPool else { return [] }
    var ticks = [UInt64](repeating: 0, count: stamps)
    // The fence was waited for, so the results are there now, or never will be: a driver that only
    // compiles says that all is done and has written nothing, and waiting for that takes seconds.
    let result = try device.check(
      device.functions.getQueryPoolResults(
        device.handle, queryPool, 0, UInt32(stamps), stamps * 8, &ticks, 8,
        VK_QUERY_RESULT_64_BIT.rawValue),
      "vkGetQueryPoolResults", making: "the time of \(dispatches.count) dispatches")
    return result == VK_SUCCESS ? ticks : ticks.map { _ in 0 }
  }

  private static func queryPool(
    _ device: Device, count: Int, making: String
  ) throws(VulkanError) -> OwnedHandle {
    try OwnedHandle(device, "vkCreateQueryPool", making: making) { functions, handle, pool in
      var info = VkQueryPoolCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO
      info.queryType = VK_QUERY_TYPE_TIMESTAMP
      info.queryCount = UInt32(count)
      return functions.createQueryPool(handle, &info, nil, &pool)
    } destroy: { functions, handle, pool in
      functions.destroyQueryPool(handle, pool, nil)
    }
  }
}
