import Foundation
import Testing

/// A folder with files that Python made.
struct PythonFiles {
  let folder: URL

  /// Runs a program in a new folder.
  init(_ program: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "images-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(try run(program) == 0)
  }

  /// The exit code of a program that works in the folder.
  func run(_ program: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", program]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
