internal import ArgumentParser
internal import Report
internal import Search

extension SearchCommand {
  /// `srprof search train`: trains the best network to the end.
  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Train the best network longer than its evaluation was.",
      discussion: """
        Example: srprof search train --steps 50000 --output best --evaluator 'python3 evaluator.py --images \
        DIV2K/train --validate Set5'
        """)

    @OptionGroup var directory: SearchDirectoryOptions
    @OptionGroup var evaluator: EvaluatorChoice

    @Option(help: "Take this candidate, by its number, in place of the best.")
    var trial: Int?

    @Option(help: "Training steps.")
    var steps: Int

    @Option(
      name: .shortAndLong, help: "Write NAME.json, NAME.safetensors, NAME.onnx and NAME-masks.yaml."
    )
    var output: String?

    func validate() throws {
      guard 1...1_000_000_000 ~= steps else { throw ValidationError("--steps is 1 to 1000000000.") }
    }

    func run() throws {
      guard let options = evaluator.options else {
        throw ValidationError("--evaluator is missing: srprof search evaluator writes one.")
      }
      let history = try directory.history()
      let trial = try history.trial(trial)
      Interruption.listen()
      let result: EvaluatorResult?
      do throws(SearchError) {
        result = try FinalTraining(trial, of: history, steps: steps).run(
          evaluator: options, isInterrupted: { Interruption.status != nil })
      } catch {
        throw CommandFailure(error)
      }
      guard let result else {
        throw CommandFailure.campaignInterruption ?? CommandFailure(.interrupted, "interrupted")
      }
      let figures = result.quality.sorted { $0.key < $1.key }
        .map { "\($0.key) \(Format.decimals($0.value, $0.key.hasPrefix("ssim") ? 4 : 3))" }
        .joined(separator: ", ")
      if let output {
        try FoundNetwork(try history.searched(trial), weights: result.weights).write(to: output)
      }
      try Terminal.output(
        "candidate \(trial.id) after \(steps) steps: \(figures), "
          + "\(Format.duration(nanoseconds: trial.candidate.nanoseconds))\n")
    }
  }
}

extension SearchHistory {
  /// The trial of a number; the best where none is given.
  func trial(_ number: Int?) throws(CommandFailure) -> SearchTrial {
    guard let number else {
      guard let best else {
        throw CommandFailure(.someRowsFailed, "\(directory): no candidate was judged yet")
      }
      return best
    }
    guard let found = trials.first(where: { $0.id == number }) else {
      throw CommandFailure(.usage, "\(directory): there is no candidate \(number)")
    }
    return found
  }
}
