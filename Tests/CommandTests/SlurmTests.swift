import Foundation
import Testing

/// Shards of a profile as jobs of a real Slurm, by the scripts of README.
@Suite struct `A rack` {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What `Tests/servers/with-slurm` exits with where the system does not allow it.
  private static let notAllowed: Int32 = 77

  private static let hasSlurm: Bool = {
    let outcome = try? withCommand { command in try withSlurm("true", command) }
    return outcome?.status != notAllowed
  }()

  /// Runs a shell's text beside a Slurm of its own.
  private static func withSlurm(
    _ text: String, _ command: Command
  ) throws -> Command.Outcome {
    let folder = command.path("slurm")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try command.start(
      [folder, "bash", "-euc", text], program: project.appending(path: "Tests/servers/with-slurm")
    ).finish()
  }

  /// The shell texts of README that have a word in them.
  private static func scripts(with word: String) throws -> [String] {
    let readme = try String(contentsOf: project.appending(path: "README.md"), encoding: .utf8)
    return readme.components(separatedBy: "```bash\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }.filter { $0.contains(word) }
  }

  @Test(
    .enabled(
      if: hasSlurm, "needs root, namespaces, and slurmctld, slurmd, slurm-client and munge"))
  func `measures in shards what one machine measures alone`() throws {
    try withCommand { command in
      let profile = try command.write(
        "tiny.yaml",
        """
        name: tiny
        description: Rows for three machines.
        rowSeconds: 0.1
        maps: [[8, 8], [16, 16]]
        workloads:
          - add: { channels: [4, 8] }
          - convolution: { kernel: 1, channels: [[4, 4]] }
        """)
      let job = try #require(Self.scripts(with: "#SBATCH").first)
      let submission = try #require(Self.scripts(with: "sbatch --parsable").first)
      let adapted = job.replacing("--profile sr-mobile", with: "--profile tiny.yaml --tune off")
        .replacing("--device 0", with: "--device llvmpipe")
      #expect(adapted.contains("tiny.yaml") && adapted.contains("llvmpipe"))
      _ = try command.write("rack.sh", adapted)
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      command.environment["PATH"] = Command.program.deletingLastPathComponent().path + ":" + path
      let outcome = try Self.withSlurm(
        submission + "while [ -n \"$(squeue --noheader)\" ]; do sleep 0.2; done", command)
      let logs = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
        .filter { $0.hasPrefix("slurm-") }.sorted()
        .map { try String(contentsOfFile: command.path($0), encoding: .utf8) }
      #expect(outcome.status == 0, "\(outcome.errors) \(logs)")

      let merged = try ReadTable(command.path("rack.json"))
      for index in 1...3 {
        let part = try ReadTable(command.path("shard-\(index).json"))
        #expect(part.rows.count == 2 && Set(part.names).isSubset(of: merged.names))
      }
      let alone = try command.run(
        "measure", "--device", "llvmpipe", "--profile", profile, "--tune", "off", "-o", "t.json")
      #expect(alone.status == 0, "\(alone.errors)")
      let whole = try ReadTable(command.path("t.json"))
      #expect(merged.names == whole.names && merged.rows.count == 6)
      #expect(merged.isComplete == true && merged.object["shard"] == nil)
      #expect(merged.object["sweep"] as? NSDictionary == whole.object["sweep"] as? NSDictionary)
      #expect(merged.rows.allSatisfy { $0["status"] as? String == "measured" })
    }
  }

  @Test(
    .enabled(
      if: hasSlurm, "needs root, namespaces, and slurmctld, slurmd, slurm-client and munge"))
  func `searches with evaluators on three machines as with one process here`() throws {
    try withCommand { command in
      let stub = Self.project.appending(path: "Tests/SearchExamples/evaluator-stub.py").path
      let search =
        "'\(Command.program.path)' search --table "
        + "'\(Self.project.appending(path: "Reports/lavapipe-search-wdsr.json").path)' --space wdsr-small "
        + "--scale 2 --output 320x180 --target-ms 30 --first 6 --batch 3 --rounds 2 --quiet "
      let evaluator = "python3 '\(stub)' slow"
      let rack = try Self.withSlurm(
        search
          + "--directory rack --workers 3 --evaluator \"srun --quiet --ntasks=1 \(evaluator)\"",
        command)
      #expect(rack.status == 0, "\(rack.errors)")
      let here = try command.start(
        ["-euc", search + "--directory here --evaluator \"\(evaluator)\""],
        program: URL(filePath: "/bin/bash")
      ).finish()
      #expect(here.status == 0, "\(here.errors)")
      func history(_ directory: String) throws -> [String] {
        let outcome = try command.run(
          "search", "history", "--directory", command.path(directory), "--json")
        let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(list as? [[String: Any]]).map { trial in
          "\(trial["candidate"] ?? "") \(trial["rate"] ?? "") \(trial["nanoseconds"] ?? "") "
            + "\((trial["quality"] as? [String: Any])?["psnrY"] ?? "")"
        }
      }
      #expect(try history("rack").count == 9)
      #expect(try history("rack") == history("here"))
    }
  }
}
