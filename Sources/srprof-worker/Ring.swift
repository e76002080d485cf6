internal import DeviceProtocol
internal import Vulkan

/// Dispatches that runs go round, and the commands that were recorded for them.
final class Ring {
  private let dispatches: [Dispatch]
  private let device: Device
  private var recorded: [Key: TimedCommands] = [:]

  private struct Key: Hashable {
    let start: UInt32
    let length: UInt32
    let timesEach: Bool
  }

  init(_ dispatches: [Dispatch], device: Device) {
    self.dispatches = dispatches
    self.device = device
  }

  /// Submits a run and waits for it.
  func run(_ run: Run) throws(VulkanError) -> Timing {
    try commands(run).run(timeoutNanoseconds: run.timeoutNanoseconds)
  }

  private func commands(_ run: Run) throws(VulkanError) -> TimedCommands {
    let key = Key(start: run.start, length: run.length, timesEach: run.timesEach)
    if let known = recorded[key] { return known }
    let count = dispatches.count
    guard count > 0 || run.length == 0 else {
      throw VulkanError(.argument, call: "vkCmdDispatch", making: "a run of an empty ring")
    }
    let first = Int(run.start)
    let new = try TimedCommands(
      device: device,
      dispatches: (0..<Int(run.length)).map { dispatches[(first + $0) % count] },
      timingEach: run.timesEach)
    recorded[key] = new
    return new
  }
}
