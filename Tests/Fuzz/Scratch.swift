internal import Foundation

/// The files that a process of the fuzzer works on, in memory where there is such a folder.
enum Scratch {
  static func path(_ ending: String) -> String {
    path(process: ProcessInfo.processInfo.processIdentifier) + ending
  }

  /// Removes the files of a process that has ended.
  static func remove(process: Int32) {
    let start = URL(filePath: path(process: process))
    let folder = start.deletingLastPathComponent()
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for file in files where file.hasPrefix(start.lastPathComponent) {
      try? FileManager.default.removeItem(at: folder.appending(path: file))
    }
  }

  private static func path(process: Int32) -> String {
    let memory = "/dev/shm"
    let folder =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    return "\(folder)/srprof-fuzz-\(process)."
  }
}
