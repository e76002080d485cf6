internal import Glibc
internal import Synchronization
internal import Workloads

/// What the measured rows of a table say about workloads that it lacks: laws of costs, deviations from them
/// among like layers, and how far both can be trusted.
struct Interpolation: Sendable {
  private let laws: CostLaws
  private var neighbourhoods: [LayerPoint.Group: Neighbourhood] = [:]
  private let trust: Trust

  init(
    _ rows: [(workload: Workload, nanoseconds: Double)], emptyDispatchNanoseconds: Double?
  ) {
    let points = rows.map { (point: LayerPoint($0.workload), nanoseconds: $0.nanoseconds) }
    laws = CostLaws(fitting: points, emptyDispatchNanoseconds: emptyDispatchNanoseconds)
    for row in points {
      neighbourhoods[row.point.group, default: Neighbourhood()].append(
        Neighbourhood.Member(
          point: row.point, nanoseconds: row.nanoseconds,
          deviation: log(row.nanoseconds / laws.nanoseconds(of: row.point))))
    }
    trust = Trust(neighbourhoods)
  }

  func latency(of workload: Workload) -> RowPrediction {
    let point = LayerPoint(workload)
    let neighbourhood = neighbourhoods[point.group] ?? Neighbourhood()
    let estimate = neighbourhood.estimates(of: point, noises: [trust.noise])[0]
    let bounds = neighbourhood.bounds(of: point)
    // Rows that contradict each other bound by both.
    let (low, high) = (min(bounds.low, bounds.high), max(bounds.low, bounds.high))
    let nanoseconds = min(max(laws.nanoseconds(of: point) * exp(estimate.deviation), low), high)
    let factor = exp(trust.halfWidth(of: estimate, in: point.group))
    return RowPrediction(
      nanoseconds: nanoseconds, lowNanoseconds: nanoseconds / factor,
      highNanoseconds: nanoseconds * factor,
      basis: estimate.explained >= 0.5 ? .interpolated : .modelled)
  }

  /// Fitted when it is first needed, once for all threads: a network of which a table has every row does not
  /// wait for it.
  final class Prepared: Sendable {
    private let rows: [(workload: Workload, nanoseconds: Double)]
    private let emptyDispatchNanoseconds: Double?
    private let fitted = Mutex<Interpolation?>(nil)

    init(
      _ rows: [(workload: Workload, nanoseconds: Double)], emptyDispatchNanoseconds: Double?
    ) {
      self.rows = rows
      self.emptyDispatchNanoseconds = emptyDispatchNanoseconds
    }

    func latency(of workload: Workload) -> RowPrediction {
      let interpolation = fitted.withLock { fitted in
        if let fitted { return fitted }
        let new = Interpolation(rows, emptyDispatchNanoseconds: emptyDispatchNanoseconds)
        fitted = new
        return new
      }
      return interpolation.latency(of: workload)
    }
  }
}
