internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Tables

/// Where a result goes: a file that was found writable before the work, or standard output.
struct OutputFile {
  private let path: String

  /// Whether the table goes to standard output.
  var isStandard: Bool { path == "-" || path == "/dev/stdout" }
  /// Whether there is a file already.
  var exists: Bool { !isStandard && FileManager.default.fileExists(atPath: path) }
  /// The place, for messages.
  var name: String { isStandard ? "standard output" : path }

  /// Finds out whether the file can be written, without touching what is there.
  ///
  /// - Parameter inputs: Files that the command reads or keeps, which are not to be overwritten.
  init(path: String, besides inputs: [String]) throws(CommandFailure) {
    self.path = path
    let standard = "/dev/stdout"
    try FilePlace.require(isStandard ? standard : path, besides: inputs + Paths.own)
    if isStandard { return }
    guard FilePlace(path) == nil || FilePlace(path) != FilePlace(standard) else {
      throw CommandFailure(.usage, "\(path) is standard output too; name another file, or -")
    }
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw CommandFailure(
        .inputOutput, "'\(path)' is no file name, and something is to be written")
    }
    let url = URL(filePath: path)
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, !exists {
      throw CommandFailure(.inputOutput, "\(path) is a link to a file that is not there")
    }
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      throw CommandFailure(.inputOutput, "\(path) is a folder, and a file is to be written")
    }
    let folder = path.contains("/") ? url.deletingLastPathComponent().path : "."
    do throws(FileContents.Failure) { try FileContents.requireWritable(folder: folder) } catch {
      throw CommandFailure(
        .inputOutput, "nothing can be written to \(path): \(folder): \(error.reason)")
    }
  }

  /// Writes the table.
  func write(_ table: LatencyTable) throws(CommandFailure) {
    let json: [UInt8]
    do throws(TableError) {
      if !isStandard { return try table.write(to: path) }
      json = try table.json()
    } catch {
      throw CommandFailure(error)
    }
    try Terminal.output(TerminalText(lines: String(decoding: json, as: UTF8.self)))
  }

  /// Writes a text; readers of a file see the one before or the whole new one.
  func write(_ text: String) throws(CommandFailure) {
    if isStandard { return try Terminal.output(TerminalText(lines: text)) }
    try write([UInt8](text.utf8))
  }

  /// Writes bytes; readers of a file see those before or all new ones.
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    if isStandard { return try Terminal.output(bytes) }
    do throws(FileContents.Failure) {
      try FileContents.replace(path, with: bytes)
    } catch {
      throw CommandFailure(.inputOutput, "\(path) cannot be written: \(error.reason)")
    }
  }
}
