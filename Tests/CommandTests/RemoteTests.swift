import Foundation
import Testing

/// Devices that a real server of ssh, or a real daemon of adb, stands before.
@Suite(.serialized) struct `A device elsewhere` {
  private static let available = Server.Kind.allCases.filter(\.isAvailable)

  private static func arguments(
    _ command: Command, _ kind: Server.Kind, _ profile: String = `An interruption`.profile
  ) throws -> [String] {
    [
      "measure", "--device", kind.place + "/0", "--profile", try command.write("p.yaml", profile),
      "--output", "t.json", "--precision", "0.01", "--tune", "off",
    ]
  }

  @Test(.enabled(if: Server.Kind.ssh.isAvailable, "needs openssh-server, and a network of its own"))
  func `is reached over ssh`() throws {
    #expect(Self.available.contains(.ssh))
  }

  @Test(.enabled(if: Server.Kind.adb.isAvailable, "needs adb, adbd, and a network of its own"))
  func `is reached over adb`() throws {
    #expect(Self.available.contains(.adb))
  }

  @Test(arguments: available)
  func `is listed and measured like one of this machine`(kind: Server.Kind) throws {
    try withCommand { command in
      let server = try Server(kind, for: &command)
      let list = try server.run(command, "devices", "--device", kind.place)
      #expect(list.status == 0, "\(list.errors)")
      #expect(list.output.contains("llvmpipe"))
      let absent = try server.run(command, "devices", "--device", kind.place + "/7")
      #expect(absent.status == 69)
      #expect(absent.errors.contains("no device '7'; there are: 0 llvmpipe"))

      let arguments = try Self.arguments(command, kind, smallProfile)
      let outcome = try server.start(command, arguments).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      try command.expectWhole(rows: 3)
      let device = try ReadTable(command.path("t.json")).object["device"] as? [String: Any]
      #expect((device?["name"] as? String)?.contains("llvmpipe") == true)
      #expect((device?["host"] as? [String: Any])?["cores"] as? Int != nil)
      #expect(ProcessTree.end(server.workers))
    }
  }

  @Test(arguments: available)
  func `loses nothing when its connection is cut, and the one command measures all rows`(
    kind: Server.Kind
  ) throws {
    try withCommand { command in
      let server = try Server(kind, for: &command)
      let running = try server.start(command, try Self.arguments(command, kind))
      try command.waitForSamples(of: running)
      var seen: [pid_t] = []
      for _ in 0..<2 where running.process.isRunning {
        seen += server.workers
        try server.cut()
        usleep(1_500_000)
      }
      #expect(!seen.isEmpty)
      let outcome = try running.finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      try command.expectWhole(rows: `An interruption`.rows)
      #expect(ProcessTree.end(seen + server.workers))
    }
  }

  @Test(arguments: available.filter { $0 == .ssh })
  func `that is gone for good ends the command with one line, and its samples are kept`(
    kind: Server.Kind
  ) throws {
    try withCommand { command in
      let server = try Server(kind, for: &command)
      let running = try server.start(command, try Self.arguments(command, kind))
      try command.waitForSamples(of: running)
      let workers = server.workers
      #expect(!workers.isEmpty)
      server.stop()
      let outcome = try running.finish()
      #expect(outcome.status == 69)
      let lines = outcome.errorLines.filter { $0.hasPrefix("srprof: ") }
      #expect(lines.count == 1, "\(outcome.errors)")
      #expect(lines.first?.contains("ssh does not reach board") == true)
      #expect(ProcessTree.end(workers))

      let kept = try command.query("select count(*) from sample")
      #expect(try #require(Int(kept)) > 0)
      let another = try Server(kind, for: &command)
      let again = try another.start(command, try Self.arguments(command, kind)).finish()
      #expect(again.status == 0, "\(again.errors)")
      try command.expectWhole(rows: `An interruption`.rows)
    }
  }

  @Test(arguments: available.filter { $0 == .ssh })
  func `that refuses the user's key, or is known to nobody, is told so`(kind: Server.Kind) throws {
    try withCommand { command in
      let server = try Server(kind, for: &command)
      let refused = try server.run(command, "devices", "--device", "ssh:stranger/0")
      #expect(refused.status == 69)
      #expect(refused.errors.contains("stranger refuses this user's key"))
      #expect(refused.errorLines.count == 1)
      let unknown = try server.run(command, "devices", "--device", "ssh:nowhere.invalid/0")
      #expect(unknown.status == 69)
      #expect(unknown.errors.contains("nowhere.invalid is no host that ssh knows"))
      #expect(unknown.errorLines.count == 1)
    }
  }
}
