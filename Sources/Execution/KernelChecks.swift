public import Measurement
public import Networks
public import Tables
public import Workloads

/// Which kernels are known to be right on a device, and the checks of those that are not.
///
/// A kernel is a workload, its size included, by a schedule. It is checked as rows of a table are: it runs
/// over test data, and what it writes in place of NaN is compared with the reference answer at sampled
/// points.
public struct KernelChecks {
  /// Steps of a network by when their kernels were checked.
  public struct Tally: Hashable, Sendable, Encodable {
    /// Now.
    public fileprivate(set) var onTheWay = 0
    /// When a row was measured or raced, or for a step before.
    public fileprivate(set) var before = 0
  }

  private var known: [Workload: Set<String>] = [:]

  /// Nothing is known to be right.
  public init() {}

  /// Adds schedules that were checked on this very device, by workload.
  public mutating func add(_ checked: [Workload: Set<String>]) {
    known.merge(checked) { $0.union($1) }
  }

  /// Checks the kernels of a network's steps that were not checked before.
  ///
  /// - Parameters:
  ///   - schedules: The schedule of each step; see ``VulkanNetwork/schedules(of:on:schedule:)``. The
  ///     processor runs all steps as graphs and has none.
  ///   - shouldStop: Asked before each check; the rest then stays unchecked.
  ///   - report: Called before each check with the place of the step.
  /// - Throws: Why a kernel is wrong or cannot be checked, with the step, the workload and the schedule. A
  ///   device that is lost meanwhile is opened again.
  public mutating func check(
    _ network: LoweredNetwork, by schedules: [String]?, on backend: any Backend,
    watchdogNanoseconds: Double, shouldStop: () -> Bool = { false },
    report: (Int) -> Void = { _ in }
  ) throws(Failure) -> Tally {
    var tally = Tally()
    guard schedules.map({ $0.count == network.steps.count }) ?? true else {
      throw Failure(.unsupported, "\(network.name) has not as many schedules as steps")
    }
    for (index, step) in network.steps.enumerated() {
      // In the processor's graphs a copy is the value itself.
      if schedules == nil, case .copy = step.workload.operation { continue }
      let schedule = schedules.map { $0[index] } ?? Self.graph
      guard known[step.workload]?.contains(schedule) != true else {
        tally.before += 1
        continue
      }
      if shouldStop() { break }
      report(index)
      do throws(Failure) {
        try backend.persisting { () throws(Failure) in
          let prepared =
            schedules == nil
            ? try backend.prepareReference(step.workload, ringSize: 1)
            : try backend.prepare(step.workload, schedule: schedule, ringSize: 1)
          try prepared.poison()
          _ = try prepared.run(length: 1, watchdogNanoseconds: watchdogNanoseconds)
          _ = try prepared.check()
        }
      } catch {
        let nodes = step.nodes.joined(separator: " + ")
        throw Failure(
          error.kind,
          "layer \(index + 1) of \(network.steps.count) of \(network.name) (\(nodes)), "
            + "\(step.workload) by \(schedule): \(error.reason)")
      }
      known[step.workload, default: []].insert(schedule)
      tally.onTheWay += 1
    }
    return tally
  }

  /// The name of a schedule that a workload has in a graph of the processor.
  private static let graph = "XNNPACK's graph"
}
