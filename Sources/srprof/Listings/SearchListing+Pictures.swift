internal import Report
internal import Search

/// Pictures of a search.
extension SearchListing {
  /// Quality over latency, the front, and the latency to meet.
  var frontPicture: Scatter {
    func points(_ trials: [SearchTrial]) -> [(x: Double, y: Double)] {
      trials.compactMap { trial in
        trial.quality.map { (trial.candidate.nanoseconds / 1e6, $0) }
      }
    }
    let limit = history.limit.nanoseconds / 1e6
    let qualities = history.trials.compactMap(\.quality)
    var series = [
      Scatter.Series("candidates", points(history.trials)),
      Scatter.Series("front", points(history.front), isLine: true),
    ]
    if let low = qualities.min(), let high = qualities.max() {
      series.append(Scatter.Series("limit", [(limit, low), (limit, high)], isLine: true))
    }
    return Scatter(
      title: "Quality over latency on \(history.notes["device"] ?? "the device")",
      x: "predicted latency in ms", y: history.metric ?? "quality", series: series)
  }

  /// The best so far over the candidates, beside another search's.
  func coursePicture(against other: SearchHistory?) -> Scatter {
    func course(_ history: SearchHistory) -> [(x: Double, y: Double)] {
      history.bestSoFar.enumerated().compactMap { index, best in
        best.map { (Double(index + 1), $0) }
      }
    }
    var series = [
      Scatter.Series(
        "candidates",
        history.trials.enumerated().compactMap { index, trial in
          trial.quality.map { (Double(index + 1), $0) }
        }), Scatter.Series("best so far", course(history), isLine: true),
    ]
    if let other { series.append(Scatter.Series(other.strategy, course(other), isLine: true)) }
    return Scatter(
      title: "The course of the search", x: "candidates", y: history.metric ?? "quality",
      series: series)
  }

  /// What the surrogate predicted of candidates before they were evaluated.
  var predictionPicture: Scatter {
    let pairs = history.trials.compactMap { trial -> (x: Double, y: Double)? in
      guard let quality = trial.quality, let prediction = trial.prediction else { return nil }
      return (prediction.mean, quality)
    }
    let all = pairs.flatMap { [$0.x, $0.y] }
    let ends = [all.min(), all.max()].compactMap(\.self).map { (x: $0, y: $0) }
    return Scatter(
      title: "Expected and found: \(Format.percent(covered)) within the 95 % interval",
      x: "expected \(history.metric ?? "quality")", y: "found",
      series: [
        Scatter.Series("candidates", pairs), Scatter.Series("equal", ends, isLine: true),
      ])
  }

  /// The share of predicted candidates that were found within the 95 % interval of their prediction.
  private var covered: Double {
    let pairs = history.trials.compactMap { trial in
      trial.quality.flatMap { quality in
        trial.prediction.map { abs(quality - $0.mean) <= 1.96 * $0.deviation }
      }
    }
    return pairs.isEmpty ? 0 : Double(pairs.count { $0 }) / Double(pairs.count)
  }
}
