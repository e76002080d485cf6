import Foundation
import Testing

/// Races as a user sees them.
@Suite(.serialized) struct `Tuning` {
  static let profile = """
    name: tuned
    description: A convolution, and a row that its schedules do not fit.
    rowSeconds: 0.2
    maps: [[24, 40]]
    workloads:
      - convolution: { kernel: 3, channels: [[8, 16]] }
      - add: { channels: [12] }
    """
  static let convolution = "conv3x3 8->16 24x40"

  private func measure(_ command: Command, _ more: String...) throws -> Command.Outcome {
    try measure(command, more)
  }

  private func measure(_ command: Command, _ more: [String]) throws -> Command.Outcome {
    let profile = try command.write("p.yaml", Self.profile)
    return try command.start(
      ["measure", "--device", "llvmpipe", "--profile", profile, "-o", "t.json"] + more
    ).finish()
  }

  private func schedule(_ command: Command) throws -> [String: Any] {
    let row = try #require(ReadTable(command.path("t.json")).row(Self.convolution))
    return try #require(row["schedule"] as? [String: Any])
  }

  @Test func `races once, keeps the winner, and shows the race`() throws {
    try withCommand { command in
      #expect(try measure(command).status == 0)
      let first = try schedule(command)
      #expect(first["tuning"] as? String == "quick")
      let count = try #require(first["candidates"] as? Int)
      #expect(count > 1)
      let race = try ReadTable(command.path("t.json")).row(Self.convolution)?["race"]
      #expect((race as? [[String: Any]])?.count == count)

      let shown = try command.run(
        "show", "t.json", "--row", "conv3x3", "--candidates", "--rows-only")
      #expect(shown.status == 0)
      let lines = shown.output.split(separator: "\n")
      #expect(lines.count == count + 2)
      #expect(lines.first?.hasPrefix(Self.convolution + ": ") == true)
      #expect(
        lines.contains { $0.hasPrefix(first["name"] as? String ?? "?") && $0.hasSuffix("winner") })
      #expect(!shown.output.contains("add"))

      let again = try measure(command)
      #expect(again.errors.contains("kept 2 of 2 rows"))
      #expect(try NSDictionary(dictionary: schedule(command)) == NSDictionary(dictionary: first))
    }
  }

  @Test func `is judged by leaving out the races of the store`() throws {
    try withCommand { command in
      let judge = ["validate", "--races", "--device", "llvmpipe"]
      let absent = try command.start(judge).finish()
      #expect(absent.status == 74 && absent.errorLines.count == 1, "\(absent.errors)")
      #expect(absent.errors.contains("store.sqlite: there is none"))
      #expect(!FileManager.default.fileExists(atPath: command.path("data/srprof/store.sqlite")))

      #expect(try measure(command, "--tune", "off").status == 0)
      let raceless = try command.start(judge).finish()
      #expect(raceless.status == 65 && raceless.errorLines.count == 1, "\(raceless.errors)")
      #expect(raceless.errors.contains("has no races of llvmpipe"))

      #expect(try measure(command).status == 0)
      let judged = try command.start(judge).finish()
      #expect(judged.status == 0, "\(judged.errors)")
      #expect(judged.output.hasPrefix("2 races (0 of all schedules), each left out"))
      #expect(judged.output.contains("\n\(Self.convolution)  "))
    }
  }

  @Test(arguments: [
    ["--rows"], ["--list"], ["--table", "t.json"], ["--size", "4x4"], ["--picture", "p.svg"],
    ["--device", "cpu"], ["--wait"], ["--any-device"], ["--threads", "2"],
  ])
  func `is judged by the store alone`(arguments: [String]) throws {
    try withCommand { command in
      let outcome = try command.start(["validate", "--races"] + arguments).finish()
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome.errors)")
    }
  }

  /// Weights in the code are many times longer than any other shader.
  @Test func `loses a candidate that compiles for too long, and nothing else`() throws {
    try withCommand { command in
      command.lie(["LIE_COMPILE_SECONDS": "3600", "LIE_COMPILE_BYTES": "40000"])
      let profile = try command.write(
        "pruned.yaml",
        """
        name: pruned
        rowSeconds: 0.2
        maps: [[24, 40]]
        workloads:
          - convolution: { kernel: 5, channels: [[8, 16]], sparsity: [{ unstructured: { rate: 2 } }] }
          - add: { channels: [12] }

        """)
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "-o", "t.json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try ReadTable(command.path("t.json"))
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
      let races = table.rows.compactMap { $0["race"] as? [[String: Any]] }
      let race = try #require(races.max { $0.count < $1.count })
      let failed = race.filter { $0["failure"] != nil }
      #expect(!failed.isEmpty)
      for candidate in failed {
        #expect((candidate["schedule"] as? String)?.hasPrefix("coded/") == true)
        let failure = try #require(candidate["failure"] as? [String: Any])
        #expect(failure["kind"] as? String == "notCompiled")
        let reason = failure["reason"] as? String ?? ""
        #expect(reason.contains("the 5 s that a candidate may take"), "\(reason)")
      }
      #expect(race.count - failed.count > 3)
    }
  }

  @Test func `is left out when asked, or when a schedule is named`() throws {
    try withCommand { command in
      #expect(try measure(command, "--tune", "off").status == 0)
      let standard = try schedule(command)
      #expect(standard["tuning"] as? String == "off")
      #expect(standard["candidates"] == nil)
      #expect(try ReadTable(command.path("t.json")).row(Self.convolution)?["race"] == nil)

      let shown = try command.run("show", "t.json", "--row", "conv3x3", "--candidates")
      #expect(shown.output.contains("\(Self.convolution): no race"))

      // It fits the convolution alone.
      let name = try #require(standard["name"] as? String)
      let outcome = try measure(command, "--schedule", name)
      #expect(outcome.status == 1)
      #expect(try schedule(command)["tuning"] as? String == "fixed")
      let failure = try ReadTable(command.path("t.json")).failure("add 12 24x40")
      #expect(failure.kind == "unsupported")
      #expect(failure.reason?.contains(name) == true, "\(failure)")

      let none = try measure(command, "--schedule", name, "--only", "add")
      #expect(none.status == 64)
      #expect(none.errorLines.count == 1, "\(none.errors)")
      #expect(none.errors.contains("fits none"))
    }
  }

  @Test func `says in a dry run which rows a named schedule does not fit`() throws {
    try withCommand { command in
      let name = "elementwise/wg16x4/in:texel"
      let plan = try measure(command, "--dry-run", "--schedule", name)
      #expect(plan.status == 0)
      #expect(plan.errors.isEmpty)
      #expect(
        plan.output.contains(
          "\(Self.convolution): will fail, unsupported: schedule \(name): \(Self.convolution) is a")
      )
      #expect(!plan.output.contains("add 12 24x40: will fail"))

      let limits = try command.write("l.yaml", "name: l\nlimits: { maxTexelBufferElements: 1 }\n")
      for more in [["--limits", limits], ["--only", "conv3x3"]] {
        for dryRun in [["--dry-run"], []] {
          let none = try measure(command, dryRun + ["--schedule", name] + more)
          #expect(none.status == 64)
          #expect(none.errorLines.count == 1, "\(none.errors)")
          #expect(none.errors.contains("fits none"))
        }
      }

      command.environment["SRPROF_VULKAN_LOADER"] = "/nowhere"
      #expect(try measure(command, "--dry-run", "--schedule", name).status == 69)
      let blind = try command.run(
        "measure", "--profile", "p.yaml", "--dry-run", "--schedule", name)
      #expect(blind.status == 0)
      #expect(blind.output.contains("2 rows"))
      #expect(blind.errors.contains("is not known"))
      #expect(try measure(command, "--dry-run", "--schedule", "direct/4x2").status == 64)
    }
  }

  @Test(arguments: ["fastest", "", "direct/4x2", "direct/4x2x16/wg8x4/in:disk/w:uniform"])
  func `refuses a name that is no schedule`(name: String) throws {
    try withCommand { command in
      command.environment["SRPROF_VULKAN_LOADER"] = "/nowhere"
      let outcome = try command.run("measure", "--schedule", name)
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("--schedule"))
    }
  }

  @Test func `takes a schedule in which two processes ended for a crash`() throws {
    try withCommand { command in
      let running = try command.start([
        "measure", "--device", "llvmpipe", "--profile", try command.write("p.yaml", Self.profile),
        "--only", "conv3x3", "--tune", "off", "-o", "t.json",
      ])
      while running.process.isRunning, try command.query("select count(*) from attempt") == "0" {
        usleep(2000)
      }
      kill(running.process.processIdentifier, SIGKILL)
      _ = try running.finish()
      #expect(try command.query("select count(*), max(count) from attempt") == "1 1")
      // A second process that ended there.
      _ = try command.query("update attempt set count = 2")
      #expect(try measure(command, "--tune", "off").status == 1)
      let failure = try ReadTable(command.path("t.json")).failure(Self.convolution)
      #expect(failure.kind == "crashed")
      #expect(failure.reason?.contains("--fresh") == true)
      // Another schedule is not suspected.
      #expect(try measure(command).status == 0)
    }
  }
}
