import Foundation
import Testing

/// One command on drivers that crash, hang or compute wrong results (Tests/LyingLoader). Lies about some
/// kernels are the same each time they are compiled.
@Suite(.serialized) struct `A driver that is wrong about some kernels` {
  /// Codes of the kernels that warm a device up, which come first: only candidates of rows are lied about.
  /// SwiftShader has none of half precision.
  private static func honest(_ driver: String) -> [String: String] {
    ["LIE_HONEST_CODES": driver == "SwiftShader" ? "16" : "24", "LIE_SEED": "1"]
  }

  private func measure(
    _ command: inout Command, _ driver: String, tune: String, lies: [String: String]
  ) throws -> (status: Int32, table: ReadTable, errors: String) {
    command.lie(lies)
    // Under validation everything takes twice as long, and these drivers are wrong anyway.
    command.environment["SRPROF_VALIDATE"] = "0"
    let profile = try command.write("small.yaml", smallProfile)
    let outcome = try command.run(
      "measure", "--device", driver, "--profile", profile, "--output", "t.json", "--tune", tune)
    return (outcome.status, try ReadTable(command.path("t.json")), outcome.errors)
  }

  /// Kinds and reasons of the candidates that failed.
  private func failures(_ table: ReadTable) -> [(kind: String, reason: String)] {
    table.rows.flatMap { $0["race"] as? [[String: Any]] ?? [] }.compactMap {
      let failure = $0["failure"] as? [String: Any]
      guard let kind = failure?["kind"] as? String else { return nil }
      return (kind, failure?["reason"] as? String ?? "")
    }
  }

  @Test(arguments: [
    ("llvmpipe", "LIE_CRASH_CODE_SHARE", "crashed"),
    ("llvmpipe", "LIE_HANG_CODE_SHARE", "timedOut"),
    ("SwiftShader", "LIE_WRONG_CODE_SHARE", "wrongOutput"),
  ])
  func `loses those candidates alone: each row is measured by one that is right`(
    driver: String, lie: String, kind: String
  ) throws {
    try withCommand { command in
      let lies = [lie: "0.4", "LIE_HANG_SECONDS": "0.1"].merging(Self.honest(driver)) { $1 }
      let (status, table, errors) = try measure(&command, driver, tune: "quick", lies: lies)
      #expect(status == 0, "\(errors)")
      #expect(table.isComplete == true)
      #expect(table.rows.count == 3)
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
      let failures = failures(table)
      // Two fifths of some ten candidates.
      #expect(!failures.isEmpty)
      #expect(failures.allSatisfy { $0.kind == kind }, "\(failures)")
      if kind == "crashed" {
        #expect(failures.allSatisfy { $0.reason.contains("signal 11 (SIGSEGV)") }, "\(failures)")
      }
    }
  }

  @Test(arguments: [
    ("SwiftShader", "LIE_CRASH_CODE_SHARE", "crashed", "signal 11 (SIGSEGV)"),
    ("llvmpipe", "LIE_WRONG_CODE_SHARE", "wrongOutput", "output of set"),
  ])
  func `and about every kernel of a row, fails the row, which says why`(
    driver: String, lie: String, kind: String, reason: String
  ) throws {
    try withCommand { command in
      let lies = Self.honest(driver).merging([lie: "1"]) { $1 }
      let (status, table, errors) = try measure(&command, driver, tune: "off", lies: lies)
      #expect(status == 1, "\(errors)")
      #expect(table.isComplete == true)
      #expect(table.rows.count == 3)
      for name in table.names {
        let failure = table.failure(name)
        #expect(failure.kind == kind)
        #expect(failure.reason?.contains(reason) == true, "\(failure.reason ?? "")")
      }
    }
  }

  @Test(arguments: [
    ["LIE_CRASH_PIPELINE_SHARE": "0.1", "LIE_CRASH_SUBMIT_SHARE": "0.01"],
    // Each process gets as far as the one before it.
    ["LIE_CRASH_SUBMIT": "100"],
  ])
  func `at any moment still measures every row`(lies: [String: String]) throws {
    try withCommand { command in
      let lies = lies.merging(["LIE_SEED": "1"]) { $1 }
      let (status, table, errors) = try measure(&command, "llvmpipe", tune: "off", lies: lies)
      #expect(status == 0, "\(errors)")
      #expect(table.isComplete == true)
      #expect(table.rows.count == 3)
      #expect(table.rows.allSatisfy { $0["status"] as? String == "measured" })
    }
  }

  @Test func `and corrupts a number now and then, gets no row with a wrong result`() throws {
    try withCommand { command in
      let lies = ["LIE_CORRUPT_SHARE": "0.03"].merging(Self.honest("llvmpipe")) { $1 }
      let (status, table, errors) = try measure(&command, "llvmpipe", tune: "quick", lies: lies)
      #expect([0, 1].contains(status), "\(errors)")
      #expect(table.isComplete == true)
      for row in table.rows {
        if row["status"] as? String == "measured" {
          let check = row["check"] as? [String: Any]
          let error = try #require(check?["maxRelativeError"] as? Double)
          #expect(try error <= #require(check?["tolerance"] as? Double))
        } else {
          #expect((row["failure"] as? [String: Any])?["kind"] as? String == "wrongOutput")
        }
      }
    }
  }
}
