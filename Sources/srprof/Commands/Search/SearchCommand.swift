internal import ArgumentParser
internal import Search

/// `srprof search`: the network that is best at a latency.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search for the network of best quality that meets a latency.",
    discussion: """
      Rounds of candidates, each pruned just so much that the table says it meets the latency, are trained and \
      judged by an evaluator: a process that speaks lines of JSON (srprof search evaluator writes one for PyTorch; \
      srprof schema evaluator describes what it hears and says). What was found lies in a directory; the same command \
      carries on after anything, and the same seed finds the same network with any number of workers.

      Example: srprof search --table gpu.json --scale 2 --channels 24 --target-ms 50 --evaluator \
      'python3 evaluator.py --images DIV2K/train --validate Set5'
      """,
    subcommands: [
      Start.self, Status.self, Best.self, Front.self, History.self, Train.self, Stop.self,
      Ask.self, Tell.self, Evaluator.self,
    ], defaultSubcommand: Start.self)
}

/// Where a search lies.
struct SearchDirectoryOptions: ParsableArguments {
  @Option(
    name: .customLong("directory"), help: "The folder of the search, with all that was found.",
    completion: .directory)
  var path = "srprof-search"

  /// The findings so far.
  func history() throws(CommandFailure) -> SearchHistory {
    do throws(SearchError) { return try SearchHistory(directory: path) } catch {
      throw CommandFailure(error)
    }
  }
}

extension CommandFailure {
  /// The exit code and line for what went wrong with a search.
  init(_ error: SearchError) {
    let status: ExitStatus =
      switch error.kind {
      case .changed, .usage: .usage
      case .held: .busy
      case .inputOutput: .inputOutput
      case .damaged: .badFile
      case .evaluator: .noDevice
      }
    self.init(status, error.description)
  }
}
