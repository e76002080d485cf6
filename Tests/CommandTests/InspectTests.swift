import Foundation
import Testing

/// Kernels compiled without being run.
@Suite(.serialized) struct `Inspecting kernels` {
  @Test(arguments: ["llvmpipe", "SwiftShader"])
  func `lists them in words and in JSON, and runs nothing`(device: String) throws {
    try withCommand { command in
      let profile = try command.write("p.yaml", smallProfile)
      let text = try command.run("inspect", "--device", device, "--profile", profile)
      #expect(text.status == 0)
      #expect(text.errors.isEmpty)
      #expect(text.output.contains("conv3x3 8->8 24x40"))
      #expect(text.output.contains("says nothing of its machine code"))
      let json = try command.run("inspect", "--device", device, "--profile", profile, "--json")
      let list = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      #expect(list.count == 3)
      for kernel in list {
        let compiled = try #require(kernel["compiled"] as? [String: Any])
        #expect((compiled["spirvBytes"] as? Int ?? 0) > 100)
        #expect((compiled["spirvHash"] as? String)?.count == 16)
        #expect((kernel["schedule"] as? [String: Any])?["name"] is String)
      }
      #expect(!FileManager.default.fileExists(atPath: command.path("data")))
    }
  }

  @Test func `takes one schedule by its name`() throws {
    try withCommand { command in
      let profile = try command.write("p.yaml", smallProfile)
      let one = try command.run(
        "inspect", "--profile", profile, "--schedule", "elementwise/wg8x8", "--only", "add")
      #expect(one.status == 0)
      #expect(one.output.contains("elementwise/wg8x8"))
      let unfit = try command.run("inspect", "--profile", profile, "--schedule", "elementwise")
      #expect(unfit.status == 1)
      #expect(unfit.output.contains("conv3x3 8->8 24x40 relu: failed, unsupported"))
      let none = try command.run("inspect", "--profile", profile, "--schedule", "nonsense")
      #expect(none.status == 64)
      #expect(none.errorLines.count == 1)
      #expect(none.errors.contains("'nonsense' is no algorithm"))
    }
  }

  @Test func `takes every schedule that fits`() throws {
    try withCommand { command in
      let profile = try command.write("p.yaml", smallProfile)
      let outcome = try command.run("inspect", "--profile", profile, "--only", "add", "--all")
      #expect(outcome.status == 0)
      #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("add 12 24x40") } > 1)
    }
  }

  @Test func `chooses schedules within the limits it is given`() throws {
    try withCommand { command in
      let profile = try command.write("p.yaml", smallProfile)
      let limits = try command.write(
        "tiny.yaml", "name: tiny\nlimits: { maxTexelBufferElements: 1 }\n")
      let own = try command.run("inspect", "--profile", profile, "--only", "conv*").output
      let capped = try command.run(
        "inspect", "--profile", profile, "--only", "conv*", "--limits", limits
      ).output
      #expect(own.contains("in:texel"))
      #expect(!capped.contains("in:texel"))
      let name = "elementwise/wg16x4/in:texel"
      let beyond = try command.run(
        "inspect", "--profile", profile, "--limits", limits, "--schedule", name)
      #expect(beyond.status == 1)
      #expect(beyond.output.contains("add 12 24x40: failed, overLimit"), "\(beyond.output)")
      #expect(beyond.output.contains("maxTexelBufferElements 1"))
      #expect(beyond.output.contains("conv3x3 8->8 24x40 relu: failed, unsupported"))
    }
  }

  @Test func `says which kernel does not compile, and goes on`() throws {
    try withCommand { command in
      let profile = try command.write("p.yaml", smallProfile)
      command.environment["SRPROF_SHADERS"] = command.folder.path
      _ = try command.write("add.comp", "void main() { nonsense; }")
      let outcome = try command.run("inspect", "--profile", profile)
      #expect(outcome.status == 1)
      #expect(outcome.errors == "srprof: 1 of 3 kernels failed\n")
      #expect(outcome.output.contains("add 12 24x40: failed, notCompiled"))
      #expect(outcome.output.contains("conv3x3 8->8 24x40"))
    }
  }
}

/// Kernels chosen as if for another class of devices.
@Suite(.serialized) struct `Limits of another class of devices` {
  @Test func `are in the table's header`() throws {
    try withCommand { command in
      let name = "videocore"
      let profile = try command.write("p.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--profile", profile, "--only", "add", "--tune", "off", "--limits", name,
        "--output", "t.json")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("within the limits of \(name)"))
      let shown = try command.run("show", "t.json")
      #expect(shown.output.contains("those of \(name)"))
      let devices = try command.run("devices", "--device", "0", "--limits", name, "--json").output
      #expect(devices.contains("\"limitsProfile\" : \"\(name)\""))
    }
  }

  @Test func `are listed in place of the device's own`() throws {
    try withCommand { command in
      let limits = try command.write(
        "few.yaml",
        "name: few\nlimits: { subgroupSize: 2 }\nfeatures: { subgroupShuffle: false }\n")
      for device in ["llvmpipe", "SwiftShader"] {
        let own = try command.run("devices", "--device", device)
        #expect(!own.output.contains("2 of "))
        #expect(own.output.contains("shuffle,"))
        #expect(own.output.contains("subgroupShuffle"))
        let capped = try command.run("devices", "--device", device, "--limits", limits)
        #expect(capped.output.contains("2 of "))
        #expect(!capped.output.contains("shuffle,"))
        #expect(!capped.output.contains("subgroupShuffle"))
        let json = try command.run("devices", "--device", device, "--limits", limits, "--json")
        #expect(json.output.contains("\"subgroupShuffle\" : false"))
        #expect(json.output.contains("\"subgroupSize\" : 2"))
      }
    }
  }

  @Test func `that are wrong are refused before anything is measured`() throws {
    try withCommand { command in
      let wrong = try command.write("w.yaml", "name: w\nlimits: { maxTexelBufferElements: no }\n")
      for verb in ["measure", "inspect", "devices"] {
        let named = try command.run(verb, "--limits", "videocor")
        #expect(named.status == 64)
        #expect(named.errors.contains("did you mean 'videocore'?"))
        let file = try command.run(verb, "--limits", wrong)
        #expect(file.status == 65)
        #expect(file.errors.contains("w.yaml:2:35: maxTexelBufferElements is a whole number"))
        #expect(file.errorLines.count == 1)
        #expect(try command.run(verb, "--limits", "./absent.yaml").status == 74)
      }
    }
  }
}
