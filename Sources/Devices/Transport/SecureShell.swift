internal import Glibc

/// Commands on a machine that ssh reaches: by an alias of its configuration, or by a name.
struct SecureShell: RemoteShell {
  let host: String

  var place: String { "ssh:\(host)" }
  var program: String { environmentValue("SRPROF_SSH") ?? "ssh" }
  var installation: String { "install openssh-client" }
  var folder: String { "\"${XDG_CACHE_HOME:-$HOME/.cache}/srprof\"" }

  func arguments(running command: String) -> [String] {
    // Nobody is there to be asked, and a dead connection must end.
    [
      "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o",
      "ServerAliveCountMax=6", "--", host, command,
    ]
  }

  func explanation(of words: String) -> ConnectionError {
    let said = RemoteTransport.summary(words)
    if words.contains("Could not resolve hostname") {
      return ConnectionError(
        "\(host) is no host that ssh knows: it needs an alias in ~/.ssh/config, or a name that resolves"
      )
    }
    if words.contains("Host key verification failed") {
      return ConnectionError(
        "ssh does not know the key of \(host), or another one: run ssh \(host) once and look (\(said))"
      )
    }
    if words.contains("Permission denied (") {
      return ConnectionError(
        "\(host) refuses this user's key: ssh \(host) must work without a password (\(said))")
    }
    if words.contains("ssh: connect to host") {
      return ConnectionError("ssh does not reach \(host): \(said)", mayPass: true)
    }
    return ConnectionError("the connection to \(host) over ssh is lost: \(said)", mayPass: true)
  }
}

/// Commands on an Android device that adb reaches.
struct DebugBridge: RemoteShell {
  let serial: String

  var place: String { "adb:\(serial)" }
  var program: String { environmentValue("SRPROF_ADB") ?? "adb" }
  var installation: String { "install adb, or Android's platform tools" }
  /// The folder that the shell of a phone may execute from; machines that only speak its protocol lack the folder.
  var folder: String { "\"$([ -d /data/local/tmp ] && echo /data/local/tmp || echo /tmp)/srprof\"" }

  func arguments(running command: String) -> [String] {
    ["-s", serial, "shell", "-T", command]
  }

  func explanation(of words: String) -> ConnectionError {
    let said = RemoteTransport.summary(words)
    if words.contains("unauthorized") || words.contains("still authorizing") {
      return ConnectionError(
        "\(serial) does not trust this computer yet: unlock the phone and press Allow in its question about "
          + "USB debugging")
    }
    if words.contains("offline") {
      return ConnectionError(
        "\(serial) is offline: unlock it, unplug it and plug it in again, or switch USB debugging off and on",
        mayPass: true)
    }
    if words.contains("more than one device") {
      return ConnectionError(
        "adb knows several devices as \(serial); name one by its transport, as adb devices -l lists them"
      )
    }
    if words.contains("insufficient permissions") {
      return ConnectionError("this user may not use \(serial) over USB: \(said)")
    }
    if words.contains("cannot connect to daemon") {
      return ConnectionError("adb's server on this machine cannot be started: \(said)")
    }
    if words.contains("not found") || words.contains("no devices/emulators") {
      return ConnectionError(
        "adb sees no device \(serial); adb devices lists those that it sees", mayPass: true)
    }
    return ConnectionError("the connection to \(serial) over adb is lost: \(said)", mayPass: true)
  }
}

/// A variable of this process's environment; `nil` where it is empty.
func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}
