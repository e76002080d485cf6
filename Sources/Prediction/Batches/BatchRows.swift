internal import Tables
internal import Workloads

/// Rows that candidates of a batch use, each predicted once, and the sum of one candidate's.
struct BatchRows {
  /// A row's place.
  typealias Use = Int

  private struct Row {
    let prediction: RowPrediction
    /// With what the calibration adds.
    let nanoseconds: Double
    /// Rows whose errors are one; `nil` for a measured one, whose error is its own.
    let group: Int?
  }

  private let predictor: LatencyPredictor
  private var rows: [Row] = []
  private var places: [Workload: Use] = [:]
  private var groups: [LayerPoint.Group: Int] = [:]
  /// Of the candidate that is summed: how often each row runs, and rows in the order of their first run.
  private var counts: [Int] = []
  private var touched: [Use] = []
  private var shared: [(low: Double, high: Double)] = []

  init(_ predictor: LatencyPredictor) {
    self.predictor = predictor
  }

  /// The place of a workload's row.
  mutating func use(of workload: Workload, exactOnly: Bool) throws(PredictionError) -> Use {
    if let known = places[workload] { return known }
    let prediction = try predictor.latency(of: workload)
    var group: Int?
    if exactOnly, !prediction.basis.isMeasured { throw .notExact([workload]) }
    if prediction.basis != .exact {
      let key = LayerPoint.Group(workload.dense)
      group = groups[key] ?? groups.count
      groups[key] = group
    }
    let added = predictor.additivity?.added(toRow: prediction.nanoseconds) ?? 0
    let place = rows.count
    rows.append(
      Row(
        prediction: prediction, nanoseconds: prediction.nanoseconds + added, group: group))
    counts.append(0)
    places[workload] = place
    return place
  }

  /// Begins the sum of another candidate.
  mutating func begin() {
    for place in touched { counts[place] = 0 }
    touched.removeAll(keepingCapacity: true)
  }

  /// Adds a run of a row.
  mutating func add(_ place: Use) {
    if counts[place] == 0 { touched.append(place) }
    counts[place] += 1
  }

  /// The latency of all runs, with the interval of ``NetworkPrediction``.
  mutating func total() -> BatchPredictor.Answer {
    var nanoseconds = predictor.additivity?.perSubmissionNanoseconds ?? 0
    var squares = (low: 0.0, high: 0.0)
    shared.removeAll(keepingCapacity: true)
    shared.append(contentsOf: repeatElement((low: 0.0, high: 0.0), count: groups.count))
    for place in touched {
      let row = rows[place]
      let count = Double(counts[place])
      nanoseconds += count * row.nanoseconds
      let low = count * (row.prediction.nanoseconds - row.prediction.lowNanoseconds)
      let high = count * (row.prediction.highNanoseconds - row.prediction.nanoseconds)
      if let group = row.group {
        shared[group].low += low
        shared[group].high += high
      } else {
        squares.low += low * low
        squares.high += high * high
      }
    }
    for width in shared {
      squares.low += width.low * width.low
      squares.high += width.high * width.high
    }
    let open = 1.96 * (predictor.additivity?.relativeSpread ?? 0) * nanoseconds
    return BatchPredictor.Answer(
      nanoseconds: nanoseconds,
      lowNanoseconds: max(0, nanoseconds - (squares.low + open * open).squareRoot()),
      highNanoseconds: nanoseconds + (squares.high + open * open).squareRoot())
  }
}
