internal import Glibc
internal import Synchronization
internal import Workloads

/// What the measured rows of a table say about workloads that it lacks: laws of costs, deviations from them
/// among like layers, and how far both can be trusted.
struct Interpolation: Sendable {
  private let channelBlock: Int
  private let runsPrunedDense: Bool
  /// The kinds of pruned layers that were tried, and those of them of which any was executed without its pruned
  /// weights.
  private let tried, skipped: Set<PrunedKind>
  private let laws: CostLaws
  private var neighbourhoods: [LayerPoint.Group: Neighbourhood] = [:]
  private let trust: Trust

  init(_ measured: MeasuredRows) {
    let (samples, channelBlock) = (measured.samples, measured.channelBlock)
    self.channelBlock = channelBlock
    runsPrunedDense = measured.runsPrunedDense
    tried = Set(samples.compactMap { PrunedKind($0.workload) })
    skipped = Set(samples.filter(\.executed.isPruned).compactMap { PrunedKind($0.workload) })
    let points = samples.map { sample in
      (
        point: LayerPoint(sample.executed, channelBlock: channelBlock),
        nanoseconds: sample.nanoseconds, relativeHalfWidth: sample.relativeHalfWidth
      )
    }
    let laws = CostLaws(
      fitting: points, emptyDispatchNanoseconds: measured.emptyDispatchNanoseconds)
    self.laws = laws
    let deviations = points.map { log($0.nanoseconds / laws.nanoseconds(of: $0.point)) }
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / Double(max(1, deviations.count))
    for ((row, deviation), sample) in zip(zip(points, deviations), samples) {
      let own = row.relativeHalfWidth / Self.standardDeviations
      neighbourhoods[row.point.group, default: Neighbourhood()].append(
        Neighbourhood.Member(
          point: row.point, nanoseconds: row.nanoseconds,
          deviation: deviation, noise: own * own / max(variance, Self.leastVariance),
          isBound: sample.isBound))
    }
    trust = Trust(neighbourhoods)
  }

  /// Of a 95 % interval's half width.
  private static let standardDeviations = 1.96
  /// Of deviations from laws, which fit some tables exactly.
  private static let leastVariance = 1e-4

  /// The faster of the ways that the device executes a layer: as it is, or, if it is pruned, dense.
  func latency(of workload: Workload) -> RowPrediction {
    guard let kind = PrunedKind(workload), runsPrunedDense else {
      return latency(executing: workload)
    }
    let dense = latency(executing: workload.dense)
    // Rows would have been executed so, if it could be done: those of the kind, or any.
    let isTried = tried.contains(kind) || !tried.isEmpty && skipped.isEmpty
    if isTried, !skipped.contains(kind) { return dense }
    let skipping = latency(executing: workload)
    return skipping.nanoseconds < dense.nanoseconds ? skipping : dense
  }

  private func latency(executing workload: Workload) -> RowPrediction {
    let point = LayerPoint(workload, channelBlock: channelBlock)
    let neighbourhood = neighbourhoods[point.group] ?? Neighbourhood()
    let estimate = neighbourhood.estimates(
      of: point, reach: trust.reach, noises: [trust.noise])[0]
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

  /// The mean of a measured row and of what the other rows say of its workload, of the logarithms, weighted by the
  /// inverse squares of their intervals (Cochran, Problems arising in the analysis of a series of similar
  /// experiments, 1937); the row as it is where others say little. Where both contradict each other, the interval is
  /// as much wider (the Birge ratio), and the figure stays between the rows that bound it.
  func combined(_ row: RowPrediction, of workload: Workload) -> RowPrediction {
    let point = LayerPoint(workload, channelBlock: channelBlock)
    guard let others = neighbourhoods[point.group]?.without(point) else { return row }
    let estimate = others.estimates(of: point, reach: trust.reach, noises: [trust.noise])[0]
    let width = log(row.highNanoseconds / row.lowNanoseconds) / 2
    let otherWidth = trust.halfWidth(of: estimate, in: point.group)
    guard estimate.explained >= 0.5, width > 0, otherWidth > 0 else { return row }
    let (weight, otherWeight) = (1 / (width * width), 1 / (otherWidth * otherWidth))
    let own = log(row.nanoseconds)
    let other = log(laws.nanoseconds(of: point)) + estimate.deviation
    let mean = exp((weight * own + otherWeight * other) / (weight + otherWeight))
    let contradiction = abs(own - other) / (width * width + otherWidth * otherWidth).squareRoot()
    let factor = exp(max(1, contradiction) / (weight + otherWeight).squareRoot())
    let bounds = others.bounds(of: point)
    let (low, high) = (min(bounds.low, bounds.high), max(bounds.low, bounds.high))
    let nanoseconds = min(max(mean, low), high)
    return RowPrediction(
      nanoseconds: nanoseconds, lowNanoseconds: nanoseconds / factor,
      highNanoseconds: nanoseconds * factor, basis: .combined)
  }

  /// Pruned layers of which a device leaves weights out of all or of none: kernels for them know some epilogues.
  private struct PrunedKind: Hashable, Sendable {
    let group: LayerPoint.Group
    let hasResidual: Bool
    let appliesFunction: Bool

    /// `nil` for a dense layer.
    init?(_ workload: Workload) {
      guard workload.isPruned, case .convolution(let it) = workload.operation else { return nil }
      group = LayerPoint.Group(workload)
      hasResidual = it.residual != .none
      appliesFunction = !it.activation.isAtMostClamp
    }
  }

  /// Share of a layer's latency, measured or not, that goes by the speed of memory.
  private func memoryShare(of workload: Workload) -> Double {
    laws.memoryShare(of: LayerPoint(workload, channelBlock: channelBlock))
  }

  /// Fitted when it is first needed, once for all threads: a network of which a table has every row does not
  /// wait for it.
  final class Prepared: Sendable {
    private let rows: MeasuredRows
    private let fitted = Mutex<Interpolation?>(nil)

    init(_ rows: MeasuredRows) {
      self.rows = rows
    }

    func latency(of workload: Workload) -> RowPrediction {
      interpolation.latency(of: workload)
    }

    func memoryShare(of workload: Workload) -> Double {
      interpolation.memoryShare(of: workload)
    }

    func combined(_ row: RowPrediction, of workload: Workload) -> RowPrediction {
      interpolation.combined(row, of: workload)
    }

    private var interpolation: Interpolation {
      fitted.withLock { fitted in
        if let fitted { return fitted }
        let new = Interpolation(rows)
        fitted = new
        return new
      }
    }
  }
}
