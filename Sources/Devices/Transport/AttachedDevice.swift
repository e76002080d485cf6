internal import Glibc

/// A device that adb sees, whether it can be used or not.
public struct AttachedDevice: Equatable, Sendable {
  /// Its serial number.
  public let serial: String
  /// Such as "device" for one that can be used, "unauthorized" or "offline".
  public let state: String
  /// Its model, where adb knows it.
  public let model: String?

  /// The devices that adb's server sees; empty where none runs, for starting one takes seconds.
  public static func all() -> [AttachedDevice] {
    guard isServerRunning else { return [] }
    let program = environmentValue("SRPROF_ADB") ?? "adb"
    guard let process = try? Subprocess(program, ["devices", "-l"], listening: true) else {
      return []
    }
    return parsed(Link(process).output(seconds: 2))
  }

  /// Reads the list of `adb devices -l`.
  static func parsed(_ list: String) -> [AttachedDevice] {
    list.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count >= 2 else { return nil }
      let model = words.first { $0.hasPrefix("model:") }?.dropFirst("model:".count)
      return AttachedDevice(
        serial: String(words[0]), state: String(words[1]),
        model: model.map { String($0.map { $0 == "_" ? " " : $0 }) })
    }
  }

  private static var isServerRunning: Bool {
    let port = environmentValue("ANDROID_ADB_SERVER_PORT").flatMap { UInt16($0) } ?? 5037
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
