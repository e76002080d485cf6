internal import Kernels
internal import Measurement
internal import Networks
internal import Store
internal import Tables
public import Workloads

/// Rows that networks consist of, measured again in the rounds of the networks' frames, so that both saw the same
/// device.
///
/// Each is visited once a round, laid out anew, as a row of a table is.
public final class PairedRows {
  private let backend: any NetworkBackend
  private let meter: FrameMeter
  private let schedule: (Workload) -> String?
  private let shouldStop: () -> Bool
  private var rows: [Workload: State] = [:]

  private struct State {
    var samples: [Sample] = []
    var chains: ChainPlan?
    var round = -1
    var setbacks = Setbacks.network
    var failure: Failure?
  }

  /// Seconds of timed submissions of a visit.
  private static let visitSeconds = 0.1

  /// - Parameter schedule: The schedule that networks run a workload by; the standard one where it is `nil`.
  init(
    _ backend: any NetworkBackend, meter: FrameMeter, shouldStop: @escaping () -> Bool,
    schedule: @escaping (Workload) -> String?
  ) {
    self.backend = backend
    self.meter = meter
    self.shouldStop = shouldStop
    self.schedule = schedule
  }

  /// Visits the rows of a network that were not visited in this round yet. A row that cannot be run is left out from
  /// then on.
  ///
  /// - Throws: The loss of a device that does not open again.
  func visit(_ network: LoweredNetwork, round: Int) throws(Failure) {
    for workload in network.steps.map(\.workload) {
      var state = rows[workload] ?? State()
      guard state.round < round, state.failure == nil, !shouldStop() else { continue }
      state.round = round
      defer { rows[workload] = state }
      do throws(Failure) {
        let name = try name(of: workload)
        let prepared = try backend.prepare(
          workload, schedule: name, ringSize: Plan.inNetworkRing)
        state.samples += try meter.visit(
          prepared, chains: &state.chains, seconds: Self.visitSeconds, visit: round)
        state.setbacks.gain()
        backend.release(workload, except: name)
      } catch {
        if !state.setbacks.allowAnotherTry(after: error) { state.failure = error }
        try meter.reopen(after: error)
      }
    }
  }

  private func name(of workload: Workload) throws(Failure) -> String {
    if let name = schedule(workload) { return name }
    if let standard = try backend.schedules(for: workload, effort: .quick).first {
      return standard
    }
    throw Failure(.unsupported, "there is no schedule for \(workload)")
  }

  /// Undisturbed nanoseconds of a row; `nil` for one that could not be measured.
  public func nanoseconds(of workload: Workload) -> Double? {
    rows[workload].flatMap { $0.failure == nil ? meter.nanoseconds(of: $0.samples) : nil }
  }
}
