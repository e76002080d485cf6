import Foundation

/// The built program, run as a user would, with a home of its own.
struct Command {
  /// Holds everything the program writes; removed by ``remove()``.
  let folder: URL
  /// Variables beside those of the test process.
  var environment: [String: String]

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// Standard error without the notes of a run, in lines.
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-command-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    environment = [
      "HOME": folder.path, "XDG_DATA_HOME": folder.path + "/data",
      "XDG_CACHE_HOME": folder.path + "/cache", "SRPROF_LOCKS": folder.path, "SRPROF_VALIDATE": "1",
      "VK_ADD_DRIVER_FILES": "/usr/lib/chromium/vk_swiftshader_icd.json",
    ]
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  /// A path inside the folder.
  func path(_ name: String) -> String { folder.path + "/" + name }

  /// Writes a file into the folder and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: folder.appending(path: name))
    return path(name)
  }

  /// The program, beside the test runner.
  static var program: URL {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "srprof")
  }

  /// Starts the program; ``finish(_:)`` waits for it.
  func start(
    _ arguments: [String], program: URL = Command.program
  ) throws -> Running {
    let running = Running()
    let process = running.process
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors) = (path(".out-\(running.id)"), path(".err-\(running.id)"))
    for file in [output, errors] {
      _ = FileManager.default.createFile(atPath: file, contents: nil)
    }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    try process.run()
    running.files = (output, errors)
    return running
  }

  /// Runs the program to its end.
  func run(_ arguments: String..., program: URL = Command.program) throws -> Outcome {
    try start(arguments, program: program).finish()
  }

  /// A process that may still run.
  final class Running {
    let process = Process()
    let id = UInt64.random(in: 0...UInt64.max)
    var files = (output: "", errors: "")

    /// What it has written to standard error so far.
    var errors: String { (try? String(contentsOfFile: files.errors, encoding: .utf8)) ?? "" }

    /// Waits until standard error holds `text`; false after a minute, or if the process has ended.
    func wait(for text: String) -> Bool {
      for _ in 0..<6000 {
        if errors.contains(text) { return true }
        if !process.isRunning { return errors.contains(text) }
        usleep(10_000)
      }
      return false
    }

    /// Waits for the end.
    func finish() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: URL(filePath: files.output)), as: UTF8.self),
        errors: errors)
    }
  }
}

/// Three small rows that take a second or two on a software driver.
let smallProfile = """
  name: small
  description: Three small rows.
  rowSeconds: 0.3
  maps: [[24, 40]]
  workloads:
    - convolution: { kernel: 3, channels: [[8, 8]], epilogue: [relu] }
    - add: { channels: [12] }
    - pixelShuffle: { factor: 2, channels: [3] }
  """

/// Runs `body` with a command whose folder is removed afterwards.
func withCommand<Value>(_ body: (inout Command) throws -> Value) throws -> Value {
  var command = try Command()
  defer { command.remove() }
  return try body(&command)
}
