package import Tables
import Workloads

/// A fixed kernel that is timed again and again: it shows when the device is slower than before.
package struct ReferenceKernel {
  private let prepared: any PreparedWorkload
  private let length: Int
  /// The constant part of a submission in nanoseconds, which is no part of a reading.
  private let submission: Double

  /// Chains of a reading; the shortest of them is the reading.
  private static let chains = 4
  /// Length of a reading's chain in nanoseconds, roughly.
  private static let chainNanoseconds = 2e6

  /// The kernel that is fixed: a small convolution, since that is what most rows are.
  static func workload() throws(Failure) -> Workload {
    do throws(InvalidWorkload) {
      return try Workload(
        .convolution(Convolution(kernel: 3, inputs: 16, outputs: 16)), height: 36, width: 64)
    } catch {
      throw Failure(.unsupported, error.description)
    }
  }

  /// Prepares the kernel, checks it, and chooses how often a reading repeats it.
  package init(
    on backend: any Backend, submission: Double,
    run: (any TimedChain, Int) throws(Failure) -> ChainTime
  ) throws(Failure) {
    prepared = try backend.prepareReference(Self.workload())
    try prepared.poison()
    _ = try run(prepared, 4)
    _ = try prepared.check()
    self.submission = submission
    let single = max(1, (try run(prepared, 8).planningNanoseconds - submission) / 8)
    length = max(1, min(Int(Self.chainNanoseconds / single), ChainPlan.longest))
  }

  /// Nanoseconds of one dispatch of the reference kernel.
  package func read(
    run: (any TimedChain, Int) throws(Failure) -> ChainTime
  ) throws(Failure) -> Double {
    try times(run: run).min() ?? 0
  }

  /// Nanoseconds of one dispatch of the reference kernel in each of a reading's chains, in their order.
  func times(
    run: (any TimedChain, Int) throws(Failure) -> ChainTime
  ) throws(Failure) -> [Double] {
    var times: [Double] = []
    for _ in 0..<Self.chains {
      let time = try run(prepared, length).nanoseconds
      times.append(max(time - submission, time / 10) / Double(length))
    }
    return times
  }
}
