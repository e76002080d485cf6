internal import Networks
internal import Report
internal import Search

/// A picture of what is left, and a page.
extension PruningListing {
  /// Shares of layers that are left, by method.
  var picture: Scatter {
    Scatter(
      title: "Shares that are left of each layer", x: "layer", y: "share left in %",
      series: report.outcomes.map { outcome in
        Scatter.Series(
          "\(outcome.method)",
          outcome.shares.enumerated().map { index, share in
            (Double(index + 1), 100 * Double(share.kept) / Double(share.total))
          }, isLine: true)
      })
  }

  /// A page about the third stage: the quality of each way to prune, and the shares of layers that it left.
  func page(command: String) throws(Scatter.Failure) -> PicturePage {
    let metric = report.metric
    func quality(_ qualities: [String: Double]) -> String {
      qualities[metric].map { Format.decimals($0, 3) } ?? "unknown"
    }
    var sentences = [
      "The candidate is to take at most \(Format.duration(nanoseconds: limit)). Without pruning it takes "
        + "\(Format.duration(nanoseconds: report.denseNanoseconds)), and reaches \(metric) "
        + "\(quality(report.denseLonger)) when it is trained as long as the others."
    ]
    sentences += report.outcomes.enumerated().map { place, it in
      "\(it.method)\(place == 0 ? ", the best," : "") reaches \(quality(it.quality)) at "
        + "\(Format.duration(nanoseconds: it.nanoseconds))."
    }
    let layers = report.outcomes.first?.shares ?? []
    return try PicturePage(
      title: "srprof: pruning to a latency", sentences: sentences, pictures: [picture],
      columns: ["layer", "scheme", "of"] + report.outcomes.map { "\($0.method)" },
      rows: layers.enumerated().map { index, layer in
        [(layer.layer, nil), (layer.scheme.rawValue, nil), ("\(layer.total)", Double(layer.total))]
          + report.outcomes.map { outcome in
            guard index < outcome.shares.count else { return ("", nil) }
            let share = outcome.shares[index]
            let left = Double(share.kept) / Double(share.total)
            return (Format.percent(left), left)
          }
      }, command: command)
  }
}
