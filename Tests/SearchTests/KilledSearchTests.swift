import Foundation
import Search
import SearchExamples
import Statistics
import TableExamples
import Testing

/// A search whose evaluator ends in a fifth of its attempts.
@Suite struct `A search that is killed` {
  private func start(_ folder: String, workers: Int) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "search-process")
    process.arguments = ["\(folder)/search", "crash", "\(workers)", "5", "\(folder)/log"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func found(kills: Int, workers: Int) throws -> [String] {
    var result: [String] = []
    try inTemporaryFolder { folder in
      var random = SplitMix64(state: UInt64(kills + workers))
      for _ in 0..<kills {
        let process = try start(folder, workers: workers)
        usleep(UInt32(100_000 + random.below(1_000_000)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try start(folder, workers: workers)
      last.waitUntilExit()
      let history = try SearchHistory(directory: folder + "/search")
      #expect(history.count(.pending) == 0 && history.trials.count == 20)
      #expect(Set(history.trials.map(\.candidate.point)).count == 20)
      #expect(history.trials.contains { $0.attempts == 2 })
      result = history.trials.map { "\($0.id) \($0.candidate) \($0.quality ?? 0) \($0.attempts)" }
      result.append("\(history.best?.id ?? 0)")
    }
    return result
  }

  @Test func `at ten moments finds what one that is not killed finds, by 1 worker and by 4`() throws
  {
    let whole = try found(kills: 0, workers: 1)
    #expect(try found(kills: 10, workers: 1) == whole)
    #expect(try found(kills: 10, workers: 4) == whole)
  }
}
