internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Search
internal import Tables

extension SearchCommand {
  /// `srprof search`, or `srprof search start`.
  struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begin a search, or carry it on.",
      discussion: """
        Without --evaluator the search is only begun: srprof search ask gives out candidates, srprof search tell takes \
        results.
        """)

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var directory: SearchDirectoryOptions
    @OptionGroup var spaceOptions: SpaceOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var strategy: StrategyOptions
    @OptionGroup var evaluator: EvaluatorChoice

    @Option(help: "Rounds altogether, those before this call included.")
    var rounds = 9

    @Option(help: "Training steps of an evaluation (default: what the evaluator suggests).")
    var fidelity: Int?

    @Option(
      name: .customLong("supernet"),
      help:
        "First train a network with every block in every cell for so many steps; candidates begin with its weights."
    )
    var supernetSteps: Int?

    @Flag(help: "Say nothing on the way.")
    var quiet = false

    func validate() throws {
      guard 0...1_000_000 ~= rounds else { throw ValidationError("--rounds is 0 to 1000000.") }
      if let fidelity, fidelity < 1 { throw ValidationError("--fidelity is at least 1.") }
      if let supernetSteps, supernetSteps < 1 {
        throw ValidationError("--supernet is at least 1 step.")
      }
    }

    func run() throws {
      let search = try open(arguments: Array(CommandLine.arguments.dropFirst()))
      guard let evaluator = evaluator.options else {
        let history = try search.foundSoFar()
        return try Terminal.output(
          "\(directory.path): a search that has \(history.trials.count) candidates; srprof search ask gives "
            + "out more, since there is no --evaluator\n")
      }
      Interruption.listen()
      var view = SearchView(isQuiet: quiet)
      let ending: SearchRun.Ending
      do throws(SearchError) {
        ending = try search.run(
          rounds: rounds, evaluator: evaluator, isInterrupted: { Interruption.status != nil },
          onEvent: { view.show($0) })
      } catch {
        view.end()
        throw CommandFailure(error)
      }
      view.end()
      if ending == .interrupted, let interruption = CommandFailure.campaignInterruption {
        throw interruption
      }
      if ending == .exhausted, !quiet {
        Terminal.note("every network that meets the latency was evaluated")
      }
      let history = try search.foundSoFar()
      guard history.best != nil else {
        throw CommandFailure(
          .someRowsFailed, "\(directory.path): no candidate was judged: see srprof search history")
      }
      try Terminal.output(SearchListing(history).summary)
    }

    /// The search in its directory.
    ///
    /// - Parameter arguments: Kept for ``Ask`` and ``Tell``, which open the same search.
    func open(arguments: [String]) throws -> SearchRun {
      let space = try spaceOptions.read()
      let (table, predictor) = try tableOptions.read()
      let limit = target.limit
      let feasible: any FeasibleSpace
      do {
        feasible = try space.limited(to: limit, table: table, predictor: predictor)
      } catch let error as UnreachableLatency {
        let reachable = error.reachableNanoseconds.map {
          "the fastest network of the space takes \(Format.duration(nanoseconds: $0))"
        }
        throw CommandFailure(
          .someRowsFailed,
          "nothing meets \(Format.duration(nanoseconds: limit.nanoseconds)): "
            + (reachable ?? "the device runs no network of the space"))
      } catch {
        throw CommandFailure(.badFile, "\(tableOptions.table): \(error)")
      }
      let settings = SearchSettings(
        space: space, table: table.contentFingerprint, limit: limit, seed: strategy.seed,
        strategy: strategy.value, fidelity: fidelity, supernetSteps: supernetSteps,
        notes: [
          "table": tableOptions.table, "device": table.device.nameAndKind,
          "arguments": arguments.joined(separator: "\u{1f}"),
        ])
      do throws(SearchError) {
        return try SearchRun(directory: directory.path, settings: settings, space: feasible)
      } catch {
        throw CommandFailure(error)
      }
    }
  }
}

extension SearchRun {
  /// The findings so far.
  func foundSoFar() throws(CommandFailure) -> SearchHistory {
    do throws(SearchError) { return try history() } catch { throw CommandFailure(error) }
  }

  /// The search of a directory, opened as it was begun.
  static func reopened(_ directory: SearchDirectoryOptions) throws -> SearchRun {
    let history = try directory.history()
    let words = (history.notes["arguments"] ?? "").split(separator: "\u{1f}").map(String.init)
    // `search` or `search start`, and the rest.
    let rest = words.dropFirst(words.dropFirst().first == "start" ? 2 : 1)
    var start = try SearchCommand.Start.parse(Array(rest))
    start.directory.path = directory.path
    return try start.open(arguments: words)
  }
}
