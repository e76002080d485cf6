internal import Networks
internal import Prediction
internal import Statistics

/// WDSR under a limit of latency.
struct LimitedWDSR: FeasibleSpace {
  let fastest: FeasiblePoint
  private let space: WDSRSpace
  private let latency: any PointLatency
  private let limit: LatencyLimit

  /// - Throws: The latency that can be reached, if that misses the limit.
  init(
    _ space: WDSRSpace, latency: any PointLatency, limit: LatencyLimit
  ) throws(UnreachableLatency) {
    self.space = space
    self.latency = latency
    self.limit = limit
    var fastest: FeasiblePoint?
    for point in space.uniformPoints() {
      for rate in space.rates.indices {
        let nanoseconds = latency.nanoseconds(point, rate: rate)
        let one = Self.priced(point, rate, nanoseconds, space, latency, limit)
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
    for rate in space.rates.indices {
      let nanoseconds = latency.nanoseconds(point, rate: rate)
      guard nanoseconds <= limit.nanoseconds else { continue }
      let priced = Self.priced(point, rate, nanoseconds, space, latency, limit)
      if priced.highNanoseconds <= limit.nanoseconds { return priced }
    }
    return nil
  }

  private static func priced(
    _ point: Point, _ rate: Int, _ nanoseconds: Double, _ space: WDSRSpace,
    _ latency: any PointLatency, _ limit: LatencyLimit
  ) -> FeasiblePoint {
    let high = limit.high(nanoseconds) { latency.upperHalfWidth(point, rate: rate) }
    return FeasiblePoint(
      point: space.canonical(point, rate: space.rates[rate]), rate: space.rates[rate],
      nanoseconds: nanoseconds, highNanoseconds: high)
  }
}

extension WDSRSpace {
  /// Points of one cell, the fewest there may be of it over and over: every block and scheme, all channels.
  fileprivate func uniformPoints() -> [Point] {
    var points: [Point] = []
    for channels in channels.indices {
      for block in blocks {
        var cells: [[UInt8]] = [[Self.number(of: block)]]
        for layer in 0..<WDSRSpace.layersPerCell {
          let schemes = layer < block.kernels.count ? schemes(block, layer: layer) : [0]
          cells = cells.flatMap { cell in schemes.map { cell + [$0] } }
        }
        for cell in cells {
          var choices = [UInt8(channels), 0]
          for index in 0..<self.cells.upperBound {
            choices += index < self.cells.lowerBound ? cell : cell.map { _ in 0 }
          }
          points.append(Point(choices))
        }
      }
    }
    return points
  }
}
