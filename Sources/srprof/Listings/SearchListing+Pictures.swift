internal import Report
internal import Search

/// Pictures of a search, and a page of them.
extension SearchListing {
  /// A page about the search.
  func page(against other: SearchHistory?, command: String) throws(Scatter.Failure) -> PicturePage {
    var sentences = [
      "\(history.trials.count) candidates in \(history.rounds) rounds by \(history.strategy), seed \(history.seed); "
        + "\(history.count(.failed)) failed.",
      "Each is to take at most \(Format.duration(nanoseconds: history.limit.nanoseconds)) on "
        + "\(history.notes["device"] ?? history.table).",
    ]
    if let best = history.best { sentences.append("The best is \(line(best).text).") }
    var pictures = [frontPicture, coursePicture(against: other)]
    if history.trials.contains(where: { $0.prediction != nil && $0.quality != nil }) {
      pictures.append(predictionPicture)
    }
    return try PicturePage(
      title: "srprof: a search", sentences: sentences, pictures: pictures,
      columns: ["candidate", "round", "latency", "rate", "expected", "found", "network"],
      rows: history.trials.map { trial in
        [
          ("\(trial.id)", Double(trial.id)), ("\(trial.round + 1)", Double(trial.round + 1)),
          (
            Format.duration(nanoseconds: trial.candidate.nanoseconds), trial.candidate.nanoseconds
          ), (Format.significant(trial.candidate.rate), trial.candidate.rate),
          (
            trial.prediction.map { Format.decimals($0.mean, 2) } ?? "", trial.prediction?.mean
          ),
          (
            trial.quality.map { Format.decimals($0, 3) } ?? trial.status.rawValue, trial.quality
          ), (name(of: trial), nil),
        ]
      }, command: command)
  }

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

  /// The surrogate's predictions of candidates, and the qualities that were found.
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
