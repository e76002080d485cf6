internal import ArgumentParser
internal import Files
internal import Report
internal import Search
internal import Store

extension SearchCommand {
  /// `srprof search ask`: candidates to evaluate elsewhere.
  struct Ask: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give out candidates, a line of JSON each, to be evaluated elsewhere.",
      discussion: """
        A new round begins when all results of the one before were told; until then there may be fewer candidates than \
        asked for, or none.

        Example: srprof search ask 10 > batch.jsonl
        """)

    @Argument(help: "How many, at most.")
    var count: Int

    @OptionGroup var directory: SearchDirectoryOptions

    @Flag(help: "Give out again what was given out and not told.")
    var again = false

    func validate() throws {
      guard 1...100_000 ~= count else { throw ValidationError("COUNT is 1 to 100000.") }
    }

    func run() throws {
      let search = try SearchRun.reopened(directory)
      var lines = ""
      do throws(SearchError) {
        for trial in try search.ask(count, again: again) { lines += try search.line(trial) + "\n" }
      } catch {
        throw CommandFailure(error)
      }
      if lines.isEmpty {
        Terminal.note(
          "nothing to give out: results are missing (--again gives their candidates once more), "
            + "or every network was evaluated"
        )
      } else {
        try Terminal.output(TerminalText(lines: lines))
      }
    }
  }

  /// `srprof search tell`: results of candidates that were given out.
  struct Tell: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take results of candidates, a line of JSON each.",
      discussion: """
        A line is {"id": "3", "quality": {"psnrY": 34.1}} or {"id": "4", "type": "failed", "message": "diverged"}; \
        all lines are taken, or none.

        Example: srprof search tell results.jsonl
        """)

    @Argument(help: "The file; - is standard input.", completion: .file(extensions: ["jsonl"]))
    var file: String

    @OptionGroup var directory: SearchDirectoryOptions

    @Option(help: "The member of the quality that is searched by.")
    var metric = "psnrY"

    @Flag(help: "Less of it is better.")
    var minimize = false

    func run() throws {
      let lines: [UInt8]
      do throws(FileContents.Failure) {
        lines = try FileContents.read(file == "-" ? "/dev/stdin" : file)
      } catch {
        throw CommandFailure(.inputOutput, "\(file): \(error.reason)")
      }
      let search = try SearchRun.reopened(directory)
      do throws(SearchError) {
        let ended = try search.tell(lines, file: file, metric: metric, maximizes: !minimize)
        let left = try search.history().count(.pending)
        Terminal.note("\(ended.count) results; \(left) candidates of the round have none yet")
      } catch {
        throw CommandFailure(error)
      }
      let history = try search.foundSoFar()
      if history.best != nil { try Terminal.output(SearchListing(history).summary) }
    }
  }
}
