import Foundation

extension Command {
  /// Puts a loader that lies between the program and its driver; Tests/LyingLoader says how. Each process of
  /// the driver tells other lies than those before it.
  mutating func lie(_ lies: [String: String]) {
    environment["SRPROF_VULKAN_LOADER"] =
      Command.program.deletingLastPathComponent().appending(path: "libLyingLoader.so").path
    environment["LIE_STATE"] = path("lies")
    environment.merge(lies) { $1 }
  }
}
