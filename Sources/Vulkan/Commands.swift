import CSystem
import CVulkan
import DeviceProtocol

/// Recorded commands that can be submitted many times, one at a time.
struct Commands: ~Copyable {
  private let device: Device
  private let making: String
  private let fence: OwnedHandle
  private let pool: OwnedHandle
  private let buffer: VkCommandBuffer

  /// Records what `record` gives. `making` names it in errors.
  init(
    device: Device, making: String, record: (DeviceFunctions, VkCommandBuffer) -> Void
  ) throws(VulkanError) {
    let pool = try OwnedHandle(device, "vkCreateCommandPool", making: making) {
      functions, handle, pool in
      var info = VkCommandPoolCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO
      info.queueFamilyIndex = device.queueFamily
      return functions.createCommandPool(handle, &info, nil, &pool)
    } destroy: { functions, handle, pool in
      functions.destroyCommandPool(handle, pool, nil)
    }
    let fence = try OwnedHandle(device, "vkCreateFence", making: making) {
      functions, handle, fence in
      var info = VkFenceCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO
      return functions.createFence(handle, &info, nil, &fence)
    } destroy: { functions, handle, fence in
      functions.destroyFence(handle, fence, nil)
    }

    // The buffer is freed with its pool.
    var allocation = VkCommandBufferAllocateInfo()
    allocation.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO
    allocation.commandPool = pool.handle
    allocation.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY
    allocation.commandBufferCount = 1
    var allocated: VkCommandBuffer?
    try device.check(
      device.functions.allocateCommandBuffers(device.handle, &allocation, &allocated),
      "vkAllocateCommandBuffers", making: making)
    guard let buffer = allocated else {
      throw VulkanError(.result(.unknown), call: "vkAllocateCommandBuffers", making: making)
    }
    var begin = VkCommandBufferBeginInfo()
    begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO
    try device.check(
      device.functions.beginCommandBuffer(buffer, &begin), "vkBeginCommandBuffer", making: making)
    record(device.functions, buffer)
    try device.check(
      device.functions.endCommandBuffer(buffer), "vkEndCommandBuffer", making: making)

    self.device = device
    self.making = making
    self.pool = pool
    self.fence = fence
    self.buffer = buffer
  }

  /// Submits the commands, waits, and returns the nanoseconds between.
  ///
  /// Throws `.timedOut` when they take longer than the timeout, and gives the device up.
  func run(timeoutNanoseconds: UInt64) throws(VulkanError) -> Double {
    try device.requireUsable("vkQueueSubmit", making: making)
    let functions = device.functions
    var fence: VkFence? = self.fence.handle
    try device.check(
      functions.resetFences(device.handle, 1, &fence), "vkResetFences", making: making)

    let start = monotonicNanoseconds()
    let submitted = withCallMemory { memory in
      var info = VkSubmitInfo()
      info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO
      info.commandBufferCount = 1
      info.pCommandBuffers = UnsafePointer(memory.one(Optional(buffer)))
      return device.queue.withLock { functions.queueSubmit($0, 1, &info, fence) }
    }
    let waited =
      submitted == VK_SUCCESS
      ? functions.waitForFences(
        device.handle, 1, &fence, VkBool32(VK_TRUE), timeoutNanoseconds)
      : submitted
    let end = monotonicNanoseconds()

    // Given up first: nothing below may lead to destruction of what is in use. After an error the
    // commands may still run too, unless the device is lost.
    let unfinished = waited == VK_TIMEOUT || (waited.rawValue < 0 && waited != VK_ERROR_DEVICE_LOST)
    if submitted == VK_SUCCESS && unfinished { device.abandon() }
    if waited == VK_TIMEOUT {
      throw VulkanError(
        .timedOut, call: "vkWaitForFences", making: making,
        detail: "not done after \(Double(timeoutNanoseconds) / 1e9) s")
    }
    try device.check(
      waited, submitted == VK_SUCCESS ? "vkWaitForFences" : "vkQueueSubmit", making: making)
    return Double(end - start)
  }
}

extension DeviceFunctions {
  /// Everything before is finished and visible, to the host as well, before anything after starts.
  func fullBarrier(_ commands: VkCommandBuffer) {
    let stages =
      VK_PIPELINE_STAGE_ALL_COMMANDS_BIT.rawValue | VK_PIPELINE_STAGE_HOST_BIT.rawValue
    let written = VK_ACCESS_MEMORY_WRITE_BIT.rawValue
    memoryBarrier(
      commands, from: stages, written, to: stages, written | VK_ACCESS_MEMORY_READ_BIT.rawValue)
  }

  /// What compute shaders before wrote is visible to compute shaders after, which start later.
  func computeBarrier(_ commands: VkCommandBuffer) {
    let stage = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT.rawValue
    let written = VK_ACCESS_SHADER_WRITE_BIT.rawValue
    memoryBarrier(
      commands, from: stage, written, to: stage, written | VK_ACCESS_SHADER_READ_BIT.rawValue)
  }

  private func memoryBarrier(
    _ commands: VkCommandBuffer, from sourceStages: UInt32, _ sourceAccess: UInt32,
    to targetStages: UInt32, _ targetAccess: UInt32
  ) {
    var barrier = VkMemoryBarrier()
    barrier.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER
    barrier.srcAccessMask = sourceAccess
    barrier.dstAccessMask = targetAccess
    cmdPipelineBarrier(commands, sourceStages, targetStages, 0, 1, &barrier, 0, nil, 0, nil)
  }
}

/// The host's monotonic clock, in nanoseconds (CLOCK_MONOTONIC).
func monotonicNanoseconds() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
