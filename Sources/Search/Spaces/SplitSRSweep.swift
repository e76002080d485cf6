public import Networks
public import Prediction
public import Tables

/// SplitSR in all its variants, each with latency, parameters and multiply-accumulates.
public struct SplitSRSweep {
  public struct Network: Hashable, Sendable, Encodable {
    public let alpha: Double
    public let hybrid: Int
    public let mode: String
    public let location: String
    public let nanoseconds: Double
    public let lowNanoseconds: Double
    public let highNanoseconds: Double
    public let parameters: Int
    public let macs: Int
    /// Share of the latency that rests on rows of the table.
    public let exactShare: Double
    /// Whether it is on the front: no other is faster and has as many parameters.
    public fileprivate(set) var isBest = false
  }

  public private(set) var networks: [Network] = []
  /// Why some variants have no latency: the device cannot run a layer of them.
  public private(set) var failures: [String] = []

  /// - Parameters:
  ///   - scale: How many times larger the image gets.
  ///   - output: Size of the image that goes out, such as `1280x720`.
  /// - Throws: That no SplitSR has such a scale or size.
  public init(
    scale: Int, output: String, table: LatencyTable, predictor: LatencyPredictor
  ) throws(InvalidNetwork) {
    guard let size = ImageSize(output) else {
      throw InvalidNetwork("splitsr: output is WIDTHxHEIGHT, each from 1 to 8192, not '\(output)'")
    }
    let space = try SplitSRSpace(scale: scale, output: size)
    for point in space.points {
      let description = try space.description(point)
      let graph = try description.graph()
      let prediction: NetworkPrediction
      do {
        prediction = try NetworkPrediction(try table.lowering(of: graph), predictor: predictor)
      } catch {
        failures.append("\(graph.name): \(error)")
        continue
      }
      networks.append(
        Network(
          alpha: space.ratios[Int(point.choices[0])],
          hybrid: space.hybrids[Int(point.choices[1])], mode: space.modes[Int(point.choices[2])],
          location: space.locations[Int(point.choices[3])],
          nanoseconds: prediction.nanoseconds, lowNanoseconds: prediction.lowNanoseconds,
          highNanoseconds: prediction.highNanoseconds, parameters: graph.parameters,
          macs: graph.macs, exactShare: prediction.measuredShare))
    }
    for index in front { networks[index].isBest = true }
  }

  /// Places of the networks on the Pareto front, the fastest first.
  public var front: [Int] {
    ParetoFront.indices(
      costs: networks.map(\.nanoseconds), values: networks.map { Double($0.parameters) })
  }
}
