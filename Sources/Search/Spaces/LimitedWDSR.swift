internal import Networks
internal import Prediction
internal import Statistics

/// WDSR under a limit of latency.
struct LimitedWDSR: FeasibleSpace {
  let fastest: FeasiblePoint
  private let space: WDSRSpace
  private let latency: WDSRLatency
  private let limit: LatencyLimit

  /// - Throws: The latency that can be reached, if that misses the limit.
  init(
    _ space: WDSRSpace, latency: WDSRLatency, limit: LatencyLimit
  ) throws(UnreachableLatency) {
    self.space = space
    self.latency = latency
    self.limit = limit
    var fastest: FeasiblePoint?
    for point in latency.uniformPoints() {
      for rate in space.rates.indices {
        let one = Self.priced(point, rate, space, latency, limit)
        if one.highNanoseconds < fastest?.highNanoseconds ?? .infinity { fastest = one }
      }
    }
    guard let fastest, fastest.highNanoseconds <= limit.nanoseconds else {
      throw UnreachableLatency(
        limitNanoseconds: limit.nanoseconds, reachableNanoseconds: fastest?.highNanoseconds)
    }
    self.fastest = fastest
  }

  func random(using generator: inout SplitMix64) -> Point { space.random(using: &generator) }

  func mutated(_ point: Point, using generator: inout SplitMix64) -> Point {
    space.mutated(point, using: &generator)
  }

  func feasible(_ point: Point) -> FeasiblePoint? {
    guard space.contains(point) else { return nil }
    for rate in space.rates.indices
    where latency.nanoseconds(point, rate: rate) <= limit.nanoseconds {
      let priced = Self.priced(point, rate, space, latency, limit)
      if priced.highNanoseconds <= limit.nanoseconds { return priced }
    }
    return nil
  }

  private static func priced(
    _ point: Point, _ rate: Int, _ space: WDSRSpace, _ latency: WDSRLatency, _ limit: LatencyLimit
  ) -> FeasiblePoint {
    let nanoseconds = latency.nanoseconds(point, rate: rate)
    let high = limit.high(nanoseconds) { latency.upperHalfWidth(point, rate: rate) }
    return FeasiblePoint(
      point: space.canonical(point, rate: space.rates[rate]), rate: space.rates[rate],
      nanoseconds: nanoseconds, highNanoseconds: high)
  }
}
