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

  /// Files that commands read, keep or take shaders and libraries from without being told on the command
  /// line.
  static var own: [String] {
    let libraries = ["SRPROF_VULKAN_LOADER", "SRPROF_XNNPACK"].compactMap { environment[$0] }
    let shaders = environment["SRPROF_SHADERS"].map { files(in: $0) } ?? []
    let held = files(in: locks).filter { $0.contains("/srprof-") && $0.hasSuffix(".lock") }
    return (StoreOptions.files(of: store) + libraries + shaders + files(in: cache) + held)
      .filter { !$0.isEmpty }
  }

  private static func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).map { "\(folder)/\($0)" }
  }

  /// The specification ignores values that are not absolute.
  private static func folder(_ variable: String, _ fallback: String) -> String {
    if let value = environment[variable], value.hasPrefix("/") { return value + "/srprof" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    return home + "/" + fallback + "/srprof"
  }
}
