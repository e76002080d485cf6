package import DeviceProtocol
internal import Devices
package import Tables

/// Chains of dispatches that rotate through a ring, each chain beginning where the one before ended:
/// so the operands of every dispatch are equally cold, however long the chain.
final class RecordedChains: TimedChain {
  private let ring: Ring
  private let clock: Method.Clock
  /// Where in the ring the next chain begins.
  private var position = 0

  init(_ dispatches: [Dispatch], device: Device, clock: Method.Clock) throws(VulkanError) {
    ring = try Ring(dispatches, device: device)
    self.clock = clock
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    do throws(VulkanError) {
      let timing = try ring.run(
        from: position, length: length, timeoutNanoseconds: watchdogNanoseconds)
      position = (position + length) % ring.count
      return ChainTime(timing, by: clock)
    } catch {
      throw Failure(error)
    }
  }

  func run(
    lengths: [Int], watchdogNanoseconds: Double, into times: inout [ChainTime]
  ) throws(Failure) {
    var runs: [Ring.Run] = []
    for length in lengths {
      runs.append(Ring.Run(start: position, length: length))
      position = (position + length) % ring.count
    }
    var timings: [Timing] = []
    defer { times += timings.map { ChainTime($0, by: clock) } }
    do throws(VulkanError) {
      try ring.run(runs, timeoutNanoseconds: watchdogNanoseconds, into: &timings)
    } catch {
      throw Failure(error)
    }
  }
}

extension ChainTime {
  /// The time of a submission by a clock; by the wall's where the queue has no timestamps.
  package init(_ timing: Timing, by clock: Method.Clock) {
    let device = clock == .deviceTimestamps ? timing.deviceNanoseconds : nil
    self.init(
      nanoseconds: device ?? timing.wallNanoseconds, wallNanoseconds: timing.wallNanoseconds)
  }
}
