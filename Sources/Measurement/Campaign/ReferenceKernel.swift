internal import Tables
import Workloads

/// A fixed kernel that one thing bounds, timed again and again: it shows when that is slower than before.
package struct ReferenceKernel {
  private let prepared: any PreparedWorkload
  private let length: Int
  /// The constant part of a submission in nanoseconds, which is no part of a reading.
  private let submission: Double

  /// Chains of a reading; the shortest of them is the reading.
  private static let chains = 4
  /// Length of a reading's chain in nanoseconds, roughly.
  private static let chainNanoseconds = 2e6

  /// Kinds of kernels, by the one thing that bounds each.
  enum Kind {
    /// Arithmetic: a small convolution, whose maps stay in caches; most rows are convolutions.
    case arithmetic
    /// Memory: an addition of maps that together are 44 MB, more than caches of phones and of most desktops hold.
    case memory

    fileprivate func workload() throws(InvalidWorkload) -> Workload {
      switch self {
      case .arithmetic:
        try Workload(
          .convolution(Convolution(kernel: 3, inputs: 16, outputs: 16)), height: 36, width: 64)
      case .memory: try Workload(.add(channels: 16), height: 180, width: 320)
      }
    }

    /// Sets of operands that readings rotate through.
    fileprivate var ringSize: Int {
      switch self {
      case .arithmetic: 1
      case .memory: 4
      }
    }
  }

  /// Prepares the kernel, checks it, and chooses how often a reading repeats it.
  init(
    _ kind: Kind, on backend: any Backend, submission: Double,
    run: (any TimedChain, Int) throws(Failure) -> ChainTime
  ) throws(Failure) {
    let workload: Workload
    do throws(InvalidWorkload) { workload = try kind.workload() } catch {
      throw Failure(.unsupported, error.description)
    }
    prepared = try backend.prepareReference(workload, ringSize: kind.ringSize)
    try prepared.poison()
    _ = try run(prepared, 4)
    _ = try prepared.check()
    self.submission = submission
    let single = max(1, (try run(prepared, 8).planningNanoseconds - submission) / 8)
    length = max(1, min(Int(Self.chainNanoseconds / single), ChainPlan.longest))
  }

  /// Nanoseconds of one dispatch of the kernel.
  func read(
    run: (any TimedChain, Int) throws(Failure) -> ChainTime
  ) throws(Failure) -> Double {
    try times(run: run).min() ?? 0
  }

  /// Nanoseconds of one dispatch of the kernel in each of a reading's chains, in their order.
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
