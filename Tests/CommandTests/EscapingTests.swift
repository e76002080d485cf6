import Foundation
import Testing

/// Text of tables, arguments and locks that would do more than be read.
@Suite struct `What is printed` {
  /// Sets a title, colours, turns the direction of letters, and pretends to be a line of the program.
  private static let evil =
    "=x\u{1b}]0;title\u{7}\u{1b}[31m\u{9b}1m\u{7f}\u{202e}\u{2066}\u{61c}\t\r\nforged | `a` <b> [c](d)"

  /// A table whose texts are all evil.
  private static func table(_ command: Command, named name: String) throws -> String {
    let data = try Data(contentsOf: URL(filePath: `Comparing and exporting tables`.table))
    var table = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var device = try #require(table["device"] as? [String: Any])
    var driver = try #require(device["driver"] as? [String: Any])
    driver["name"] = evil
    driver["info"] = evil
    device["driver"] = driver
    device["name"] = evil
    table["device"] = device
    table["profile"] = evil
    table["warnings"] = [evil, evil]
    var rows = try #require(table["rows"] as? [[String: Any]])
    for index in rows.indices {
      if rows[index]["schedule"] != nil {
        rows[index]["schedule"] = ["name": evil, "tuning": "off"]
      }
      if rows[index]["failure"] != nil {
        rows[index]["failure"] = ["kind": "driver", "reason": evil]
      }
    }
    table["rows"] = rows
    let text = try JSONSerialization.data(withJSONObject: table)
    return try command.write(name, String(decoding: text, as: UTF8.self))
  }

  /// Whether a terminal only shows the text.
  private static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0 == "\n"
        || !(0..<0x20 ~= $0.value || 0x7f..<0xa0 ~= $0.value)
          && ![0x61c, 0x202e, 0x2066].contains($0.value)
    } && !text.split(separator: "\n").contains { $0.hasPrefix("forged") }
  }

  @Test func `is a table's text with its control characters escaped`() throws {
    try withCommand { command in
      let first = try Self.table(command, named: "a.json")
      let second = try Self.table(command, named: "b\u{1b}[31m\nforged.json")
      for arguments in [
        ["show", first], ["show", second], ["show", first, "--candidates"],
        ["compare", first, second], ["compare", first, second, "--format", "markdown"],
        ["compare", first, second, "--format", "summary"], ["best", first, second],
        ["best", first, second, "--format", "markdown"],
        ["best", first, second, "--format", "json"], ["report", first, "--format", "markdown"],
        ["predict", "--table", first, "--network", "wdsr-b:blocks=1,channels=16,scale=2"],
      ] {
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == 0, "\(arguments) \(outcome.errors)")
        #expect(Self.isHarmless(outcome.output), "\(arguments)")
        #expect(Self.isHarmless(outcome.errors), "\(arguments)")
        #expect(outcome.output.contains("\\u001b"), "\(arguments)")
      }
      let json = try command.run("best", first, second, "--format", "json").output
      let list = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
      #expect(list?.first?["best"] as? String == first || list?.first?["best"] as? String == second)
    }
  }

  @Test func `is no markup where Markdown is asked for, and no formula in a list of values`() throws
  {
    try withCommand { command in
      let table = try Self.table(command, named: "a|b<i>.json")
      for arguments in [
        ["compare", table, table, "--format", "markdown"],
        ["best", table, table, "--format", "markdown"], ["report", table, "--format", "markdown"],
      ] {
        let output = try command.start(arguments).finish().output
        for markup in ["<b>", "<i>", " `a`", "[c](d)", " | `"] {
          #expect(!output.contains(markup), "\(arguments) \(markup)")
        }
        #expect(output.contains("\\[c\\]\\(d\\)"), "\(arguments)")
      }
      let lines = try command.run("export", table, "--format", "csv").output
      #expect(lines.contains("\"'=x\\u001b") && !lines.contains(",=x"))
      _ = try FileManager.default.copyItem(atPath: table, toPath: command.path("=a.json"))
      let best = try command.run("best", "=a.json", table, "--format", "csv").output
      #expect(best.hasPrefix("workload,\"'=a.json\","))
    }
  }

  @Test func `is an argument on one line`() throws {
    try withCommand { command in
      for arguments in [
        ["show", Self.evil], [Self.evil], ["show", "t.json", "--sort", Self.evil],
        ["measure", "--profile", Self.evil], ["networks", Self.evil],
        ["measure", "--network", Self.evil], ["measure", "--only", Self.evil, "--dry-run"],
        ["networks", "--onnx", Self.evil], ["networks", "--candidate", Self.evil],
        ["measure", "--profile", "\(Self.evil).yaml"], ["measure", "--schedule", Self.evil],
        ["export", "t.json", "--format", Self.evil],
        ["report", `Comparing and exporting tables`.table, "-o", "no/\(Self.evil)"],
      ] {
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status >= 64 && outcome.output.isEmpty, "\(arguments)")
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
        #expect(Self.isHarmless(outcome.errors), "\(outcome.errors)")
      }
    }
  }

  @Test func `has colour on a terminal, the program's own alone`() throws {
    try withCommand { command in
      let table = try Self.table(command, named: "a.json")
      command.environment["NO_COLOR"] = ""
      let terminal = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
      let outcome = try command.start(
        ["-c", terminal, Command.program.path, "show", table],
        program: URL(filePath: "/usr/bin/python3")
      ).finish()
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("\u{1b}[1mworkload"))
      let plain = outcome.output.replacing("\r\n", with: "\n").replacing("\u{1b}[1m", with: "")
        .replacing("\u{1b}[0m", with: "").replacing("\u{1b}[31m", with: "")
      #expect(Self.isHarmless(plain))
    }
  }

  @Test(arguments: [
    ("process 12 of user 1000", "process 12 of user 1000"), (evil, "another process"),
    ("process 12 of user 1000\n\u{1b}[31m", "another process"), ("", "another process"),
  ])
  func `is who holds a lock, if that is what the lock says`(text: String, holder: String) throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let arguments = [
        "measure", "--device", "llvmpipe", "--profile", profile, "--only", "add *", "--tune", "off",
        "--row-seconds", "0.05", "--quiet", "-o", "t.json",
      ]
      #expect(try command.start(arguments).finish().status == 0)
      let lock = try #require(
        try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
          .first { $0.hasSuffix(".lock") })
      try Data(text.utf8).write(to: URL(filePath: command.path(lock)))
      let holding = Process()
      holding.executableURL = URL(filePath: "/usr/bin/python3")
      holding.arguments = [
        "-c",
        "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); "
          + "sys.stdin.read()", command.path(lock),
      ]
      let (input, output) = (Pipe(), Pipe())
      holding.standardInput = input
      holding.standardOutput = output
      try holding.run()
      _ = output.fileHandleForReading.availableData
      let outcome = try command.start(arguments).finish()
      try input.fileHandleForWriting.close()
      holding.waitUntilExit()
      #expect(outcome.status == 75)
      #expect(outcome.errors.contains("measured by \(holder); --wait"), "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && Self.isHarmless(outcome.errors))
    }
  }
}
