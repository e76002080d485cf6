package import Tables
package import Vulkan

/// Chains of dispatches that rotate through a ring, each chain beginning where the one before ended:
/// so the operands of every dispatch are equally cold, however long the chain.
final class RecordedChains: TimedChain {
  private let ring: [Dispatch]
  private let device: Device
  private let clock: Method.Clock
  private var recorded: [Chain: TimedCommands] = [:]
  /// Where in the ring the next chain begins.
  private var position = 0

  private struct Chain: Hashable {
    let start: Int
    let length: Int
  }

  init(_ ring: [Dispatch], device: Device, clock: Method.Clock) {
    self.ring = ring
    self.device = device
    self.clock = clock
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    do throws(VulkanError) {
      let commands = try commands(Chain(start: position, length: length))
      position = (position + length) % ring.count
      return ChainTime(
        try commands.run(timeoutNanoseconds: UInt64(watchdogNanoseconds)), by: clock)
    } catch {
      throw Failure(error)
    }
  }

  private func commands(_ chain: Chain) throws(VulkanError) -> TimedCommands {
    if let known = recorded[chain] { return known }
    let new = try TimedCommands(
      device: device,
      dispatches: (0..<chain.length).map { ring[(chain.start + $0) % ring.count] })
    recorded[chain] = new
    return new
  }
}

extension ChainTime {
  /// What a submission took by a clock; by the wall's where the queue has no timestamps.
  package init(_ timing: Timing, by clock: Method.Clock) {
    let device = clock == .deviceTimestamps ? timing.deviceNanoseconds : nil
    self.init(
      nanoseconds: device ?? timing.wallNanoseconds, wallNanoseconds: timing.wallNanoseconds)
  }
}
