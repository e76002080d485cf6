import Foundation
import Testing

/// What needs no device, or none that works.
@Suite struct `The command line` {
  @Test(arguments: [
    [], ["measure"], ["devices"], ["profiles"], ["show"], ["schema"], ["compare"], ["best"],
    ["export"], ["report"], ["networks"], ["merge"], ["search"], ["search", "ask"],
    ["search", "tell"], ["prune"], ["nas", "compare"],
  ])
  func `helps with an example`(subcommand: [String]) throws {
    try withCommand { command in
      let outcome = try command.start(subcommand + ["--help"]).finish()
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Example: srprof"))
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test(arguments: [
    ["measure", "--devise", "0"], ["measure", "--row-seconds", "0"],
    ["measure", "--precision", "90"], ["measure", "--clock", "sundial"], ["mesure"], ["show"],
    ["show", "table.json", "--limit", "0"], ["measure", "--seed", "x"],
    ["measure", "--tune", "hard"], ["measure", "--schedule", "fastest"],
    ["measure", "--device", "cpu", "--threads", "0"],
    ["measure", "--device", "0", "--threads", "2"],
    ["measure", "--device", "cpu", "--limits", "videocore"], ["inspect", "--device", "cpu"],
    ["devices", "--device", "cpu", "--ceilings"], ["measure", "--only", " "],
    ["measure", "--only", "convolution99", "--dry-run"],
    ["measure", "--only", "conv3x3", "--only", "convolution99", "--dry-run"],
    ["measure", "--dry-run", "--threads", "2"], ["measure", "--dry-run", "--limits", "nowhere"],
    ["measure", "--device", "cpu", "--dry-run", "--limits", "videocore"],
    ["measure", "--device", "cpu", "--dry-run", "--validate"],
    ["measure", "--device", "0", "--dry-run", "--device", "1"],
    ["measure", "--output", "a.json", "-o", "b.json", "--dry-run"],
    ["measure", "-qo", "a.json", "-o", "b.json", "--dry-run"],
    ["measure", "--fresh", "--remeasure", "--dry-run"],
    ["run", "--device", "cpu", "--limits", "videocore", "--network", "espcn"],
    ["run", "--device", "cpu", "--tune", "full", "--network", "espcn"],
    ["devices", "--device", "cpu", "--limits", "videocore"], ["devices", "--wait"],
    ["devices", "--store", "s"], ["inspect", "--all", "--schedule", "elementwise"],
    ["networks", "--input", "1x3x8x8"], ["networks", "espcn", "--onnx", "-", "--json"],
  ])
  func `refuses wrong usage in one line with exit code 64`(arguments: [String]) throws {
    try withCommand { command in
      let outcome = try command.start(arguments).finish()
      #expect(outcome.status == 64)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("srprof: "))
    }
  }

  @Test func `says which profile was meant`() throws {
    try withCommand { command in
      let outcome = try command.run("measure", "--profile", "quik")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("did you mean 'quick'?"))
      #expect(outcome.errors.contains("wdsr-720p"))
    }
  }

  @Test func `lists the shipped profiles with rows and time`() throws {
    try withCommand { command in
      let lines = try command.run("profiles").output.split(separator: "\n")
      #expect(lines.count == 7)
      for name in [
        "quick", "sr-mobile", "splitsr-720p", "wdsr-720p", "float16", "search-wdsr",
      ] {
        #expect(lines.contains { $0.hasPrefix(name + " ") })
      }
    }
  }

  @Test func `prints a plan without touching a device`() throws {
    try withCommand { command in
      command.environment["SRPROF_VULKAN_LOADER"] = "/nowhere"
      let outcome = try command.run("measure", "--dry-run", "--only", "conv3x3 *->32")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("conv3x3"))
      #expect(!outcome.output.contains("conv5x5"))
    }
  }

  @Test func `prints a plan only for a device that is there`() throws {
    try withCommand { command in
      let plan = ["measure", "--dry-run", "--only", "conv3x3 *->32"]
      #expect(try command.start(plan + ["--device", "llvmpipe"]).finish().status == 0)
      #expect(try command.start(plan + ["--limits", "videocore"]).finish().status == 0)
      let processor = try command.start(plan + ["--device", "cpu"]).finish()
      #expect(processor.status == 0)
      #expect(processor.output.contains(": will fail, unsupported: XNNPACK skips zeros in 1x1"))
      let limits = try command.start(plan + ["--limits", "absent.yaml"]).finish()
      #expect(limits.status == 74 && limits.errors.contains("absent.yaml"))
      let absent = try command.start(plan + ["--device", "99"]).finish()
      #expect(absent.status == 69 && absent.output.isEmpty)
      #expect(absent.errorLines.count == 1 && absent.errors.contains("no device '99'"))
      command.environment["SRPROF_XNNPACK"] = "/nowhere"
      #expect(try command.start(plan + ["--device", "cpu"]).finish().status == 69)
    }
  }

  @Test(arguments: [
    ("workloads:\n  - convolutoin: {}\n", ":2:5: ", "convolution"),
    ("maps: [[8, 8]]\nworkloads:\n  - add: { chanels: [3] }\n", ":3:", "channels"),
    ("maps: [[8, 8]]\nworkloads:\n  - add: { channels: [three] }\n", ":3:", "three"),
    ("maps: [[8, 8]]\nworkloads:\n  - add: { channels: [] }\n", ":3:", "empty"),
    ("maps: [[8, 8]]\nworkloads:\n  - add: { channels: [-3] }\n", ":3:", "-3"),
    ("maps: [[8, 99999999999]]\nworkloads:\n  - add: { channels: [3] }\n", ":", "99999999999"),
    ("maps: [[8, 8]\nworkloads:\n", ":", ""),
    ("maps: [[8, 8]]\nworkloads: []\n", ":2:", ""),
  ])
  func `places a mistake in a profile`(yaml: String, place: String, word: String) throws {
    try withCommand { command in
      let file = try command.write("p.yaml", "name: p\ndescription: d\n" + yaml)
      let shifted = place.count > 1 ? Self.shift(place) : place
      let outcome = try command.run("measure", "--profile", file, "--dry-run")
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains(file + shifted), "\(outcome.errors)")
      #expect(word.isEmpty || outcome.errors.contains(word), "\(outcome.errors)")
    }
  }

  /// The two lines every profile here begins with.
  private static func shift(_ place: String) -> String {
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    guard let line = Int(parts[1]) else { return place }
    return ":\(line + 2):" + parts.dropFirst(2).joined(separator: ":")
  }

  @Test func `opens no mask through a link out of the profile's folder, and no pipe`() throws {
    try withCommand { command in
      let profile = try command.write(
        "p.yaml",
        "name: p\nmaps: [[8, 8]]\nworkloads:\n"
          + "  - convolution: { kernel: 3, channels: [[1, 1]], sparsity: { mask: m } }\n")
      let mask = command.path("m")
      for target in ["/etc/passwd", "/dev/zero", "..", "none"] {
        try FileManager.default.createSymbolicLink(atPath: mask, withDestinationPath: target)
        let outcome = try command.run("measure", "--profile", profile, "--dry-run")
        #expect(outcome.status == 65 && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("\(profile):4:69: cannot read the mask 'm'"))
        try FileManager.default.removeItem(atPath: mask)
      }
      try #require(mkfifo(mask, 0o600) == 0)
      #expect(try command.run("measure", "--profile", profile, "--dry-run").status == 65)
      try FileManager.default.removeItem(atPath: mask)
      _ = try command.write("other", "100000000\n")
      try FileManager.default.createSymbolicLink(atPath: mask, withDestinationPath: "other")
      #expect(try command.run("measure", "--profile", profile, "--dry-run").status == 0)
    }
  }

  @Test func `says when a profile's file is not there`() throws {
    try withCommand { command in
      let outcome = try command.run("measure", "--profile", "absent.yaml")
      #expect(outcome.status == 74)
      #expect(outcome.errors.contains("absent.yaml: no such file"))
    }
  }

  @Test func `works when it was copied elsewhere`() throws {
    try withCommand { command in
      let copy = command.folder.appending(path: "elsewhere")
      try FileManager.default.copyItem(at: Command.program, to: copy)
      #expect(try command.run("profiles", program: copy).output.contains("quick"))
      let schema = try command.run("schema", program: copy).output
      #expect(schema.contains("srprof.latency-table"))
      let outcome = try command.run("measure", "--dry-run", program: copy)
      #expect(outcome.status == 0)
    }
  }

  @Test func `writes completion scripts`() throws {
    try withCommand { command in
      for shell in ["bash", "zsh", "fish"] {
        let outcome = try command.run("--generate-completion-script", shell)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("measure"))
      }
    }
  }
}

/// Tables that are not what they should be.
@Suite struct `Showing a table` {
  @Test(
    arguments: [
      ("", 65), ("{", 65), ("[]", 65), ("{}", 65), ("{\"schema\": \"other\"}", 65),
      ("{\"schema\": \"srprof.latency-table\", \"schemaVersion\": \"9.0.0\"}", 65),
    ] as [(String, Int32)])
  func `refuses what is no table`(text: String, status: Int32) throws {
    try withCommand { command in
      let file = try command.write("table.json", text)
      let outcome = try command.run("show", file)
      #expect(outcome.status == status)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains(file))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `says when the file is not there`() throws {
    try withCommand { command in
      let outcome = try command.run("show", "absent.json")
      #expect(outcome.status == 74)
      #expect(outcome.errors.contains("absent.json"))
    }
  }
}
