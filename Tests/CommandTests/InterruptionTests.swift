import Foundation
import Testing

/// Processes that end in the middle, and processes that meet.
@Suite(.serialized) struct `An interruption` {
  /// Rows that take some seconds together, so that there is a middle.
  static let profile = """
    name: long
    description: Rows enough to be interrupted.
    rowSeconds: 0.5
    maps: [[24, 40]]
    workloads:
      - convolution: { kernel: [1, 3], channels: [[8, 8], [12, 16]] }
      - add: { channels: [12, 16] }
    """
  static let rows = 6

  func arguments(_ profile: String) -> [String] {
    [
      "measure", "--device", "llvmpipe", "--profile", profile, "--output", "t.json",
      "--precision", "0.01",
    ]
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `by a signal leaves a partial table, and the same command carries on`(
    signal: Int32, status: Int32
  ) throws {
    try withCommand { command in
      let profile = try command.write("long.yaml", Self.profile)
      let running = try command.start(arguments(profile))
      #expect(running.wait(for: "measuring"))
      while running.process.isRunning, try stored(command).samples == 0 { usleep(50_000) }
      kill(running.process.processIdentifier, signal)
      let outcome = try running.finish()
      #expect(outcome.status == status, "\(outcome.errors)")
      let partial = try ReadTable(command.path("t.json"))
      #expect(partial.isComplete == false)
      #expect(partial.rows.count < Self.rows)

      let again = try command.start(arguments(profile)).finish()
      #expect(again.status == 0)
      #expect(again.errors.contains("kept \(partial.rows.count) of \(Self.rows) rows"))
      let whole = try ReadTable(command.path("t.json"))
      #expect(whole.isComplete == true)
      for name in partial.names {
        let (before, after) = (partial.row(name), whole.row(name))
        #expect(NSDictionary(dictionary: before ?? [:]) == NSDictionary(dictionary: after ?? [:]))
      }
    }
  }

  @Test func `by kill -9 at ten random moments loses nothing and duplicates nothing`() throws {
    try withCommand { command in
      let profile = try command.write("long.yaml", Self.profile)
      var kept: (rows: Int, samples: Int) = (0, 0)
      for _ in 0..<10 {
        let running = try command.start(arguments(profile))
        usleep(UInt32.random(in: 50_000...1_200_000))
        kill(running.process.processIdentifier, SIGKILL)
        let outcome = try running.finish()
        #expect(outcome.status == SIGKILL || outcome.status == 0)
        let now = try stored(command)
        #expect(now.rows >= kept.rows && now.samples >= kept.samples)
        kept = now
      }
      let outcome = try command.start(arguments(profile)).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try ReadTable(command.path("t.json"))
      #expect(table.isComplete == true)
      #expect(table.names.count == Self.rows)
      #expect(Set(table.names).count == Self.rows)
    }
  }

  /// Finished rows and samples in the store, read by a database that knows nothing of srprof.
  private func stored(_ command: Command) throws -> (rows: Int, samples: Int) {
    let store = command.path("data/srprof/store.sqlite")
    guard FileManager.default.fileExists(atPath: store) else { return (0, 0) }
    let python = """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1])
      tables = {name for name, in store.execute("select name from sqlite_master where type='table'")}
      assert store.execute("pragma integrity_check").fetchone() == ("ok",)
      if "row" in tables:
          print(*store.execute("select count(*) from row where result is not null").fetchone(),
                *store.execute("select count(*) from sample").fetchone())
      else:
          print(0, 0)
      """
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", python, store]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let numbers = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    #expect(process.terminationStatus == 0)
    #expect(numbers.count == 2)
    return (numbers.first ?? 0, numbers.last ?? 0)
  }

  @Test func `is not needed for a second process: it is told who measures, or waits`() throws {
    try withCommand { command in
      let profile = try command.write("long.yaml", Self.profile)
      let first = try command.start(arguments(profile))
      #expect(first.wait(for: "measuring"))
      let second = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "-o", "u.json")
      #expect(second.status == 75)
      #expect(second.errors.contains("process \(first.process.processIdentifier)"))
      #expect(second.errorLines.count == 1)
      let waiting = try command.start(
        ["measure", "--device", "llvmpipe", "--profile", profile, "-o", "u.json", "--wait"])
      #expect(waiting.wait(for: "waiting for"))
      #expect(try first.finish().status == 0)
      let outcome = try waiting.finish()
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("kept \(Self.rows) of \(Self.rows) rows"))
    }
  }
}
