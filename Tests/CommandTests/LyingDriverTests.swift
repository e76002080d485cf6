import Foundation
import Testing

/// The program on drivers that lose their device, run out of memory, take for ever, or have a clock that
/// gives no times: a loader that lies stands between them (Tests/LyingLoader).
@Suite(.serialized) struct `A driver that lies` {
  static let drivers = ["llvmpipe", "SwiftShader"]

  /// Measures the small profile through the loader with its lies.
  private func measure(
    _ command: inout Command, _ driver: String, lies: [String: String], _ more: String...
  ) throws -> Command.Running {
    command.lie(lies)
    let profile = try command.write("small.yaml", smallProfile)
    return try command.start(
      [
        "measure", "--device", driver, "--profile", profile, "--output", "t.json", "--tune", "off",
      ] + more)
  }

  private func method(_ table: ReadTable, _ key: String) -> String? {
    (table.object["method"] as? [String: Any])?[key] as? String
  }

  @Test(
    arguments: [
      ("llvmpipe", "LIE_LOST_SHARE"), ("SwiftShader", "LIE_LOST_SHARE"),
      ("llvmpipe", "LIE_LOST_WAIT_SHARE"), ("SwiftShader", "LIE_MEMORY_SHARE"),
      ("llvmpipe", "LIE_RESULT_SHARE"),
    ])
  func `about one submission in a hundred costs samples, and one command measures all rows`(
    driver: String, lie: String
  ) throws {
    try withCommand { command in
      let outcome = try measure(&command, driver, lies: [lie: "0.01", "LIE_SEED": "3"]).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try ReadTable(command.path("t.json"))
      #expect(table.isComplete == true)
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
    }
  }

  @Test(arguments: ["SwiftShader"])
  func `about its device for good ends the command with the device's error`(driver: String) throws {
    try withCommand { command in
      let lies = ["LIE_LOST_SHARE": "0.05", "LIE_STAYS_LOST": "1", "LIE_SEED": "1"]
      let outcome = try measure(&command, driver, lies: lies).finish()
      #expect(outcome.status == 69, "\(outcome.errors)")
    }
  }

  @Test(
    arguments: [
      ("llvmpipe", "half"), ("SwiftShader", "half"), ("llvmpipe", "constant"),
      ("SwiftShader", "zero"), ("llvmpipe", "huge"), ("SwiftShader", "coarse"),
    ])
  func `about every time is measured by the wall clock, and the table says why`(
    driver: String, kind: String
  ) throws {
    try withCommand { command in
      // Validation sees the same calls by either clock.
      command.environment["SRPROF_VALIDATE"] = "0"
      let outcome = try measure(&command, driver, lies: ["LIE_TIMESTAMPS": kind]).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try ReadTable(command.path("t.json"))
      #expect(method(table, "clock") == "wallClock")
      #expect(method(table, "clockReason")?.hasPrefix("its timestamps") == true)
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
    }
  }

  @Test(arguments: ["llvmpipe"])
  func `about nothing has a table by timestamps that were tried`(driver: String) throws {
    try withCommand { command in
      #expect(try measure(&command, driver, lies: [:]).finish().status == 0)
      let table = try ReadTable(command.path("t.json"))
      #expect(method(table, "clock") == "deviceTimestamps")
      #expect(method(table, "clockReason")?.contains("agree") == true)
    }
  }

  @Test(arguments: ["SwiftShader"])
  func `about some times of nothing is read again, and the campaign ends`(driver: String) throws {
    try withCommand { command in
      let lies = ["LIE_TIMESTAMPS": "zero", "LIE_TIMESTAMP_SHARE": "0.05", "LIE_SEED": "2"]
      let outcome = try measure(&command, driver, lies: lies).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("times") || outcome.errors.contains("rows in"))
      let table = try ReadTable(command.path("t.json"))
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
      let warnings = table.object["warnings"] as? [String] ?? []
      #expect(warnings.contains { $0.contains("were no times") })
    }
  }

  /// Without patience for Ctrl-C, each of these would take ten minutes.
  @Test(arguments: drivers, ["measure", "run"])
  func `about how long a submission takes is not waited for after Ctrl-C`(
    driver: String, subcommand: String
  ) throws {
    try withCommand { command in
      let lies = ["LIE_SLOW_SECONDS": "600", "LIE_AFTER_SECONDS": "1"]
      let running: Command.Running
      if subcommand == "measure" {
        running = try measure(&command, driver, lies: lies, "--row-seconds", "100")
        #expect(running.wait(for: "measuring"))
      } else {
        command.lie(lies)
        running = try command.start([
          "run", "--device", driver, "--network", "espcn:output=64x32", "--tune", "off",
          "--seconds", "100",
        ])
      }
      usleep(3_000_000)
      kill(running.process.processIdentifier, SIGINT)
      #expect(try running.finish().status == 130)
    }
  }
}
