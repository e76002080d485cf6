internal import ArgumentParser
internal import Glibc
internal import Networks
internal import Report
internal import Resources
internal import Search

extension SearchCommand {
  /// `srprof search status`: how far a search is.
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say how far a search is.")

    @OptionGroup var directory: SearchDirectoryOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let listing = SearchListing(try directory.history())
      let process = SearchHistory.process(running: directory.path)
      try Terminal.output(
        json ? try listing.status(process).prettyJSON() : listing.statusText(process))
    }
  }

  /// `srprof search best`: the best network.
  struct Best: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the best network, or write its files.",
      discussion: """
        The candidate is printed as JSON; with --output NAME, NAME.json, NAME.safetensors (its trained weights) and \
        NAME.onnx are written. srprof run takes the first two as --candidate and --weights. Pruned layers make \
        NAME-masks.yaml too, a profile with their masks in the folder NAME-masks.
        """)

    @OptionGroup var directory: SearchDirectoryOptions

    @Option(help: "Take this candidate, by its number, in place of the best.")
    var trial: Int?

    @Option(
      name: .shortAndLong, help: "Write NAME.json, NAME.safetensors, NAME.onnx and NAME-masks.yaml."
    )
    var output: String?

    func run() throws {
      let history = try directory.history()
      let trial = try history.trial(trial)
      let network = try history.searched(trial)
      guard let output else { return try Terminal.output(TerminalText(lines: network.json)) }
      try FoundNetwork(network, weights: trial.weights).write(to: output)
      try Terminal.output(SearchListing(history).line(trial) + "\n")
    }
  }

  /// `srprof search front`: latency against quality.
  struct Front: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The candidates that no other beats in both latency and quality.")

    @OptionGroup var directory: SearchDirectoryOptions
    @OptionGroup var drawing: DrawingOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let file = try drawing.file(besides: [])
      let listing = SearchListing(try directory.history())
      try Terminal.output(
        json ? try listing.figures(listing.history.front).prettyJSON() : listing.front)
      if let file {
        try drawing.draw(
          listing.frontPicture, to: file,
          command: "srprof search front --directory \(directory.path)")
      }
    }
  }

  /// `srprof search history`: all that was evaluated.
  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "All candidates in their order, with what was predicted and found.")

    @OptionGroup var directory: SearchDirectoryOptions
    @OptionGroup var drawing: DrawingOptions

    @Option(
      help:
        "The directory of another search, such as one by --strategy random, to draw and to compare with.",
      completion: .directory)
    var against: String?

    @Flag(help: "Draw what the surrogate predicted against what was found, in place of the course.")
    var predictions = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let file = try drawing.file(besides: [])
      let listing = SearchListing(try directory.history())
      var other: SearchHistory?
      if let against {
        other = try SearchDirectoryOptions.parse(["--directory=\(against)"]).history()
      }
      try Terminal.output(
        json
          ? try listing.figures(listing.history.trials).prettyJSON() : listing.table(against: other)
      )
      if let file {
        try drawing.draw(
          predictions ? listing.predictionPicture : listing.coursePicture(against: other), to: file,
          command: "srprof search history --directory \(directory.path)")
      }
    }
  }

  /// `srprof search stop`: ends the process that searches.
  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the process that searches in a directory; srprof search carries on later.")

    @OptionGroup var directory: SearchDirectoryOptions

    func run() throws {
      _ = try directory.history()
      guard let process = SearchHistory.process(running: directory.path) else {
        return try Terminal.output("\(directory.path): no process searches here\n")
      }
      guard kill(pid_t(process), SIGTERM) == 0 else {
        throw CommandFailure(
          .inputOutput, "process \(process) cannot be ended: \(String(cString: strerror(errno)))")
      }
      for _ in 0..<300 {
        guard SearchHistory.process(running: directory.path) == process else {
          return try Terminal.output("\(directory.path): process \(process) has ended\n")
        }
        usleep(100_000)
      }
      throw CommandFailure(.busy, "process \(process) has not ended within 30 s")
    }
  }

  /// `srprof search evaluator`: the reference evaluator.
  struct Evaluator: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the reference evaluator: a program in Python that trains with PyTorch.")

    @Option(name: .shortAndLong, help: "The file (default: standard output).")
    var output = "-"

    func run() throws {
      try OutputFile(path: output, besides: []).write(EmbeddedFiles.evaluator)
    }
  }
}

extension SearchHistory {
  /// The network of a trial.
  func searched(_ trial: SearchTrial) throws(CommandFailure) -> SearchedNetwork {
    do throws(InvalidNetwork) { return try network(trial.candidate) } catch {
      throw CommandFailure(.badFile, "\(directory): candidate \(trial.id): \(error.description)")
    }
  }
}
