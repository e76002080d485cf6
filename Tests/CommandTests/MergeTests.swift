import Foundation
import Testing

@Suite struct `Merging` {
  @Test func `joins the tables of shards, each with a store of its own`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      for index in 1...2 {
        let outcome = try command.run(
          "measure", "--device", "llvmpipe", "--profile", profile, "--shard", "\(index)/2",
          "--store", "\(index).sqlite")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let (first, second) = ("srprof-small-shard-1-of-2.json", "srprof-small-shard-2-of-2.json")
      #expect(try command.run("show", first).output.contains("small, shard 1/2, "))
      let merged = try command.run("merge", first, second, "--output", "all.json")
      #expect(merged.status == 0 && merged.output.isEmpty, "\(merged.errors)")
      #expect(merged.errors.contains("3 rows of 2 tables; table: all.json"))
      let table = try ReadTable(command.path("all.json"))
      #expect(table.isComplete == true && table.rows.count == 3 && table.object["shard"] == nil)
      #expect(try Set(ReadTable(command.path(first)).names).isSubset(of: table.names))
      // Still a part: no second shard is in it.
      try FileManager.default.copyItem(atPath: command.path(first), toPath: command.path("copy"))
      let part = try command.run("merge", first, "copy", "-o", "part.json")
      #expect(part.status == 1 && part.errors.contains("part.json has"), "\(part.errors)")
      #expect(part.errors.contains(" of 3 rows of small, which is not complete"))
      #expect(try ReadTable(command.path("part.json")).isComplete == false)
    }
  }

  @Test(arguments: ["0/3", "4/3", "x", "3", "1/0", "1/100000", ""])
  func `measures no shard that there is not`(shard: String) throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let outcome = try command.run("measure", "--profile", profile, "--shard", shard, "--dry-run")
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("shard"))
    }
  }

  @Test func `says in one line why tables cannot be joined`() throws {
    try withCommand { command in
      let table = `Comparing and exporting tables`.table
      let text = try String(contentsOfFile: table, encoding: .utf8)
      let copy = try command.write("copy.json", text)
      let other = try command.write("other.json", text.replacing("0123456789abcdef", with: "ff"))
      let hot = try command.write("hot.json", text.replacing("\"inNetwork\"", with: "\"hot\""))
      _ = try command.run("export", table, "--format", "csv", "--output", "t.csv")
      try FileManager.default.createSymbolicLink(
        atPath: command.path("link"), withDestinationPath: copy)
      for (arguments, status, words) in [
        ([table, "-o", "x.json"], 64, "two tables or more"),
        (["-o", "x.json"], 64, "tables"),
        ([table, copy], 64, "--output"),
        ([copy, copy, "-o", "x.json"], 64, "given twice"),
        ([copy, "link", "-o", "x.json"], 64, "one file"),
        ([table, copy, "-o", copy], 64, "would be lost"),
        ([table, copy, "-o", "none/x.json"], 74, "none/x.json"),
        ([table, other, "-o", "x.json"], 65, "\(table) and \(other) cannot be merged: the finger"),
        ([table, hot, "-o", "x.json"], 65, "the temperature is inNetwork in the one, and hot in"),
        ([table, command.path("t.csv"), "-o", "x.json"], 65, "t.csv: is not JSON"),
        ([table, command.folder.path, "-o", "x.json"], 74, "s a directory"),
        ([table, "missing.json", "-o", "x.json"], 74, "missing.json"),
      ] as [([String], Int32, String)] {
        let outcome = try command.start(["merge"] + arguments).finish()
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        #expect(
          outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: command.path("x.json")))
      #expect(try command.run("merge", table, copy, "-o", "x.json").status == 0)
    }
  }

  @Test func `warns of rows that contradict each other`() throws {
    try withCommand { command in
      let text = try String(contentsOfFile: `Comparing and exporting tables`.table, encoding: .utf8)
      let slow = try command.write(
        "slow.json",
        text.replacing(/"(undisturbed|low|high|median|p90)Nanoseconds":([0-9.e+]+)/) { match in
          "\"\(match.1)Nanoseconds\":\((Double(match.2) ?? 0) * 3)"
        })
      let outcome = try command.run(
        "merge", `Comparing and exporting tables`.table, slow, "-o", "-")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("warning: '"))
      #expect(outcome.errors.contains("takes 200.0 % longer in \(slow) than in"))
      let table = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let warnings = (table as? [String: Any])?["warnings"] as? [String] ?? []
      #expect(warnings.contains { $0.contains("takes 200.0 % longer") })
    }
  }
}
