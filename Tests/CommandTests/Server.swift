import Foundation

/// A real server of ssh or adb in a network of its own (Tests/servers), beside which commands run.
final class Server {
  enum Kind: CaseIterable {
    case ssh, adb

    /// Where `--device` finds it.
    var place: String {
      switch self {
      case .ssh: "ssh:board"
      case .adb: "adb:127.0.0.1:5555"
      }
    }

    /// Whether such a server can be had: its packages are there, and a network of its own is allowed.
    var isAvailable: Bool {
      switch self {
      case .ssh: Self.hasSSH
      case .adb: Self.hasADB
      }
    }

    private static let hasSSH = canRun(.ssh)
    private static let hasADB =
      Server.debianFiles(Server.adbd, "amd64", "trixie", "adbd") && canRun(.adb)

    private static func canRun(_ kind: Kind) -> Bool {
      guard geteuid() == 0, let command = try? Command() else { return false }
      defer { command.remove() }
      let words = kind.words(command.folder) + ["true"]
      // Whatever else is wrong with it, tests shall say.
      return Server.status(words[0], Array(words.dropFirst())) != 77
    }

    fileprivate func words(_ folder: URL) -> [String] {
      switch self {
      case .ssh: ["with-sshd", folder.path]
      case .adb: ["with-adbd", folder.path, Server.adbd.path]
      }
    }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let adbd = root.appending(path: ".build/adbd")

  private let kind: Kind
  private let folder: URL
  private let wrapper: Process

  /// Starts one, and has a command use it.
  init(_ kind: Kind, for command: inout Command) throws {
    self.kind = kind
    folder = command.folder.appending(path: "server-\(UInt32.random(in: 0...UInt32.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let words = kind.words(folder)
    let wait = "echo $$ > '\(folder.path)/ready'; exec sleep 600"
    wrapper = Self.process(words[0], words.dropFirst() + ["sh", "-c", wait])
    try wrapper.run()
    command.environment["SRPROF_SSH"] = folder.path + "/ssh"
    command.environment["SRPROF_ADB"] = folder.path + "/adb"
    command.environment["ANDROID_ADB_SERVER_PORT"] = "15037"
    for _ in 0..<2000 where wrapper.isRunning && number("ready") == nil { usleep(10_000) }
  }

  deinit {
    // Children of a test hold back every other signal.
    if let sleeper = number("ready") { kill(sleeper, SIGKILL) }
    wrapper.waitUntilExit()
  }

  /// Starts the program where it reaches the server.
  func start(_ command: Command, _ arguments: [String]) throws -> Command.Running {
    try command.start(
      network + [Command.program.path] + arguments, program: URL(filePath: "/usr/bin/nsenter"))
  }

  /// Runs the program to its end where it reaches the server.
  func run(_ command: Command, _ arguments: String...) throws -> Command.Outcome {
    try start(command, arguments).finish()
  }

  /// Cuts the connections that there are; new ones can be made.
  func cut() throws {
    switch kind {
    case .ssh:
      for process in sessions where ProcessTree.name(of: process)?.hasPrefix("sshd") == true {
        kill(process, SIGKILL)
      }
    case .adb:
      for word in ["disconnect", "connect"] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/nsenter")
        process.arguments = network + [folder.path + "/adb", word, "127.0.0.1:5555"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
      }
    }
  }

  /// Ends the server with its connections.
  func stop() {
    let all = sessions.filter { ProcessTree.name(of: $0)?.hasPrefix("srprof") != true }
    for process in (number("sshd.pid") ?? number("adbd.pid")).map({ [$0] + all }) ?? [] {
      kill(process, SIGKILL)
    }
  }

  /// Processes of workers that the server has started.
  var workers: [pid_t] {
    sessions.filter { ProcessTree.name(of: $0)?.hasPrefix("srprof") == true }
  }

  private var sessions: [pid_t] {
    (number("sshd.pid") ?? number("adbd.pid")).map(ProcessTree.descendants) ?? []
  }

  private var network: [String] { ["--net=/proc/\(wrapper.processIdentifier)/ns/net", "--"] }

  private func number(_ file: String) -> pid_t? {
    let text = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
    return text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private static func process(_ script: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = root.appending(path: "Tests/servers/" + script)
    process.arguments = arguments
    // Other suites add a driver for the whole test process; a server has those of its own machine alone.
    process.environment = ProcessInfo.processInfo.environment
      .filter { $0.key != "VK_ADD_DRIVER_FILES" }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// Unpacks packages of Debian's with all that they need into a folder, unless they are there. False if they
  /// cannot be had.
  static func debianFiles(
    _ folder: URL, _ architecture: String, _ suite: String, _ packages: String...
  ) -> Bool {
    status("debian-files", [folder.path, architecture, suite] + packages) != 77
  }

  /// Runs a script of Tests/servers to its end; 77 if it cannot be started.
  static func status(_ script: String, _ arguments: [String]) -> Int32 {
    let process = process(script, arguments)
    guard (try? process.run()) != nil else { return 77 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
