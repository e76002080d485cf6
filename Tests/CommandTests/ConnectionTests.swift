import Foundation
import Testing

/// Ways to a device that lead nowhere. Scripts stand in for ssh and adb.
@Suite struct `A connection that fails` {
  /// An ssh that runs commands on this machine.
  static let local = "for command; do :; done; exec sh -c \"$command\""

  private func outcome(
    _ command: inout Command, _ device: String, _ variable: String, _ script: String
  ) throws -> Command.Outcome {
    command.environment[variable] = try command.script("client", script)
    return try command.run("devices", "--device", device)
  }

  private func expect(_ outcome: Command.Outcome, _ words: String) {
    #expect(outcome.status == 69)
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test(arguments: ["ssh:", "ssh:/0", "adb:", "adb:/0", "ssh:-oProxyCommand=x/0"])
  func `for a place without a name is a mistake of the command line`(device: String) throws {
    try withCommand { command in
      let outcome = try command.run("devices", "--device", device)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("names no place"))
    }
  }

  @Test(arguments: [
    ("SRPROF_SSH", "ssh:x", "openssh-client"), ("SRPROF_ADB", "adb:x", "install adb"),
  ])
  func `for want of a client says what to install`(
    variable: String, device: String, package: String
  ) throws {
    try withCommand { command in
      command.environment[variable] = "/nonexistent"
      let outcome = try command.run("devices", "--device", device)
      expect(outcome, "/nonexistent is not installed")
      #expect(outcome.errors.contains(package))
    }
  }

  @Test(arguments: [
    ("error: device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set", "press Allow"),
    ("error: device still authorizing", "press Allow"),
    ("error: device offline", "X is offline: unlock it"),
    ("error: more than one device with serial X", "adb knows several devices as X"),
    ("error: device 'X' not found", "adb sees no device X"),
    ("error: no devices/emulators found", "adb sees no device X"),
    ("error: insufficient permissions for device: missing udev rules?", "missing udev rules"),
    ("* cannot start server on remote host\nerror: cannot connect to daemon", "cannot be started"),
    ("error: closed", "the connection to X over adb is lost: error: closed"),
  ])
  func `by adb's own word says what to do`(said: String, words: String) throws {
    try withCommand { command in
      let script = "cat >&2 <<'END'\n\(said)\nEND\nexit 1"
      expect(try outcome(&command, "adb:X/0", "SRPROF_ADB", script), words)
    }
  }

  @Test(arguments: [
    ("echo Welcome to this machine; \(local)", "sent 'Welcome to this machine' instead of"),
    ("head -c 100 /dev/zero; \(local)", "instead of a worker's greeting"),
    ("exit 1", "it says nothing"),
    ("for command; do :; done; uname() { echo riscv64; }; eval \"$command\"", "riscv64"),
  ])
  func `since something else answers says what that is`(script: String, words: String) throws {
    try withCommand { command in
      expect(try outcome(&command, "ssh:x/0", "SRPROF_SSH", script), words)
    }
  }

  @Test(
    .enabled(if: Command.canMount, "needs mounts of its own"),
    arguments: [
      ("size=100k", "No space left on device; make room for 1 MB there"),
      ("noexec", "programs must be allowed to run from there"), ("ro", "Read-only file system"),
    ])
  func `in the folder for the worker says which, and why`(option: String, words: String) throws {
    try withCommand { command in
      let folder = command.path("far")
      let script = """
        for command; do :; done
        mkdir -p '\(folder)'
        export XDG_CACHE_HOME='\(folder)' command
        exec unshare -m sh -c 'mount -t tmpfs -o \(option) none "$XDG_CACHE_HOME" && exec sh -c "$command"'
        """
      // A folder that lasts from one command to the next is what noexec needs.
      let lasting = """
        for command; do :; done
        export XDG_CACHE_HOME='\(folder)' command
        mkdir -p '\(folder)'
        exec unshare -m sh -c 'mount --bind "$XDG_CACHE_HOME" "$XDG_CACHE_HOME" \\
          && mount -o remount,bind,noexec "$XDG_CACHE_HOME" && exec sh -c "$command"'
        """
      let outcome = try outcome(
        &command, "ssh:x/0", "SRPROF_SSH", option == "noexec" ? lasting : script)
      expect(outcome, words)
      #expect(outcome.errors.contains(folder + "/srprof"))
    }
  }

  @Test func `to a worker of another version is refused, and one that is not whole is replaced`()
    throws
  {
    try withCommand { command in
      #expect(try outcome(&command, "ssh:x/0", "SRPROF_SSH", Self.local).status == 0)
      let folder = command.folder.appending(path: "cache/srprof")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let name = try #require(names.first { $0.hasPrefix("srprof-worker-") })
      let file = folder.appending(path: name)
      var bytes = try Data(contentsOf: file)

      // Written in place, it stays executable.
      func write(_ data: Data) throws {
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: data)
        try handle.close()
      }
      var other = Data("#!/bin/sh\necho something else\n".utf8)
      other += Data(repeating: 10, count: bytes.count - other.count)
      for damaged in [bytes.prefix(1000), other] {
        try write(damaged)
        #expect(try command.run("devices", "--device", "ssh:x/0").status == 0)
        #expect(try Data(contentsOf: file) == bytes)
      }
      bytes[bytes.count - 1] ^= 1
      try write(bytes)
      expect(try command.run("devices", "--device", "ssh:x/0"), "is another version than this")
    }
  }
}

extension Command {
  /// Writes a shell script into the folder and returns its path.
  func script(_ name: String, _ text: String) throws -> String {
    let path = try write(name, "#!/bin/bash\n\(text)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// Whether this system lets the tests mount file systems for themselves.
  static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
