internal import Networks
internal import Report
internal import Search

/// The findings of the third stage of a search, as text, figures, a picture and a page.
struct PruningListing {
  let report: PruningReport
  let limit: Double

  init(_ report: PruningReport, limit: Double) {
    self.report = report
    self.limit = limit
  }

  /// Ways to prune, the best first, then the best's layers.
  var text: TerminalText {
    let metric = report.metric
    func quality(_ qualities: [String: Double]) -> String {
      qualities[metric].map { Format.decimals($0, 3) } ?? ""
    }
    var table = TextTable([
      ("method", .left), ("latency", .right), (metric, .right), ("to dense", .right),
      ("undecided", .right),
    ])
    table.add([
      "dense", Format.duration(nanoseconds: report.denseNanoseconds), quality(report.dense), "", "",
    ])
    table.add([
      "dense, as long", Format.duration(nanoseconds: report.denseNanoseconds),
      quality(report.denseLonger), "", "",
    ])
    for it in report.outcomes {
      let loss = it.quality[metric].flatMap { found in
        report.denseLonger[metric].map { found - $0 }
      }
      table.add([
        "\(it.method)", Format.duration(nanoseconds: it.nanoseconds), quality(it.quality),
        loss.map { ($0 < 0 ? "" : "+") + Format.decimals($0, 3) } ?? "",
        it.undecided.map(Format.percent) ?? "",
      ])
    }
    var text = "limit  \(Format.duration(nanoseconds: limit))\n\n" + table.text
    guard let best = report.outcomes.first else { return text }
    var layers = TextTable([
      ("layer", .left), ("scheme", .left), ("left", .right), ("of", .right), ("share", .right),
    ])
    for share in best.shares {
      layers.add([
        share.layer, share.scheme.rawValue, "\(share.kept)", "\(share.total)",
        Format.percent(Double(share.kept) / Double(share.total)),
      ])
    }
    text += "\n\(best.method) is best:\n" + layers.text
    if let undecided = best.undecided, undecided > 0.05 {
      text +=
        "\(Format.percent(undecided)) of the groups lie within a factor of ten of the threshold: training has not told "
        + "apart what goes and what stays (more --steps, or a larger --lambda)\n"
    }
    return text
  }

  var figures: Figures {
    Figures(
      limitNanoseconds: limit, denseNanoseconds: report.denseNanoseconds, metric: report.metric,
      dense: report.dense, denseLonger: report.denseLonger,
      outcomes: report.outcomes.map { it in
        Figures.Outcome(
          method: "\(it.method)", nanoseconds: it.nanoseconds, quality: it.quality,
          undecided: it.undecided, weights: it.weights, masks: it.masks,
          layers: it.shares.map {
            Figures.Layer(
              layer: $0.layer, scheme: $0.scheme.rawValue, kept: $0.kept, total: $0.total)
          })
      })
  }

  struct Figures: Encodable {
    struct Layer: Encodable {
      let layer: String
      let scheme: String
      let kept: Int
      let total: Int
    }

    struct Outcome: Encodable {
      let method: String
      let nanoseconds: Double
      let quality: [String: Double]
      let undecided: Double?
      let weights: String?
      let masks: String
      let layers: [Layer]
    }

    let limitNanoseconds: Double
    let denseNanoseconds: Double
    let metric: String
    let dense: [String: Double]
    let denseLonger: [String: Double]
    let outcomes: [Outcome]
  }
}
