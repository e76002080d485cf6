internal import FoundationEssentials

/// A new folder, removed afterwards.
package func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let files = FileManager.default
  let folder = files.temporaryDirectory.path + "/srprof-\(UUID().uuidString)"
  try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? files.removeItem(atPath: folder) }
  try body(folder)
}

/// A file in the folder `Fixtures` beside the test that asks for it.
package func fixturePath(_ name: String, file: String = #filePath) -> String {
  let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  return (folder + ["Fixtures", Substring(name)]).joined(separator: "/")
}
