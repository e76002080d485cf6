import Foundation
import Testing

/// With an evaluator that trains nothing.
@Suite struct `Searching on the command line` {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let table = root.appending(path: "Reports/lavapipe-search-wdsr.json").path
  private static let stub = root.appending(path: "Tests/SearchExamples/evaluator-stub.py").path

  private static func arguments(_ mode: String = "good", target: String = "30") -> [String] {
    [
      "--table", table, "--space", "wdsr-small", "--scale", "2", "--output", "320x180",
      "--target-ms", target, "--first", "4", "--batch", "3", "--evaluator",
      "python3 '\(stub)' \(mode)",
    ]
  }

  @Test func `finds a network, says what was found, and carries on`() throws {
    try withCommand { command in
      let search = ["search"] + Self.arguments() + ["--directory", command.path("s")]
      let first = try command.start(search + ["--rounds", "1"]).finish()
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("4 candidates in 1 rounds"))
      let second = try command.start(search + ["--rounds", "3", "--workers", "2"]).finish()
      #expect(second.output.contains("10 candidates in 3 rounds"), "\(second.errors)")
      let directory = ["--directory", command.path("s")]
      let status = try command.start(["search", "status", "--json"] + directory).finish()
      let object = try JSONSerialization.jsonObject(with: Data(status.output.utf8))
      let figures = try #require(object as? [String: Any])
      #expect(figures["done"] as? Int == 10 && figures["metric"] as? String == "psnrY")
      let best = try #require(figures["best"] as? [String: Any])
      #expect(try #require(best["nanoseconds"] as? Double) <= 30e6)
      let history = try command.start(["search", "history"] + directory).finish()
      #expect(history.output.split(separator: "\n").count == 11)
      let front = try command.start(["search", "front", "--json"] + directory).finish()
      #expect(
        try #require(try JSONSerialization.jsonObject(with: Data(front.output.utf8)) as? [Any])
          .count >= 1)
      let candidate = try command.start(["search", "best"] + directory).finish()
      let file = try command.write("best.json", candidate.output)
      let predicted = try command.run(
        "predict", "--table", Self.table, "--candidate", file, "--json")
      let network = try JSONSerialization.jsonObject(with: Data(predicted.output.utf8))
      let nanoseconds = try #require((network as? [String: Any])?["nanoseconds"] as? Double)
      #expect(abs(nanoseconds / (best["nanoseconds"] as? Double ?? 0) - 1) < 1e-6)
    }
  }

  @Test func `gives out candidates and takes results without an evaluator`() throws {
    try withCommand { command in
      let directory = ["--directory", command.path("s")]
      let begin = Array(Self.arguments().dropLast(2))
      #expect(try command.start(["search"] + begin + directory).finish().status == 0)
      let asked = try command.start(["search", "ask", "10"] + directory).finish()
      let lines = asked.output.split(separator: "\n")
      #expect(lines.count == 4)
      let ids = try lines.map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["candidate"] is [String: Any])
        return try #require(object?["id"] as? String)
      }
      let none = try command.start(["search", "ask", "10"] + directory).finish()
      #expect(none.output.isEmpty && none.errors.contains("--again"))
      var results = ids.dropLast().map { #"{"id": "\#($0)", "quality": {"psnrY": 3\#($0)}}"# }
      results.append(#"{"id": "\#(ids[3])", "type": "failed", "message": "no memory"}"#)
      let file = try command.write("r.jsonl", results.joined(separator: "\n"))
      let told = try command.start(["search", "tell", file] + directory).finish()
      #expect(told.status == 0 && told.output.contains("candidate \(ids[2])"), "\(told.errors)")
      let wrong = try command.write("w.jsonl", "\n{\"id\": \"77\", \"quality\": {\"psnrY\": 3}}")
      let refused = try command.start(["search", "tell", wrong] + directory).finish()
      #expect(refused.status == 64 && refused.errors.contains("w.jsonl:2"), "\(refused.errors)")
    }
  }

  @Test func `says in a line what is wrong`() throws {
    try withCommand { command in
      func search(
        _ arguments: [String], status: Int32, _ words: String
      ) throws {
        let outcome = try command.start(["search"] + arguments).finish()
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        let own = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("srprof: ") }
        #expect(own.count == 1, "\(outcome.errors)")
      }
      let directory = ["--directory", command.path("s")]
      try search(Self.arguments(target: "1") + directory, status: 1, "the fastest network")
      try search(Self.arguments("always-crash") + directory, status: 69, "nothing to train on")
      try search(
        Self.arguments().dropLast() + ["no-such-evaluator"] + directory, status: 69, "not found")
      try search(Self.arguments(target: "31") + directory, status: 64, "another target")
      try search(["status", "--directory", command.path("none")], status: 64, "there is no search")
      try search(Self.arguments() + ["--rounds", "1", "--rounds", "2"], status: 64, "given twice")
      try search(["stop"] + directory + ["--table", "t"], status: 64, "Unknown option")
      try search(
        ["--table", Self.table, "--scale", "2", "--space", "x", "--target-ms", "9"], status: 64,
        "no search space 'x'")
      try search(
        ["--table", Self.table, "--scale", "2", "--cells", "4-2", "--target-ms", "9"], status: 64,
        "--cells")
      let space = try command.write("s.yaml", "family: wdsr\nscale: 2\nblocks: [wdsr-c]\n")
      try search(
        ["--table", Self.table, "--space", space, "--target-ms", "9"], status: 65, "s.yaml:3")
    }
  }

  @Test(.enabled(if: Command.canMount, "needs mounts of its own"))
  func `on a full disk loses nothing, and carries on when there is room`() throws {
    try withCommand { command in
      let folder = command.path("disk")
      let search =
        (["search"] + Self.arguments() + ["--rounds", "2", "--directory", "\(folder)/s"])
        .map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
      let program = Command.program.path
      let script = try command.script(
        "full",
        """
        mkdir -p '\(folder)' && mount -t tmpfs -o size=100k none '\(folder)'
        head -c 20000 /dev/zero > '\(folder)/rest'
        '\(program)' \(search) --quiet; echo "first $?"
        mount -o remount,size=10m '\(folder)'
        '\(program)' \(search) --quiet; echo "second $?"
        """)
      let outcome = try command.run(
        "-m", script, program: URL(filePath: "/usr/bin/unshare"))
      #expect(outcome.output.contains("first 74\n"), "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("second 0\n"), "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("7 candidates in 2 rounds"))
      #expect(outcome.errors.split(separator: "\n").count { $0.hasPrefix("srprof:") } == 1)
      #expect(outcome.errors.contains("the disk is full") || outcome.errors.contains("No space"))
    }
  }

  @Test func `prunes a candidate, and writes the best`() throws {
    try withCommand { command in
      let candidate = try command.write(
        "c.json",
        #"""
        {"scale": 2, "output": "320x180", "channels": 16, "cells": [
          {"block": "wdsr-a", "layers": [{"scheme": "block-punched", "rate": 2}, {"scheme": "pattern"}]},
          {"block": "wdsr-b", "layers": [{"scheme": "filter", "rate": 2}, {"scheme": "none"}, {"scheme": "none"}]}]}
        """#)
      let prune = [
        "prune", "--table", Self.table, "--candidate", candidate, "--directory", command.path("p"),
        "--evaluator", "python3 '\(Self.stub)' prune", "--lambda", "1e-5", "--output",
        command.path("best"), "--picture", command.path("page.html"),
      ]
      let outcome = try command.start(prune + ["--target-ms", "15"]).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      for words in ["dense", "one-shot", "uniform", "reweighted 1e-05", "is best"] {
        #expect(outcome.output.contains(words), "\(outcome.output)")
      }
      let predicted = try command.run(
        "predict", "--table", Self.table, "--candidate", command.path("best.json"), "--json")
      let object = try JSONSerialization.jsonObject(with: Data(predicted.output.utf8))
      #expect(try #require((object as? [String: Any])?["nanoseconds"] as? Double) <= 15e6)
      let layers = try command.run(
        "networks", "--candidate", command.path("best.json"), "--weights",
        command.path("best.safetensors"))
      #expect(layers.status == 0, "\(layers.errors)")
      let page = try String(contentsOfFile: command.path("page.html"), encoding: .utf8)
      #expect(page.contains("one-shot reaches") && page.contains("cell0.conv1"))
      // The masks are a profile, with the layers of the network.
      let masks = try command.run(
        "measure", "--profile", command.path("best-masks.yaml"), "--dry-run", "--device", "0")
      #expect(masks.status == 0, "\(masks.errors)")
      for words in ["blockpunched:", "pattern:", "mask:"] {
        #expect(masks.output.contains(words), "\(masks.output)")
      }
      let unreachable = try command.start(prune + ["--target-ms", "2"]).finish()
      #expect(unreachable.status == 1 && unreachable.errors.contains("the fastest takes"))
    }
  }
}
