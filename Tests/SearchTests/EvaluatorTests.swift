import Files
import Search
import SearchExamples
import TableExamples
import Testing

@Suite struct `An evaluator` {
  private func outcome(
    _ evaluator: EvaluatorOptions, rounds: Int = 1
  ) throws -> (error: SearchError?, history: SearchHistory, failures: [String]) {
    var result: (SearchError?, SearchHistory, [String])?
    try inTemporaryFolder { folder in
      let run = try SmallSearch(strategy: Strategy(first: 2, batch: 2, candidates: 20))
        .run(folder + "/search")
      var failures: [String] = []
      var failure: SearchError?
      do {
        _ = try run.run(
          rounds: rounds, evaluator: evaluator,
          onEvent: {
            if case .attemptFailed(_, let attempt, let reason) = $0 {
              failures.append("\(attempt) \(reason)")
            }
          })
      } catch let error as SearchError {
        failure = error
      }
      result = (failure, try run.history(), failures)
    }
    return try #require(result)
  }

  @Test(arguments: [
    ("garbage", "wrote a line that is no message: 'epoch 1 of 10'"),
    ("other-id", "answered 'another' where '1' was asked"),
    ("silent", "said nothing for 2 s"),
    ("grandchild", "said nothing for 2 s"),
    ("endless", "did not end within 4 s"),
    ("no-end", "wrote a megabyte without the end of a line"),
    ("nan", "gave a number that is not finite"),
    ("infinite", "gave no finite psnrY"),
    ("always-crash", "ended with status 3"),
  ])
  func `that misbehaves is ended and tried once more, and ends the search when it goes on so`(
    mode: String, sentence: String
  ) throws {
    let (error, history, failures) = try outcome(SmallSearch.evaluator(mode))
    #expect(error?.kind == .evaluator)
    #expect(error?.description.contains("2 requests in a row failed") == true)
    #expect(failures.count == 2)
    #expect(failures.first?.contains("1 \(sentence)") == true, "\(failures)")
    if mode == "always-crash" {
      #expect(
        error?.description.hasSuffix("its last words: no data set | nothing to train on") == true)
    }
    // It says nothing about the candidates.
    #expect(history.count(.pending) == 2 && history.best == nil)
  }

  @Test func `that says that a candidate is invalid is not asked again`() throws {
    let (error, _, failures) = try outcome(SmallSearch.evaluator("invalid"))
    #expect(failures.isEmpty)
    #expect(error?.description.contains("says invalid: no such block") == true)
  }

  @Test func `that fails once is asked again with another seed`() throws {
    let (error, history, failures) = try outcome(SmallSearch.evaluator("once"))
    #expect(error == nil && failures.count == 2)
    #expect(history.trials.allSatisfy { $0.status == .done && $0.attempts == 2 })
  }

  @Test(arguments: [
    ("exit 4", "ended with status 4 before it was ready"),
    ("no-such-program --fast", "ended with status 127 before it was ready"),
    ("echo hello; cat", "wrote a line that is no message: 'hello'"),
    ("echo '{\"type\": \"ready\", \"protocol\": 2}'; cat", "speaks another version"),
    ("echo '{\"type\": \"ready\", \"protocol\": 1}'; cat", "by which metric"),
    (
      "echo '{\"type\": \"failed\", \"id\": \"hello\", \"message\": \"empty: has no image\"}'; cat",
      "says: empty: has no image"
    ),
    ("sleep 1000", "was not ready within 1 s"),
  ])
  func `that is never ready is told at once, and no candidate fails by it`(
    command: String, sentence: String
  ) throws {
    let options = EvaluatorOptions(command: command, workers: 2, readySeconds: 1)
    let (error, history, _) = try outcome(options)
    #expect(error?.kind == .evaluator)
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    #expect(history.count(.pending) == 2 && history.trials.allSatisfy { $0.attempts == 0 })
  }

  @Test func `that judges by another metric is refused by a search that has one`() throws {
    try inTemporaryFolder { folder in
      let run = try SmallSearch().run(folder + "/search")
      _ = try run.run(rounds: 1, evaluator: SmallSearch.evaluator())
      let error = #expect(throws: SearchError.self) {
        try run.run(rounds: 2, evaluator: SmallSearch.evaluator("other-metric"))
      }
      #expect(error?.kind == .changed)
      #expect(error?.description.contains("psnrY") == true)
    }
  }

  @Test func `trains a supernet first where one is asked for`() throws {
    try inTemporaryFolder { folder in
      let search = try SmallSearch()
      var settings = search.settings
      settings.supernetSteps = 100
      let run = try SearchRun(
        directory: folder + "/search", settings: settings, space: search.space)
      var count = 0
      for _ in 0..<2 {
        _ = try run.run(
          rounds: 1, evaluator: SmallSearch.evaluator(),
          onEvent: { if case .supernet = $0 { count += 1 } })
      }
      #expect(count == 1)
      #expect(try run.history().supernet?.hasSuffix("/supernet/weights.safetensors") == true)
    }
  }
}
