internal import ArgumentParser
internal import Search

/// The evaluator, and what it may take.
struct EvaluatorChoice: ParsableArguments {
  @Option(
    help:
      "Command line of the evaluator, such as 'python3 evaluator.py --images DIR --validate DIR'.")
  var evaluator: String?

  @Option(help: "Evaluators at a time.")
  var workers = 1

  @Option(help: "Threads that each may use.")
  var threads = 1

  @Option(help: "Seconds that one request may take.")
  var timeout = 3600.0

  @Option(help: "Seconds of silence after which an evaluator is ended.")
  var silence = 60.0

  func validate() throws {
    guard 1...1024 ~= workers else { throw ValidationError("--workers is 1 to 1024.") }
    guard 1...1024 ~= threads else { throw ValidationError("--threads is 1 to 1024.") }
    guard timeout > 0, silence > 0 else {
      throw ValidationError("--timeout and --silence are above 0.")
    }
  }

  /// The options of the pool; `nil` where no evaluator is named.
  var options: EvaluatorOptions? {
    evaluator.map {
      EvaluatorOptions(
        command: $0, workers: workers, threads: threads, silenceSeconds: silence,
        deadlineSeconds: timeout)
    }
  }
}
