internal import Report
internal import Search

/// The progress of a search: a line for each thing that ends, and one that is drawn over in between.
struct SearchView {
  private let isQuiet: Bool
  private let isDrawing: Bool
  private var metric = ""
  private var best: Double?

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isDrawing = !isQuiet && Terminal.errorIsTerminal
  }

  mutating func show(_ event: SearchRun.Event) {
    switch event {
    case .ready(let ready):
      metric = ready.metric
      note("evaluator \(ready.name) \(ready.version) on \(ready.device), by \(ready.metric)")
    case .supernet: note("the supernet is trained")
    case .round(let round, let considered, let trials):
      note(
        "round \(round + 1): \(trials.count) of \(considered) candidates"
          + (best.map { ", best so far \(Format.decimals($0, 2))" } ?? ""))
    case .started: break
    case .progress(let id, let step, let value):
      guard isDrawing else { return }
      Terminal.draw(
        "\(Self.name(id)): step \(Int(step))"
          + (value.map { ", \(Format.decimals($0, 2))" } ?? ""))
    case .attemptFailed(let id, _, let reason):
      note("\(Self.name(id)): the evaluator \(reason); once more")
    case .ended(let trial):
      let latency = Format.duration(nanoseconds: trial.candidate.nanoseconds)
      if let quality = trial.quality {
        note(
          "candidate \(trial.id): \(metric) \(Format.decimals(quality, 2)), \(latency)"
            + (trial.seconds.map { ", in \(Format.time(seconds: $0))" } ?? ""))
      } else {
        note("candidate \(trial.id): failed: the evaluator \(trial.message ?? "gave no reason")")
      }
    case .best(let trial): best = trial.quality
    }
  }

  func end() {
    if isDrawing { Terminal.erase() }
  }

  private static func name(_ id: String) -> String {
    Int(id) == nil ? id : "candidate \(id)"
  }

  private func note(_ line: String) {
    guard !isQuiet else { return }
    if isDrawing { Terminal.erase() }
    Terminal.note(line)
  }
}
