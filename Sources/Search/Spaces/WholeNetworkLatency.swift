public import Networks
public import Prediction
internal import Synchronization
public import Tables

/// Latency of networks of a space of WDSR, each lowered and predicted as a whole when it is asked for.
public struct WholeNetworkLatency: PointLatency {
  private let space: WDSRSpace
  private let table: LatencyTable
  private let predictor: LatencyPredictor
  private let known = Known()

  /// - Throws: Why networks of the space cannot be lowered.
  public init(
    _ space: WDSRSpace, table: LatencyTable, predictor: LatencyPredictor
  ) throws(InvalidNetwork) {
    self.space = space
    self.table = table
    self.predictor = predictor
    for channels in space.channels {
      for block in space.blocks {
        let dense = block.kernels.map { _ in Candidate.Layer(.none) }
        let graph = try Candidate(
          scale: space.scale, input: space.output.divided(by: space.scale), channels: channels,
          cells: [space.cell(block, channels: channels, layers: dense)]
        ).graph()
        do throws(InvalidGraph) { _ = try table.lowering(of: graph) } catch {
          throw InvalidNetwork(error.description)
        }
      }
    }
  }

  public func nanoseconds(_ point: Point, rate: Int) -> Double {
    ends(point, rate: rate).nanoseconds
  }

  public func upperHalfWidth(_ point: Point, rate: Int) -> Double {
    let ends = ends(point, rate: rate)
    return ends.nanoseconds < .infinity ? ends.high - ends.nanoseconds : .infinity
  }

  /// Latency and the upper end of its interval.
  private func ends(_ point: Point, rate: Int) -> Known.Ends {
    let key = Known.Key(point: point, rate: rate)
    if let known = known.ends.withLock({ $0[key] }) { return known }
    let prediction = prediction(point, rate: rate)
    let ends = Known.Ends(
      nanoseconds: prediction?.nanoseconds ?? .infinity,
      high: prediction?.highNanoseconds ?? .infinity)
    known.ends.withLock { all in
      if all.count >= Known.most { all = [:] }
      all[key] = ends
    }
    return ends
  }

  /// Predictions of before: strategies ask for a point again and again.
  private final class Known: Sendable {
    struct Key: Hashable {
      let point: Point
      let rate: Int
    }

    struct Ends {
      let nanoseconds: Double
      let high: Double
    }

    static let most = 1 << 16
    let ends = Mutex<[Key: Ends]>([:])
  }

  private func prediction(_ point: Point, rate: Int) -> NetworkPrediction? {
    // A rate that a layer cannot take is none of its rates.
    guard let graph = try? space.candidate(point, rate: space.rates[rate]).graph(),
      let network = try? table.lowering(of: graph)
    else { return nil }
    return try? NetworkPrediction(network, predictor: predictor)
  }
}
