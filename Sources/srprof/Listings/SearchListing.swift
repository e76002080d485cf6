internal import Networks
internal import Report
internal import Search
internal import Store

/// The findings of a search, as text, figures and pictures.
struct SearchListing {
  let history: SearchHistory

  init(_ history: SearchHistory) {
    self.history = history
  }

  private var metric: String { history.metric ?? "quality" }

  private func quality(_ value: Double) -> String {
    Format.decimals(value, 3) + (metric.lowercased().hasPrefix("psnr") ? " dB" : "")
  }

  /// One candidate in a line.
  func line(_ trial: SearchTrial) -> TerminalText {
    let found = trial.quality.map { "\(metric) \(quality($0))" } ?? trial.status.rawValue
    let latency = Format.duration(nanoseconds: trial.candidate.nanoseconds)
    return
      "candidate \(trial.id): \(found), \(latency) at rate \(Format.significant(trial.candidate.rate))"
  }

  /// How a search ended.
  var summary: TerminalText {
    let limit = Format.duration(nanoseconds: history.limit.nanoseconds)
    let best: TerminalText = history.best.map { "best      \(line($0))\n" } ?? ""
    return """
      searched  \(history.trials.count) candidates in \(history.rounds) rounds, \(history.count(.failed)) failed
      limit     \(limit) on \(history.notes["device"] ?? history.table)

      """ + best + "network   srprof search best --directory \(history.directory) --output best\n"
  }

  /// How far a search is.
  func status(_ process: Int?) -> Status {
    Status(
      directory: history.directory, process: process, rounds: history.rounds,
      done: history.count(.done), failed: history.count(.failed), pending: history.count(.pending),
      metric: history.metric, best: history.best.map(figure), strategy: history.strategy,
      seed: history.seed, limitNanoseconds: history.limit.nanoseconds, table: history.table)
  }

  func statusText(_ process: Int?) -> TerminalText {
    let running: TerminalText =
      process.map { "process \($0) searches" } ?? "no process searches"
    let best: TerminalText = history.best.map { "best      \(line($0))\n" } ?? ""
    return """
      state     \(running)
      done      \(history.count(.done)) candidates in \(history.rounds) rounds; \(history.count(.failed)) failed, \
      \(history.count(.pending)) are to be evaluated
      limit     \(Format.duration(nanoseconds: history.limit.nanoseconds)) on \
      \(history.notes["device"] ?? history.table)
      strategy  \(history.strategy), seed \(history.seed)

      """ + best
  }

  /// The non-dominated candidates.
  var front: TerminalText { table(of: history.front).text }

  /// All candidates, and how another search compares.
  func table(against other: SearchHistory?) -> TerminalText {
    var text = table(of: history.trials).text
    guard let other, let best = history.bestSoFar.last ?? nil else { return text }
    let count = min(history.bestSoFar.count, other.bestSoFar.count)
    guard count > 0, let mine = history.bestSoFar[count - 1],
      let theirs = other.bestSoFar[count - 1]
    else { return text }
    text +=
      "after \(count) candidates each: \(quality(mine)) here, \(quality(theirs)) in \(other.directory) "
      + "(\(other.strategy)); \(quality(best)) at the end here\n"
    return text
  }

  private func table(of trials: [SearchTrial]) -> TextTable {
    var table = TextTable([
      ("candidate", .right), ("round", .right), ("latency", .right), ("rate", .right),
      ("expected", .right), (metric, .right), ("network", .left),
    ])
    for trial in trials {
      table.add([
        "\(trial.id)", "\(trial.round + 1)",
        Format.duration(nanoseconds: trial.candidate.nanoseconds),
        Format.significant(trial.candidate.rate),
        trial.prediction.map {
          "\(Format.decimals($0.mean, 2)) +-\(Format.decimals(1.96 * $0.deviation, 2))"
        } ?? "", trial.quality.map { Format.decimals($0, 3) } ?? trial.status.rawValue,
        name(of: trial),
      ])
    }
    return table
  }

  /// The network of a trial in a few letters.
  func name(of trial: SearchTrial) -> String {
    (try? history.network(trial.candidate)).map(Self.short) ?? ""
  }

  /// A letter for a block: WDSR's A and B, Inverted residual, Ghost, Shuffle, idLe, splitsR.
  private static func letter(of block: Candidate.Block) -> String {
    switch block {
    case .wdsrA: "A"
    case .wdsrB: "B"
    case .invertedResidual: "I"
    case .ghost: "G"
    case .shuffle: "S"
    case .idle: "L"
    case .splitSR: "R"
    }
  }

  /// A network in a few letters: one for each cell's block, and one for each layer's scheme.
  private static func short(_ network: SearchedNetwork) -> String {
    switch network {
    case .candidate(let it):
      let cells = it.cells.map { cell in
        letter(of: cell.block)
          + cell.layers.map { layer in
            switch layer.scheme {
            case .none: "."
            case .pattern: "p"
            case .blockPunched: "b"
            case .unstructured: "u"
            case .filter: "f"
            }
          }.joined()
      }
      return "\(it.channels): " + cells.joined(separator: " ")
    case .splitSR(let it): return it.description
    }
  }

  /// Trials as figures.
  func figures(_ trials: [SearchTrial]) -> [Figure] { trials.map(figure) }

  private func figure(_ trial: SearchTrial) -> Figure {
    Figure(
      candidate: trial.id, round: trial.round + 1, status: trial.status.rawValue,
      nanoseconds: trial.candidate.nanoseconds, highNanoseconds: trial.candidate.highNanoseconds,
      rate: trial.candidate.rate, quality: trial.qualities, expected: trial.prediction?.mean,
      deviation: trial.prediction?.deviation, steps: trial.steps, seconds: trial.seconds,
      weights: trial.weights, message: trial.message)
  }

  struct Figure: Encodable {
    let candidate: Int
    let round: Int
    let status: String
    let nanoseconds: Double
    let highNanoseconds: Double
    let rate: Double
    let quality: [String: Double]
    let expected: Double?
    let deviation: Double?
    let steps: Double?
    let seconds: Double?
    let weights: String?
    let message: String?
  }

  struct Status: Encodable {
    let directory: String
    let process: Int?
    let rounds: Int
    let done: Int
    let failed: Int
    let pending: Int
    let metric: String?
    let best: Figure?
    let strategy: String
    let seed: UInt64
    let limitNanoseconds: Double
    let table: String
  }
}
