internal import Networks
internal import Prediction
internal import Statistics
internal import Tables
internal import Workloads

/// SplitSR under a limit of latency: its networks are few enough to predict each beforehand.
struct LimitedSplitSR: FeasibleSpace {
  let fastest: FeasiblePoint
  private let space: SplitSRSpace
  private let feasible: [Point: FeasiblePoint]

  /// - Throws: ``UnreachableLatency`` if no network meets the limit; ``InvalidNetwork``.
  init(
    _ space: SplitSRSpace, table: LatencyTable, predictor: LatencyPredictor, limit: LatencyLimit
  ) throws {
    self.space = space
    var parts: [[Workload]] = []
    for point in space.points {
      let graph = try space.description(point).graph()
      parts.append(try table.lowering(of: graph).steps.map(\.workload))
    }
    let model = LatencyModel(parts: parts, predictor: predictor)
    let all = space.points.enumerated().map { index, point in
      let nanoseconds = model.nanoseconds([index])
      return FeasiblePoint(
        point: point, rate: 1, nanoseconds: nanoseconds,
        highNanoseconds: limit.high(nanoseconds) { model.upperHalfWidth([index]) })
    }
    let fastest = all.min { $0.highNanoseconds < $1.highNanoseconds }
    guard let fastest, fastest.highNanoseconds <= limit.nanoseconds else {
      throw UnreachableLatency(
        limitNanoseconds: limit.nanoseconds,
        reachableNanoseconds: fastest.flatMap {
          $0.highNanoseconds < .infinity ? $0.highNanoseconds : nil
        })
    }
    self.fastest = fastest
    feasible = Dictionary(
      uniqueKeysWithValues: all.filter { $0.highNanoseconds <= limit.nanoseconds }.map {
        ($0.point, $0)
      })
  }

  func random(using generator: inout SplitMix64) -> Point {
    Point(space.counts.map { UInt8(generator.below($0)) })
  }

  func mutated(_ point: Point, using generator: inout SplitMix64) -> Point {
    let places = space.counts.indices.filter { space.counts[$0] > 1 }
    guard !places.isEmpty else { return point }
    let place = places[generator.below(places.count)]
    var result = point
    result.choices[place] = generator.other(
      than: point.choices[place], below: space.counts[place])
    return result
  }

  func feasible(_ point: Point) -> FeasiblePoint? {
    space.canonical(point).flatMap { feasible[$0] }
  }
}
