internal import Prediction
internal import Report
internal import Search

/// A sweep as tables and as a picture.
extension SplitSRSweep {
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
        Format.duration(nanoseconds: it.nanoseconds), "+-\(Format.halfWidth(half))",
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
