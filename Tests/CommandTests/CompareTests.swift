import Foundation
import Testing

/// Tables of other days and devices, and other programs.
@Suite struct `Comparing and exporting tables` {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "TablesTests/Fixtures")
  static let table = fixtures.appending(path: "latency-table-1.1.0.json").path

  /// A copy of the fixture whose text is changed.
  private func changed(
    _ command: Command, _ name: String, _ change: (String) -> String
  ) throws -> String {
    try command.write(name, change(try String(contentsOfFile: Self.table, encoding: .utf8)))
  }

  @Test(arguments: ["text", "markdown", "csv", "json"])
  func `calls a table the same as itself`(format: String) throws {
    try withCommand { command in
      let outcome = try command.run(
        "compare", Self.table, Self.table, "--format", format, "--fail-if-slower", "0")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("same"))
      #expect(!outcome.output.contains("slower\n") || outcome.output.contains("0 slower"))
    }
  }

  @Test func `compares tables of different schema versions`() throws {
    try withCommand { command in
      let old = Self.fixtures.appending(path: "latency-table-1.0.0.json").path
      let outcome = try command.run("compare", old, Self.table)
      // The fixtures may have no row in common: that is said, and nothing about versions.
      #expect([0, 65].contains(outcome.status))
      #expect(!outcome.errors.contains("version"))
    }
  }

  @Test func `fails on request where a row is slower for sure`() throws {
    try withCommand { command in
      let slower = try changed(command, "slow.json") { text in
        text.replacing(/"(\w+)Nanoseconds":([0-9.e+]+)/) { match in
          "\"\(match.1)Nanoseconds\":\((Double(match.2) ?? 0) * 3)"
        }
      }
      let outcome = try command.run("compare", Self.table, slower, "--fail-if-slower", "5%")
      #expect(outcome.status == 2)
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("slower by more than 5"))
      #expect(outcome.output.contains("3.00"))
      #expect(try command.run("compare", slower, Self.table, "--fail-if-slower", "5").status == 0)
      let best = try command.run("best", slower, Self.table)
      #expect(best.status == 0 && best.output.contains("0 best with \(slower)"))
    }
  }

  @Test func `fails on request where rows are missing`() throws {
    try withCommand { command in
      let failed = try changed(command, "failed.json") {
        $0.replacing(
          /"status":"measured"/,
          with: "\"failure\":{\"kind\":\"driver\",\"reason\":\"x\"},\"status\":\"failed\"",
          maxReplacements: 1)
      }
      let outcome = try command.run("compare", Self.table, failed, "--fail-if-slower", "5")
      #expect(outcome.status == 1)
      #expect(outcome.errorLines.last?.contains("has not measured 1 of the") == true)
    }
  }

  @Test func `says in one line why tables cannot be compared`() throws {
    try withCommand { command in
      let half = try changed(command, "half.json") {
        $0.replacing("float32", with: "float16")
          .replacing(/"name":"([^"]*)"/) { "\"name\":\"\($0.1) float16\"" }
      }
      for (arguments, status, text) in [
        (["compare", Self.table, "missing.json"], 74, "missing.json"),
        (["compare", Self.table], 64, "second"),
        (["compare", Self.table, Self.table, "--only", "nothing"], 64, "--only matches no row"),
        (["best", Self.table, Self.table, "--only", "nothing"], 64, "--only matches no row"),
        (["show", Self.table, "--only", "nothing"], 64, "--only matches no row"),
        (["show", Self.table, "--row", "nothing"], 64, "--only matches no row"),
        (["show", Self.table, "--only", "conv*", "--only", "nothing"], 64, "'nothing'"),
        (["compare", Self.table, Self.table, "--fail-if-slower", "much"], 64, "fail-if-slower"),
        (["best", Self.table], 64, "two tables"),
        (["export", Self.table, "--format", "xml"], 64, "format"),
        (["export", Self.table, "--format", "csv", "-o", "none/x.csv"], 74, "none/x.csv"),
        (
          ["export", Self.table, "--format", "csv", "--only", "nothing"], 64,
          "--only matches no row"
        ),
        (["export", Self.table, "--format", "csv", "-o", Self.table], 64, "would be lost"),
        (["report", Self.table, "-o", Self.table], 64, "would be lost"),
      ] as [([String], Int32, String)] {
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == status, "\(arguments)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(text), "\(outcome.errors)")
      }
      let outcome = try command.run("compare", Self.table, half)
      #expect(outcome.status == 65, "\(outcome.errors)")
    }
  }

  @Test(arguments: ["csv", "ofa-yaml", "nni", "json"])
  func `exports what another program reads back`(format: String) throws {
    try withCommand { command in
      let outcome = try command.run(
        "export", Self.table, "--format", format, "--output", "exported")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let check = Process()
      check.executableURL = URL(filePath: "/usr/bin/python3")
      check.arguments = [
        Self.fixtures.deletingLastPathComponent().deletingLastPathComponent()
          .appending(path: "read-export").path, format, Self.table, command.path("exported"),
      ]
      let said = Pipe()
      check.standardError = said
      try check.run()
      check.waitUntilExit()
      let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(check.terminationStatus == 0, "\(text)")
    }
  }

  @Test func `is read by the Python in README`() throws {
    try withCommand { command in
      let readme = Self.fixtures.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "README.md")
      let parts = try String(contentsOf: readme, encoding: .utf8).components(
        separatedBy: "```python\n")
      let code = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
      _ = try command.write("reader.py", code)
      try FileManager.default.copyItem(
        atPath: Self.table, toPath: command.path("my-gpu.json"))
      let reader = Process()
      reader.executableURL = URL(filePath: "/usr/bin/python3")
      reader.arguments = ["reader.py"]
      reader.currentDirectoryURL = command.folder
      let said = Pipe()
      reader.standardOutput = said
      try reader.run()
      reader.waitUntilExit()
      #expect(reader.terminationStatus == 0)
      let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(text.contains("conv3x3") && text.contains("ms"))
    }
  }
}
