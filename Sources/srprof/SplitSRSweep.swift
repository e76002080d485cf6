internal import Networks
internal import Prediction
internal import Report
internal import Tables

/// SplitSR in all its variants, each with latency, parameters and multiply-accumulates.
struct SplitSRSweep {
  struct Network: Encodable {
    let alpha: Double
    let hybrid: Int
    let mode: String
    let location: String
    let nanoseconds: Double
    let lowNanoseconds: Double
    let highNanoseconds: Double
    let parameters: Int
    let macs: Int
    /// Share of the latency that rests on rows of the table.
    let exactShare: Double
    var isBest = false
  }

  private(set) var networks: [Network] = []
  /// Why some variants have no latency: the device cannot run a layer of them.
  private(set) var failures: [String] = []

  init(
    scale: Int, output: String, table: LatencyTable, predictor: LatencyPredictor
  ) throws(CommandFailure) {
    for location in ["features", "upsampler", "both"] {
      for alpha in [0.125, 0.25, 0.5, 1] {
        for hybrid in 0...Self.groups {
          for mode in ["front", "back"] where Self.matters(location, alpha, hybrid, mode) {
            let description =
              "splitsr:groups=\(Self.groups),alpha=\(alpha),hybrid=\(hybrid),mode=\(mode),"
              + "location=\(location),scale=\(scale),output=\(output)"
            let graph = try NetworkOptions.graph(of: description)
            let network = try table.lowered(graph)
            let prediction: NetworkPrediction
            do throws(PredictionError) {
              prediction = try NetworkPrediction(network, predictor: predictor)
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

  private var front: [Int] {
    ParetoFront.indices(
      costs: networks.map(\.nanoseconds), values: networks.map { Double($0.parameters) })
  }

  /// The networks, the fastest first.
  var listing: TextTable {
    var table = TextTable([
      ("location", .left), ("alpha", .right), ("hybrid", .right), ("mode", .left),
      ("latency", .right), ("interval", .right), ("parameters", .right), ("MACs", .right),
      ("exact", .right), ("", .left),
    ])
    for it in networks.sorted(by: { $0.nanoseconds < $1.nanoseconds }) {
      let half = (it.highNanoseconds - it.lowNanoseconds) / 2 / it.nanoseconds
      table.add([
        it.location, "\(it.alpha)", "\(it.hybrid)", it.mode,
        Format.duration(nanoseconds: it.nanoseconds), "+-\(Format.percent(half))",
        "\(Format.decimals(Double(it.parameters) / 1e6, 3)) M",
        "\(Format.decimals(Double(it.macs) / 1e9, 1)) G", Format.percent(it.exactShare),
        it.isBest ? "*" : "",
      ])
    }
    return table
  }

  /// The same in plain numbers.
  var figures: TextTable {
    let titles = [
      "location", "alpha", "hybrid", "mode", "nanoseconds", "lowNanoseconds", "highNanoseconds",
      "parameters", "macs", "exactShare", "best",
    ]
    var table = TextTable(titles.map { ($0, .left) })
    for it in networks {
      table.add([
        it.location, "\(it.alpha)", "\(it.hybrid)", it.mode, "\(it.nanoseconds)",
        "\(it.lowNanoseconds)", "\(it.highNanoseconds)", "\(it.parameters)", "\(it.macs)",
        "\(it.exactShare)", "\(it.isBest)",
      ])
    }
    return table
  }

  /// Parameters over latency, one colour for each location, and the Pareto front.
  func scatter(device: String) -> Scatter {
    func point(_ it: Network) -> (x: Double, y: Double) {
      (it.nanoseconds / 1e6, Double(it.parameters) / 1e6)
    }
    let locations = ["features", "upsampler", "both"].map { location in
      Scatter.Series(location, networks.filter { $0.location == location }.map(point))
    }
    return Scatter(
      title: "SplitSR on \(device)", x: "predicted latency (ms)", y: "parameters (millions)",
      series: locations
        + [Scatter.Series("Pareto front", front.map { point(networks[$0]) }, isLine: true)])
  }
}
