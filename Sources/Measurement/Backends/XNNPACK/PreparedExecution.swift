internal import Kernels
internal import Tables
internal import Workloads
internal import XNNPACK

/// A workload's operators with a ring of operand sets, in memory.
final class PreparedExecution: PreparedWorkload {
  let compiled: Measurement.Compiled? = nil

  private let ring: [HostExecution]
  private let tolerance: Tolerance
  private let expected: [Reference.Expectation]
  /// Where in the ring the next chain begins.
  private var position = 0

  init(_ workload: Workload, ring: [HostExecution], expected: [Reference.Expectation]) {
    self.ring = ring
    self.expected = expected
    tolerance = workload.tolerance(accumulating: .float32)
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    let start = ContinuousClock.now
    do throws(XNNPACKError) {
      for step in 0..<length { try ring[(position + step) % ring.count].run() }
    } catch {
      throw Failure(error)
    }
    let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1)
    position = (position + length) % ring.count
    return ChainTime(nanoseconds: nanoseconds, wallNanoseconds: nanoseconds)
  }

  func poison() throws(Failure) {
    for execution in ring { execution.output.fill(.nan) }
  }

  func check() throws(Failure) -> Measurement.Check {
    var largest = 0.0
    for (set, execution) in ring.enumerated() {
      largest = max(largest, try state(execution).error(ofSet: set, within: tolerance))
    }
    return Measurement.Check(
      maxRelativeError: largest, tolerance: tolerance.share, points: expected.count)
  }

  private func state(_ execution: HostExecution) -> Kernel.OutputState {
    let output = execution.output
    guard output.isFinite else { return .notFinite }
    guard output.isTailUntouched else { return .spilled }
    return .complete(
      largestError: Reference.largestError(expected, tolerance) {
        output[execution.place($0.channel, $0.y, $0.x)]
      })
  }
}
