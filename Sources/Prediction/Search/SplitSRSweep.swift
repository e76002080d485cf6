public import Networks
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
    for location in ["features", "upsampler", "both"] {
      for alpha in [0.125, 0.25, 0.5, 1] {
        for hybrid in 0...Self.groups {
          for mode in ["front", "back"] where Self.matters(location, alpha, hybrid, mode) {
            let description =
              "splitsr:groups=\(Self.groups),alpha=\(alpha),hybrid=\(hybrid),mode=\(mode),"
              + "location=\(location),scale=\(scale),output=\(output)"
            let graph = try NetworkDescription(parsing: description).graph()
            let prediction: NetworkPrediction
            do {
              prediction = try NetworkPrediction(
                try table.lowering(of: graph), predictor: predictor)
            } catch {
              failures.append("\(graph.name): \(error)")
              continue
            }
            networks.append(
              Network(
                alpha: alpha, hybrid: hybrid, mode: mode, location: location,
                nanoseconds: prediction.nanoseconds, lowNanoseconds: prediction.lowNanoseconds,
                highNanoseconds: prediction.highNanoseconds, parameters: graph.parameters,
                macs: graph.macs, exactShare: prediction.share(.exact)))
          }
        }
      }
    }
    for index in front { networks[index].isBest = true }
  }

  /// Residual groups, as in the paper.
  private static let groups = 6

  /// Whether a choice has an effect, or is the first of those that have none.
  private static func matters(
    _ location: String, _ alpha: Double, _ hybrid: Int, _ mode: String
  ) -> Bool {
    if hybrid == 0 || hybrid == groups, mode != "front" { return false }
    switch location {
    case "features": return hybrid > 0 || alpha == 0.125
    case "upsampler": return hybrid == 0 && alpha < 1
    default: return hybrid > 0 && alpha < 1
    }
  }

  /// Places of the networks on the Pareto front, the fastest first.
  public var front: [Int] {
    ParetoFront.indices(
      costs: networks.map(\.nanoseconds), values: networks.map { Double($0.parameters) })
  }
}
