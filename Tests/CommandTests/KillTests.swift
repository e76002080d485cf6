import Foundation
import Testing

/// A campaign one of whose processes is ended or stopped from outside.
@Suite(.serialized) struct `A process that is killed` {
  /// The victim, and what hits it.
  enum Blow: CaseIterable {
    case executorEnds, supervisorEnds, supervisorStops

    func hit(_ worker: (supervisor: pid_t, executor: pid_t)) {
      switch self {
      case .executorEnds: kill(worker.executor, SIGKILL)
      case .supervisorEnds: kill(worker.supervisor, SIGKILL)
      case .supervisorStops: kill(worker.supervisor, SIGSTOP)
      }
    }
  }

  private static func arguments(_ command: Command) throws -> [String] {
    [
      "measure", "--device", "llvmpipe", "--profile",
      try command.write("long.yaml", `An interruption`.profile), "--output", "t.json",
      "--precision",
      "0.01", "--tune", "off",
    ]
  }

  private static func expectWhole(_ command: Command, _ outcome: Command.Outcome) throws {
    #expect(outcome.status == 0, "\(outcome.errors)")
    try command.expectWhole(rows: `An interruption`.rows)
  }

  @Test func `in the middle of it takes its worker with it, and the same command carries on`()
    throws
  {
    try withCommand { command in
      let running = try command.start(try Self.arguments(command))
      try command.waitForSamples(of: running)
      let worker = try #require(ProcessTree.worker(below: running.process.processIdentifier))
      let before = try command.query("select count(*) from sample")
      kill(running.process.processIdentifier, SIGKILL)
      #expect(try running.finish().status == SIGKILL)
      #expect(ProcessTree.end([worker.supervisor, worker.executor]))
      try Self.expectWhole(command, try command.start(try Self.arguments(command)).finish())
      let after = try command.query("select count(*) from sample")
      #expect(try #require(Int(after)) > #require(Int(before)))
    }
  }

  @Test(arguments: Blow.allCases)
  func `on the device's side is replaced by another, and the one command measures all rows`(
    blow: Blow
  ) throws {
    try withCommand { command in
      let running = try command.start(try Self.arguments(command))
      try command.waitForSamples(of: running)
      var seen: [pid_t] = []
      // A stopped one is missed after twenty seconds.
      for _ in 0..<(blow == .supervisorStops ? 1 : 3) {
        guard let worker = ProcessTree.worker(below: running.process.processIdentifier) else {
          break
        }
        seen += [worker.supervisor, worker.executor]
        blow.hit(worker)
        usleep(700_000)
      }
      #expect(!seen.isEmpty)
      try Self.expectWhole(command, try running.finish())
      #expect(ProcessTree.end(seen))
    }
  }

  @Test func `with its driver stopped obeys Ctrl-C, and leaves nothing behind`() throws {
    try withCommand { command in
      let running = try command.start(try Self.arguments(command))
      try command.waitForSamples(of: running)
      let worker = try #require(ProcessTree.worker(below: running.process.processIdentifier))
      kill(worker.executor, SIGSTOP)
      usleep(500_000)
      kill(running.process.processIdentifier, SIGINT)
      #expect(try running.finish().status == 130)
      #expect(ProcessTree.end([worker.supervisor, worker.executor]))
      try Self.expectWhole(command, try command.start(try Self.arguments(command)).finish())
    }
  }
}

extension Command {
  /// Waits until a campaign has stored its first samples.
  func waitForSamples(of running: Running) throws {
    while running.process.isRunning, try ["", "0"].contains(query("select count(*) from sample")) {
      usleep(50_000)
    }
  }

  /// Expects `t.json` and the store to have all rows, each once, and no sample twice.
  func expectWhole(rows: Int) throws {
    let table = try ReadTable(path("t.json"))
    #expect(table.isComplete == true)
    #expect(table.names.count == rows)
    #expect(Set(table.names).count == rows)
    #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
    #expect(try query("pragma integrity_check") == "ok")
    #expect(try query("select count(*) from row where status = 'measured'") == "\(rows)")
    let twice = """
      select count(*) from (select 1 from sample
      group by row, session, visit, chainLength, nanoseconds, wallNanoseconds having count(*) > 1)
      """
    #expect(try query(twice) == "0")
  }
}
