import Foundation
import Testing

/// Devices that are there, and devices that are not.
@Suite(.serialized) struct `Finding a device` {
  @Test func `says that there is no loader`() throws {
    try withCommand { command in
      command.environment["SRPROF_VULKAN_LOADER"] = "/nowhere/libvulkan.so"
      for arguments in [["devices"], ["measure"]] {
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == 69)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("loader"))
      }
    }
  }

  @Test func `says that no driver offers a device`() throws {
    try withCommand { command in
      for name in ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "VK_ADD_DRIVER_FILES"] {
        command.environment[name] = "/nowhere/driver.json"
      }
      let outcome = try command.run("devices")
      #expect(outcome.status == 69)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("driver"))
    }
  }

  @Test(arguments: ["99", "-1", "GeForce 9999", "00000000-0000-0000-0000-00000000000f"])
  func `says which devices there are`(device: String) throws {
    try withCommand { command in
      let outcome = try command.run("measure", "--device=\(device)")
      #expect(outcome.status == 69)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("llvmpipe"))
      #expect(outcome.errors.contains("SwiftShader"))
    }
  }

  @Test func `lists both software drivers in words and in JSON`() throws {
    try withCommand { command in
      let text = try command.run("devices")
      #expect(text.status == 0)
      #expect(text.errors.isEmpty)
      #expect(text.output.contains("llvmpipe"))
      #expect(text.output.contains("SwiftShader"))
      #expect(text.output.contains("valid bits"))
      #expect(!text.output.contains("\u{1b}"))
      let json = try command.run("devices", "--json").output
      let list = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
      let names = try #require(list).compactMap { $0["name"] as? String }
      #expect(names.count == list?.count)
      #expect(names.contains { $0.contains("llvmpipe") })
    }
  }

  @Test func `measures what a device can do at best`() throws {
    try withCommand { command in
      let text = try command.run("devices", "--ceilings", "--device", "llvmpipe")
      #expect(text.status == 0)
      #expect(!text.output.contains("SwiftShader"))
      for line in ["fp32 at best", "copy at best", "empty dispatch", "submission"] {
        #expect(text.output.contains(line))
      }
      let json = try command.run("devices", "--ceilings", "--device", "SwiftShader", "--json")
        .output
      let list = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
      let ceilings = try #require(list.first?["ceilings"] as? [String: Any])
      #expect(list.count == 1)
      #expect((ceilings["fp32GigaflopsPerSecond"] as? Double ?? 0) > 0)
      #expect(ceilings["fp16GigaflopsPerSecond"] == nil)
    }
  }

  @Test func `keeps the best ceilings for tables`() throws {
    try withCommand { command in
      let measuring = ["devices", "--ceilings", "--device", "SwiftShader", "--json"]
      #expect(try command.start(measuring).finish().status == 0)
      #expect(try command.query("select count(*) from device") == "1")
      // No processor is as fast as this, so that a figure measured anew is told from a kept one.
      let rate = 12_345_678.0
      _ = try command.query(
        "update scope set ceilings = json_set(ceilings, '$.fp32GigaflopsPerSecond', \(rate))")

      let profile = try command.write("p.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", "SwiftShader", "--profile", profile, "--only", "add",
        "--row-seconds", "0.01", "--tune", "off", "-o", "t.json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try ReadTable(command.path("t.json")).object["ceilings"] as? [String: Any]
      #expect(table?["fp32GigaflopsPerSecond"] as? Double == rate)

      let again = try command.start(measuring).finish()
      let list = try JSONSerialization.jsonObject(with: Data(again.output.utf8))
      let ceilings = (list as? [[String: Any]])?.first?["ceilings"] as? [String: Any]
      #expect(ceilings?["fp32GigaflopsPerSecond"] as? Double == rate)
    }
  }

  @Test(arguments: [("", 64), ("text", 65), ("/proc/store.sqlite", 74)] as [(String, Int32)])
  func `measures no ceilings that cannot be kept`(store: String, status: Int32) throws {
    try withCommand { command in
      _ = try command.write("text", "this is not a database, but long enough to be a header")
      let outcome = try command.run(
        "devices", "--ceilings", "--device", "SwiftShader", "--store", store)
      #expect(outcome.status == status)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `finds a device by its UUID`() throws {
    try withCommand { command in
      let json = try command.run("devices", "--json").output
      let list = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
      let device = try #require(list.first { "\($0["name"] ?? "")".contains("SwiftShader") })
      let uuid = try #require(device["uuid"] as? String)
      let profile = try command.write("p.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", uuid, "--profile", profile, "--row-seconds", "0.01", "--only", "add")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("SwiftShader"))
    }
  }

  @Test func `measures the processor through XNNPACK`() throws {
    try withCommand { command in
      let profile = try command.write("small.yaml", smallProfile)
      let table = command.path("cpu.json")
      let outcome = try command.run(
        "measure", "--device", "cpu", "--threads", "64", "--profile", profile, "-o", table)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("64 threads share"))
      #expect(outcome.output.contains("nhwc/convolution_2d"))
      let text = try String(contentsOfFile: table, encoding: .utf8)
      #expect(text.contains("\"threads\" : 64") && text.contains("\"name\" : \"XNNPACK\""))
      #expect(try command.run("show", table).output.contains("by XNNPACK, 64 threads"))
      let devices = try command.run("devices").output
      #expect(devices.contains("cpu  ") && devices.contains("through XNNPACK"))
      #expect(try command.run("devices", "--device", "cpu", "--json").output.contains("engine"))
    }
  }

  @Test func `says what is missing where XNNPACK is`() throws {
    try withCommand { command in
      command.environment["SRPROF_XNNPACK"] = "/nowhere.so"
      let outcome = try command.run("measure", "--device", "cpu")
      #expect(outcome.status == 69 && outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("install libxnnpack0"))
      let devices = try command.run("devices")
      #expect(devices.status == 0 && devices.output.contains("XNNPACK is not here"))
    }
  }

  @Test func `notices that others use the processor`() throws {
    try withCommand { command in
      let others = Process()
      others.executableURL = URL(filePath: "/usr/bin/yes")
      others.standardOutput = FileHandle.nullDevice
      others.standardError = FileHandle.nullDevice
      try others.run()
      // What a test process blocks, its children block too: only this signal ends them for sure.
      defer {
        kill(others.processIdentifier, SIGKILL)
        others.waitUntilExit()
      }
      let profile = try command.write("small.yaml", smallProfile)
      let table = command.path("cpu.json")
      let outcome = try command.run(
        "measure", "--device", "cpu", "--threads", "1", "--profile", profile, "-o", table)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try String(contentsOfFile: table, encoding: .utf8)
      #expect(text.contains("Other processes took"))
    }
  }
}
