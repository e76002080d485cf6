import Files
import Search
import SearchExamples
import TableExamples
import Testing

@Suite struct `A search` {
  private func inFolder(_ body: (String) throws -> Void) throws {
    try inTemporaryFolder { try body($0 + "/search") }
  }

  @Test func `finds the same whatever the number of workers, and evaluates each candidate once`()
    throws
  {
    var found: [[String]] = []
    for workers in [1, 3] {
      try inFolder { folder in
        let search = try SmallSearch()
        let run = try search.run(folder)
        let log = folder + ".log"
        let ending = try run.run(
          rounds: 3, evaluator: SmallSearch.evaluator("slow", workers: workers, log: log))
        #expect(ending == .finished)
        let history = try run.history()
        #expect(history.trials.count == 12 && history.rounds == 3)
        #expect(history.count(.done) == 12)
        #expect(Set(history.trials.map(\.candidate.point)).count == 12)
        #expect(history.trials.allSatisfy { $0.candidate.nanoseconds <= 4.5e6 })
        #expect(history.metric == "psnrY" && history.fidelity == 600)
        #expect(history.trials.allSatisfy { $0.qualities["ssimY"] == 0.9 && $0.steps == 600 })
        let best = try #require(history.best)
        #expect(history.trials.allSatisfy { $0.quality ?? 0 <= best.quality ?? 0 })
        #expect(history.bestSoFar.last == best.quality)
        #expect(history.front.last?.id == best.id)
        #expect(history.considered.count > 12)
        #expect(history.trials.filter { $0.round > 0 }.allSatisfy { $0.prediction != nil })
        let lines = String(decoding: try FileContents.read(log), as: UTF8.self)
          .split(separator: "\n").sorted()
        #expect(lines.count == 12 && Set(lines).count == 12)
        found.append(
          history.trials.map {
            "\($0.id) \($0.candidate) \($0.quality ?? 0) \($0.attempts)"
          })
      }
    }
    #expect(found[0] == found[1])
  }

  @Test func `goes on from what was recorded`() throws {
    try inFolder { folder in
      let search = try SmallSearch()
      var count = 0
      do {
        let run = try search.run(folder)
        let ending = try run.run(
          rounds: 3, evaluator: SmallSearch.evaluator(), isInterrupted: { count > 5 },
          onEvent: { if case .ended = $0 { count += 1 } })
        #expect(ending == .interrupted)
      }
      let before = try SearchHistory(directory: folder)
      #expect(before.count(.done) >= 6 && before.count(.done) < 12)
      let run = try search.run(folder)
      #expect(try run.run(rounds: 3, evaluator: SmallSearch.evaluator()) == .finished)
      let after = try run.history()
      #expect(after.count(.done) == 12)
      let kept = before.trials.filter { $0.status == .done }
      #expect(kept == Array(after.trials.filter { trial in kept.contains { $0.id == trial.id } }))
    }
  }

  @Test func `is refused with another seed, target, table, strategy or space`() throws {
    try inFolder { folder in
      let search = try SmallSearch()
      _ = try search.run(folder)
      var others: [(String, SearchSettings)] = []
      for name in ["seed", "target", "table", "strategy", "space"] {
        var settings = search.settings
        switch name {
        case "seed": settings.seed = 2
        case "target": settings.limit = LatencyLimit(nanoseconds: 3e6)
        case "table": settings.table = "another"
        case "strategy": settings.strategy = Strategy(.random)
        default: settings.space = .wdsr(try smallSpace(channels: [8]))
        }
        others.append((name, settings))
      }
      for (name, settings) in others {
        let error = #expect(throws: SearchError.self) {
          try SearchRun(directory: folder, settings: settings, space: search.space)
        }
        #expect(error?.kind == .changed)
        #expect(error?.description.contains("another \(name)") == true)
      }
      var settings = search.settings
      settings.notes = ["table": "/tmp/table.json"]
      let run = try SearchRun(directory: folder, settings: settings, space: search.space)
      #expect(try run.history().notes == ["table": "/tmp/table.json"])
    }
  }

  @Test func `is run by one process at a time`() throws {
    try inFolder { folder in
      let search = try SmallSearch()
      let run = try search.run(folder)
      let error = #expect(throws: SearchError.self) { try search.run(folder) }
      #expect(error?.kind == .held)
      #expect(error?.description.contains("process ") == true)
      // Reading is free.
      #expect(try SearchHistory(directory: folder).trials == [])
      _ = run
    }
  }

  @Test func `can be asked and told`() throws {
    try inFolder { folder in
      let search = try SmallSearch()
      let run = try search.run(folder)
      let first = try run.ask(3)
      #expect(first.count == 3)
      #expect(try run.ask(3).count == 1)
      #expect(try run.ask(3) == [])
      #expect(try run.ask(9, again: true).count == 4)
      #expect(try run.line(first[0]).contains("\"cells\""))
      func tell(_ text: String) throws -> [SearchTrial] {
        try run.tell(Array(text.utf8), file: "results.jsonl")
      }
      let lines = """
        {"id": "1", "quality": {"psnrY": 31.5}}
        {"type": "failed", "id": 2, "message": "diverged"}

        {"type": "result", "id": "3", "quality": {"psnrY": 33, "ssimY": 0.9}, "seconds": 3}
        """
      #expect(try tell(lines).count == 3)
      #expect(try tell(lines).isEmpty)
      #expect(try run.ask(3) == [])
      for (line, sentence) in [
        ("{\"id\": \"1\", \"quality\": {\"psnrY\": 30}}", "told before"),
        ("{\"id\": \"9\", \"quality\": {\"psnrY\": 30}}", "no candidate '9'"),
        ("{\"id\": \"4\", \"quality\": {\"psnr\": 30}}", "no finite psnrY"),
        ("{\"id\": \"4\", \"quality\": {\"psnrY\": NaN}}", "not finite"),
        ("{\"id\": \"4\"", "no message"),
      ] {
        let error = #expect(throws: SearchError.self) { try tell(line) }
        #expect(error?.description.contains(sentence) == true)
        #expect(error?.description.contains("results.jsonl:1") == true)
      }
      #expect(try tell("{\"id\": \"4\", \"quality\": {\"psnrY\": 30}}").count == 1)
      #expect(try run.history().best?.id == 3)
      #expect(try run.ask(9).count == 4)
    }
  }
}
