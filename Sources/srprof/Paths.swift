internal import FoundationEssentials

/// Where files go that the user did not place: the XDG base directories.
enum Paths {
  private static let environment = ProcessInfo.processInfo.environment

  /// The store of raw samples.
  static var store: String { folder("XDG_DATA_HOME", ".local/share") + "/store.sqlite" }
  /// Pipeline caches.
  static var cache: String { folder("XDG_CACHE_HOME", ".cache") }
  /// Locks of devices, shared by all users of the machine.
  static var locks: String { environment["SRPROF_LOCKS"] ?? "/tmp" }

  /// The specification ignores values that are not absolute.
  private static func folder(_ variable: String, _ fallback: String) -> String {
    if let value = environment[variable], value.hasPrefix("/") { return value + "/srprof" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    return home + "/" + fallback + "/srprof"
  }
}
