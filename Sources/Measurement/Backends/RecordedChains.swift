internal import Tables
internal import Vulkan

/// Chains of dispatches that rotate through a ring, each length recorded once.
final class RecordedChains: TimedChain {
  private let ring: [Dispatch]
  private let device: Device
  private let clock: Method.Clock
  private var recorded: [Int: TimedCommands] = [:]

  init(_ ring: [Dispatch], device: Device, clock: Method.Clock) {
    self.ring = ring
    self.device = device
    self.clock = clock
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    do throws(VulkanError) {
      let timing = try commands(length).run(timeoutNanoseconds: UInt64(watchdogNanoseconds))
      let nanoseconds =
        clock == .deviceTimestamps ? timing.deviceNanoseconds : timing.wallNanoseconds
      return ChainTime(
        nanoseconds: nanoseconds ?? timing.wallNanoseconds,
        wallNanoseconds: timing.wallNanoseconds)
    } catch {
      throw Failure(error)
    }
  }

  private func commands(_ length: Int) throws(VulkanError) -> TimedCommands {
    if let known = recorded[length] { return known }
    let new = try TimedCommands(
      device: device, dispatches: (0..<length).map { ring[$0 % ring.count] })
    recorded[length] = new
    return new
  }
}
