internal import Networks
public import Prediction
public import Tables

/// Latency of networks of a space of WDSR, each lowered and predicted as a whole when it is asked for.
public struct WholeNetworkLatency: PointLatency {
  private let space: WDSRSpace
  private let table: LatencyTable
  private let predictor: LatencyPredictor

  public init(_ space: WDSRSpace, table: LatencyTable, predictor: LatencyPredictor) {
    self.space = space
    self.table = table
    self.predictor = predictor
  }

  public func nanoseconds(_ point: Point, rate: Int) -> Double {
    prediction(point, rate: rate)?.nanoseconds ?? .infinity
  }

  public func upperHalfWidth(_ point: Point, rate: Int) -> Double {
    prediction(point, rate: rate).map { $0.highNanoseconds - $0.nanoseconds } ?? .infinity
  }

  private func prediction(_ point: Point, rate: Int) -> NetworkPrediction? {
    // A rate that a layer cannot take is none of its rates.
    guard let graph = try? space.candidate(point, rate: space.rates[rate]).graph(),
      let network = try? table.lowering(of: graph)
    else { return nil }
    return try? NetworkPrediction(network, predictor: predictor)
  }
}
