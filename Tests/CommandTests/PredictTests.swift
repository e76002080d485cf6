import Foundation
import Testing

@Suite struct `Predicting on the command line` {
  private static let table = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Reports/lavapipe-sr-mobile.json").path

  @Test func `says how long a network takes, what of it, and how that is known`() throws {
    try withCommand { command in
      let outcome = try command.run(
        "predict", "--table", Self.table, "--network", "wdsr-b:blocks=2,scale=4")
      #expect(outcome.status == 0, "\(outcome.errors)")
      for words in [
        "latency", "95 % interval", "conv1x1", "conv5x5", "0.0 % interpolated, 0.0 % modelled",
        "exact\n",
      ] {
        #expect(outcome.output.contains(words))
      }
    }
  }

  @Test func `adds up its rows in JSON`() throws {
    try withCommand { command in
      let outcome = try command.run(
        "predict", "--table", Self.table, "--network", "splitsr:scale=4", "--json")
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let prediction = try #require(object as? [String: Any])
      let rows = try #require(prediction["rows"] as? [[String: Any]])
      let sum = rows.reduce(0) { sum, row in
        sum + (row["nanoseconds"] as? Double ?? 0) * (row["count"] as? Double ?? 0)
      }
      let total = try #require(prediction["nanoseconds"] as? Double)
      #expect(abs(sum / total - 1) < 1e-9)
      #expect(Set(rows.compactMap { $0["basis"] as? String }).isSuperset(of: ["exact"]))
    }
  }

  @Test func `answers each of several networks, and each line of candidates`() throws {
    try withCommand { command in
      let several = try command.run(
        "predict", "--table", Self.table, "--network", "wdsr-b:blocks=2,scale=4", "--network",
        "fsrcnn", "--limit", "0")
      #expect(several.output.split(separator: "\n").count { $0.hasPrefix("latency") } == 2)
      let file = command.folder.appending(path: "c.jsonl").path
      let good =
        #"{"scale": 4, "channels": 24, "cells": [{"block": "wdsr-b"}, {"block": "wdsr-b"}]}"#
      try "\(good)\n\n{\"scale\": 4}\n\(good)".write(
        toFile: file, atomically: true, encoding: .utf8)
      let batch = try command.run("predict", "--table", Self.table, "--candidates", file)
      #expect(batch.status == 65)
      #expect(batch.errorLines.count == 1 && batch.errors.contains("1 of 4 lines"))
      let lines = batch.output.split(separator: "\n")
      try #require(lines.count == 3)
      #expect(lines[0] == lines[2] && lines[1].contains(#""error""#))
      let alone = try command.run(
        "predict", "--table", Self.table, "--network", "wdsr-b:blocks=2,channels=24,scale=4",
        "--json")
      func nanoseconds(_ text: some StringProtocol) throws -> Double {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(object?["nanoseconds"] as? Double)
      }
      #expect(abs(try nanoseconds(lines[0]) / nanoseconds(alone.output) - 1) < 1e-9)
      for (arguments, word) in [
        (["--candidates", file + "x"], "No such file"),
        (["--candidates", file, "--json"], "--json"),
        (["--candidates", file, "--network", "fsrcnn"], "leave out"), ([], "no network is named"),
      ] {
        let wrong = try command.start(["predict", "--table", Self.table] + arguments).finish()
        #expect(wrong.errorLines.count == 1 && wrong.errors.contains(word), "\(wrong.errors)")
      }
    }
  }

  @Test func `fewer cells fit, and more is pruned, the surer it is to be`() throws {
    try withCommand { command in
      let depth = [
        "nas", "depth", "--table", Self.table, "--cell", "wdsr-b:channels=24", "--scale", "4",
        "--target-ms", "5000", "--json",
      ]
      func answer(_ more: String...) throws -> [String: Double] {
        let outcome = try command.start(depth + more).finish()
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(object as? [String: Double])
      }
      let (even, sure) = (try answer(), try answer("--confidence", "99.99%"))
      #expect(try #require(sure["cells"]) < #require(even["cells"]))
      #expect(try #require(sure["highNanoseconds"]) <= 5e9)
      let half = try answer("--confidence", "0.5")
      #expect(try #require(half["cells"]) <= #require(even["cells"]))
      #expect(try #require(half["cells"]) >= #require(sure["cells"]))
      for wrong in ["40%", "100%", "x", "1"] {
        let outcome = try command.start(depth + ["--confidence", wrong]).finish()
        #expect(outcome.status == 64 && outcome.errorLines.count == 1)
      }
    }
  }

  @Test func `refuses what is not exact, naming the rows`() throws {
    try withCommand { command in
      let outcome = try command.run(
        "predict", "--table", Self.table, "--network", "splitsr:scale=4", "--exact")
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("'conv3x3 64->3 720x1280'"))
      let failed = try command.run(
        "predict", "--table", Self.table, "--network", "wdsr-b:scale=2")
      #expect(failed.status == 65)
      #expect(failed.errors.contains("conv1x1 32->192 360x640 relu"))
      #expect(failed.errors.contains("overLimit"))
    }
  }

  @Test func `finds the most cells that a latency allows`() throws {
    try withCommand { command in
      func cells(
        _ milliseconds: String, _ more: String..., status: Int32 = 0
      ) throws -> [String: Double] {
        let arguments =
          ["nas", "depth", "--table", Self.table, "--cell", "wdsr-b:channels=32", "--scale", "4"]
          + ["--target-ms", milliseconds, "--json"] + more
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == status)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(object as? [String: Double])
      }
      let dense = try cells("1000")
      let count = try #require(dense["cells"])
      let total = try #require(dense["nanoseconds"])
      let each = try #require(dense["nanosecondsPerCell"])
      #expect(count >= 1 && total <= 1e9 && total + each > 1e9)
      let pruned = try cells("1000", "--scheme", "block-punched", "--rate", "4")
      #expect(try #require(pruned["cells"]) > count)
      #expect(try cells("1", status: 1)["cells"] == 0)
    }
  }

  @Test func `finds the smallest pruning rate, or says what can be reached`() throws {
    try withCommand { command in
      let cell =
        "{\"block\": \"wdsr-a\", \"layers\": [{\"scheme\": \"block-punched\", \"rate\": 2}, "
        + "{\"scheme\": \"block-punched\", \"rate\": 2}]}"
      let candidate = try command.write(
        "c.json", "{\"scale\": 4, \"channels\": 32, \"cells\": [\(cell), \(cell)]}")
      let ratio = ["nas", "ratio", "--table", Self.table, "--candidate", candidate, "--target-ms"]
      let much = try command.start(ratio + ["100000"]).finish()
      #expect(much.status == 0 && much.output.hasPrefix("rate   1.00: "))
      let little = try command.start(ratio + ["0.001"]).finish()
      #expect(little.status == 1)
      #expect(little.output.contains("none") && little.output.contains("at rate 32"))
    }
  }

  @Test(arguments: [
    (
      ["nas", "depth", "--cell", "wdsr-b:scale=3", "--scale", "2", "--target-ms", "9"],
      "scale is not"
    ),
    (
      ["nas", "depth", "--cell", "wdsr-b:blocks=3", "--scale", "2", "--target-ms", "9"],
      "looked for"
    ),
    (
      ["nas", "depth", "--cell", "wdsr-b", "--scale", "2", "--target-ms", "9", "--rate", "4"],
      "is for a scheme"
    ),
    (["predict", "--network", "wdsr-b:rate=3"], "is for a scheme"),
    (["predict", "--network", "wdsr-b:scheme=filter,rate=1000"], "leaves no filter"),
    (["predict", "--network", "wdsr-b", "--input", "1x4x180x320"], "takes 3x180x320"),
    (["predict", "--network", "wdsr-b:output=64x64", "--input", "1x3x8x8"], "both give a size"),
    (["run", "--network", "espcn", "--network", "edsr"], "--network is given twice"),
    (
      ["run", "--network=espcn", "--network=edsr", "--network=x"], "--network is given 3 times"
    ),
    (["run", "--candidate", "a.json", "--candidate", "b.json"], "--candidate is given twice"),
    (["predict", "--network", "espcn", "--table", "t.json"], "--table is given twice"),
    (["predict", "--network", "espcn", "--json", "--limit", "3"], "leave out --limit"),
    (["predict", "--network", "espcn", "--any-device"], "name one"),
    (["validate", "--rows", "--picture", "v.svg"], "do not go with it"),
    (["validate", "--list", "--picture", "v.svg"], "do not go with it"),
    (["validate", "--rows", "--device", "0"], "do not go with it"),
    (["validate", "--rows", "--paired"], "do not go with it"),
    (["calibrate", "--network", "espcn"], "too few"),
  ])
  func `refuses options that contradict each other`(arguments: [String], words: String) throws {
    try withCommand { command in
      let outcome = try command.start(arguments + ["--table", Self.table]).finish()
      #expect(outcome.status == 64)
      #expect(outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test func `finds no more cells than a family has, and checks where cells differ`() throws {
    try withCommand { command in
      func cells(_ cell: String, _ milliseconds: String) throws -> String {
        try command.run(
          "nas", "depth", "--table", Self.table, "--cell", cell, "--scale", "4", "--target-ms",
          milliseconds
        ).output
      }
      #expect(try cells("wdsr-b:channels=16", "1e30").contains("256 cells, the most"))
      // Two of three blocks of SplitSR's are split, and the second is one of them.
      let json = try command.run(
        "nas", "depth", "--table", Self.table, "--cell", "splitsr-block:groups=1", "--scale", "4",
        "--target-ms", "20000", "--json"
      ).output
      let answer = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Double]
      let count = try #require(answer?["cells"])
      let line =
        try #require(answer?["fixedNanoseconds"])
        + count * #require(answer?["nanosecondsPerCell"])
      #expect(try #require(answer?["nanoseconds"]) > line * 1.1)
    }
  }

  @Test func `refuses constants of a calibration that cannot be`() throws {
    try withCommand { command in
      let text = try String(contentsOfFile: Self.table, encoding: .utf8)
      for (key, value) in [
        ("perSubmissionNanoseconds", "-1"), ("relativeSpread", "1e30"), ("savedShare", "2"),
      ] {
        let constants = [
          "savedShare", "perDispatchNanoseconds", "perSubmissionNanoseconds", "relativeSpread",
        ]
        .map { "\"\($0)\":\($0 == key ? value : "0")" }.joined(separator: ",")
        let table = try command.write(
          "t.json",
          text.replacing(
            "\"complete\"", with: "\"additivity\":{\(constants),\"networks\":3},\"complete\""))
        let outcome = try command.run("predict", "--table", table, "--network", "espcn")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("additivity.\(key)"), "\(outcome.errors)")
      }
    }
  }

  @Test func `sweeps SplitSR`() throws {
    try withCommand { command in
      let outcome = try command.run(
        "explore", "splitsr", "--table", Self.table, "--scale", "4", "--format", "csv")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.output.split(whereSeparator: \.isNewline)
      // Four ratios of features, three of both and of the upsampler, and a title.
      #expect(lines.count == 1 + (1 + 4 * 11) + 3 * 11 + 3)
      #expect(lines.contains { $0.hasPrefix("features,0.25,3,back,") })
      #expect(lines.contains { $0.hasSuffix(",true") } && lines.contains { $0.hasSuffix(",false") })
      let wrong = try command.run(
        "explore", "splitsr", "--table", Self.table, "--scale", "4", "--picture", "a.png")
      #expect(wrong.status == 64)
    }
  }
}
