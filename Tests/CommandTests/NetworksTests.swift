import Foundation
import Testing

@Suite struct `Networks on the command line` {
  @Test func `are listed by family with their keys`() throws {
    try withCommand { command in
      let outcome = try command.run("networks")
      #expect(outcome.status == 0)
      for family in ["wdsr-b", "splitsr", "carn-m", "feqe", "block-ghost"] {
        #expect(outcome.output.contains("\n\(family)  "))
      }
      #expect(outcome.output.contains("  blocks=16"))
    }
  }

  @Test func `are listed layer by layer with totals`() throws {
    try withCommand { command in
      let outcome = try command.run("networks", "wdsr-b")
      #expect(outcome.status == 0)
      let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
      #expect(lines.first == ["wdsr-b:", "3x360x640", "->", "3x720x1280"])
      #expect(
        lines.contains(["cell15.conv2", "conv3x3", "25->32", "32x360x640", "7232", "1.659", "G"]))
      #expect(lines.contains { $0.starts(with: ["parameters", "299.6", "K"]) })
      #expect(lines.contains(["MACs", "68.09", "G"]))
    }
  }

  @Test func `are printed as JSON`() throws {
    try withCommand { command in
      let outcome = try command.run("networks", "--network", "espcn:scale=3", "--json")
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let network = try #require(object as? [String: Any])
      #expect(network["parameters"] as? Int == 22729)
      #expect(network["input"] as? [Int] == [1, 240, 427])
      #expect((network["layers"] as? [[String: Any]])?.count == 6)
      let families = try command.run("networks", "--json").output
      #expect(families.contains("\"name\" : \"quicksrnet\""))
    }
  }

  @Test func `are read from a candidate's file`() throws {
    try withCommand { command in
      let cells =
        "{\"block\": \"wdsr-a\", \"layers\": [{\"scheme\": \"%\", \"rate\": 2}, {\"scheme\": \"none\"}]}"
      let text = "{\"scale\": 2, \"channels\": 8, \"cells\": [\(cells)]}"
      let good = try command.write("good.json", text.replacing("%", with: "block-punched"))
      let outcome = try command.run("networks", "--candidate", good)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("conv3x3 8->32 blockpunched:1152/2304"))
      let bad = try command.write("bad.json", text.replacing("%", with: "blockpunched"))
      let failed = try command.run("networks", "--candidate", bad)
      #expect(failed.status == 65)
      #expect(
        failed.errors == "srprof: \(bad): cells[0].layers[0].scheme: no scheme 'blockpunched'; "
          + "did you mean 'block-punched'?\n")
      #expect(try command.run("networks", "--candidate", "absent.json").status == 74)
    }
  }

  @Test func `are written as new ONNX files, shared weights once`() throws {
    try withCommand { command in
      func write() throws -> Command.Outcome {
        try command.run("networks", "carn-m:input=32x32", "--onnx", "carn.onnx")
      }
      #expect(try write().status == 0)
      let before = try Data(contentsOf: URL(filePath: command.path("carn.onnx")))
      let again = try write()
      #expect(again.status == 64 && again.errors.contains("is there already"))
      #expect(try Data(contentsOf: URL(filePath: command.path("carn.onnx"))) == before)
      let listing = try command.run("networks", "--onnx", "carn.onnx").output
      #expect(listing.contains("257.0 K"))
      // A pipe is a file too.
      let piped = try command.run("networks", "espcn:input=8x8", "--onnx", "-")
      #expect(piped.status == 0 && piped.output.contains("srprof"))
    }
  }

  @Test(arguments: [
    (["wdsr-c"], "did you mean 'wdsr-a'?"), (["edsr:block=3"], "did you mean 'blocks'?"),
    (["edsr", "--network", "edsr"], "one network at a time"),
    (["--network", "edsr", "--candidate", "c.json"], "exclude each other"),
  ])
  func `are refused in one line`(arguments: [String], words: String) throws {
    try withCommand { command in
      let outcome = try command.start(["networks"] + arguments).finish()
      #expect(outcome.status == 64)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
