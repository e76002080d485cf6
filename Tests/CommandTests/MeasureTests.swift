import Foundation
import Testing

/// A table's JSON, as someone who knows nothing of srprof's types reads it.
struct ReadTable {
  let object: [String: Any]

  init(_ path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  var rows: [[String: Any]] { object["rows"] as? [[String: Any]] ?? [] }
  var names: [String] { rows.compactMap { $0["name"] as? String } }
  var isComplete: Bool? { object["complete"] as? Bool }

  func row(_ name: String) -> [String: Any]? { rows.first { $0["name"] as? String == name } }

  func failure(_ name: String) -> (kind: String?, reason: String?) {
    let failure = row(name)?["failure"] as? [String: Any]
    return (failure?["kind"] as? String, failure?["reason"] as? String)
  }
}

@Suite(.serialized) struct `Measuring` {
  @Test(arguments: ["llvmpipe", "SwiftShader"])
  func `gives every row a checked time with an interval`(device: String) throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", device, "--profile", profile, "--output", "t.json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("conv3x3 8->8 24x40 relu"))
      #expect(!(outcome.output + outcome.errors).contains("\u{1b}"))
      let table = try ReadTable(command.path("t.json"))
      #expect(table.isComplete == true)
      #expect(table.rows.count == 3)
      for row in table.rows {
        #expect(row["status"] as? String == "measured")
        let latency = try #require(row["latency"] as? [String: Any])
        let low = try #require(latency["lowNanoseconds"] as? Double)
        let undisturbed = try #require(latency["undisturbedNanoseconds"] as? Double)
        let high = try #require(latency["highNanoseconds"] as? Double)
        #expect(0 < low && low <= undisturbed && undisturbed <= high)
        let check = try #require(row["check"] as? [String: Any])
        let error = try #require(check["maxRelativeError"] as? Double)
        let tolerance = try #require(check["tolerance"] as? Double)
        #expect(error <= tolerance)
      }
      #expect(try validates(command.path("t.json"), command))
    }
  }

  /// Whether Python's jsonschema, given the schema the program prints, accepts a table.
  private func validates(_ table: String, _ command: Command) throws -> Bool {
    let schema = try command.write("schema.json", try command.run("schema").output)
    let python = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2])))
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", python, schema, table]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test func `uses the wall clock when asked, and says so`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "--clock", "wall", "-o", "t.json")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("wall clock"))
      let method = try ReadTable(command.path("t.json")).object["method"] as? [String: Any]
      #expect(method?["clock"] as? String == "wallClock")
    }
  }

  @Test func `writes the table to standard output, and nothing else there`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "--output", "-", "--quiet")
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      #expect((object as? [String: Any])?["schema"] as? String == "srprof.latency-table")
    }
  }

  @Test func `keeps its rows for the next time`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let arguments = ["measure", "--device", "llvmpipe", "--profile", profile, "-o", "t.json"]
      #expect(try command.start(arguments).finish().status == 0)
      let first = try ReadTable(command.path("t.json"))
      let again = try command.start(arguments).finish()
      #expect(again.errors.contains("kept 3 of 3 rows"))
      #expect(
        try NSArray(array: ReadTable(command.path("t.json")).rows) == NSArray(array: first.rows))
      let fresh = try command.start(arguments + ["--fresh"]).finish()
      #expect(!fresh.errors.contains("kept"))
      #expect(
        try NSArray(array: ReadTable(command.path("t.json")).rows) != NSArray(array: first.rows))
    }
  }

  @Test func `makes a workload beyond the device a failed row, and goes on`() throws {
    try withCommand { command in
      let profile = try command.write(
        "big.yaml",
        """
        name: big
        description: One row no device can hold, one that needs a wider halo, one small one.
        rowSeconds: 0.1
        workloads:
          - add: { channels: [4096], maps: [[16384, 16384]] }
          - convolution: { kernel: 11, channels: [[4, 4]], maps: [[16, 16]] }
          - add: { channels: [4], maps: [[16, 16]] }
        """)
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "-o", "t.json")
      #expect(outcome.status == 1)
      let table = try ReadTable(command.path("t.json"))
      #expect(table.isComplete == true)
      let big = table.failure("add 4096 16384x16384")
      #expect(big.kind == "overLimit")
      #expect(
        big.reason?.contains("exceeds max") == true
          || big.reason?.contains("memory heap") == true, "\(big)")
      #expect(table.failure("conv11x11 4->4 16x16").kind == "unsupported")
      #expect(table.row("add 4 16x16")?["status"] as? String == "measured")
    }
  }

  @Test func `keeps the compiler's words when a shader of a folder does not compile`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let shaders = command.path("shaders")
      try FileManager.default.createDirectory(
        atPath: shaders, withIntermediateDirectories: true)
      _ = try command.write("shaders/add.comp", "void main() { nonsense(); }\n")
      command.environment["SRPROF_SHADERS"] = shaders
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "-o", "t.json")
      #expect(outcome.status == 1)
      let failure = try ReadTable(command.path("t.json")).failure("add 12 24x40")
      #expect(failure.kind == "notCompiled")
      #expect(failure.reason?.contains("nonsense") == true)
      command.environment["SRPROF_SHADERS"] = command.path("absent")
      #expect(try command.run("measure", "--profile", profile).status == 74)
    }
  }

  @Test func `never calls a kernel fast that is wrong`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      try FileManager.default.createDirectory(
        atPath: command.path("shaders"), withIntermediateDirectories: true)
      _ = try command.write(
        "shaders/add.comp",
        """
        void main() {
          const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
          if (at.x + 1 >= WIDTH || at.y >= HEIGHT) return;
          const uint texel = at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO;
          store_output(texel, load_input(texel) + load_second(texel));
        }
        """)
      command.environment["SRPROF_SHADERS"] = command.path("shaders")
      let outcome = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "--only", "add", "-o", "t.json")
      #expect(outcome.status == 1)
      let failure = try ReadTable(command.path("t.json")).failure("add 12 24x40")
      #expect(failure.kind == "wrongOutput")
    }
  }

  @Test(arguments: ["absent/t.json", ".", "/proc/t.json", "", "new/"])
  func `finds out that the table cannot be written before it measures`(output: String) throws {
    try withCommand { command in
      let outcome = try command.run("measure", "--device", "llvmpipe", "--output", output)
      #expect(outcome.status == 74)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: command.path("data")))
    }
  }

  @Test func `refuses a store that is no store, and leaves it as it is`() throws {
    try withCommand { command in
      let text = "this is not a database, but it is long enough to be taken for a header"
      let store = try command.write("store.sqlite", text)
      let outcome = try command.run("measure", "--device", "llvmpipe", "--store", store)
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains(store))
      #expect(try String(contentsOfFile: store, encoding: .utf8) == text)
    }
  }
}
