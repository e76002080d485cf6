internal import FoundationEssentials
internal import Glibc

/// Where a path leads, whether a file is there or not: hard links, symbolic links and other spellings of one
/// file are one place.
enum FilePlace: Hashable {
  /// A regular file, by its file system and number.
  case file(device: dev_t, number: ino_t)
  /// Nothing yet, by the absolute path that a file would have.
  case vacant(String)

  /// `nil` for a folder, a pipe or a device: what is written to one replaces nothing.
  init?(_ path: String) {
    var status = stat()
    if stat(path, &status) != 0 {
      // A folder in the path may be yet to be made, as that of a store is.
      let resolved = Self.resolved(path)
      guard stat(resolved, &status) == 0 else {
        self = .vacant(resolved)
        return
      }
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    self = .file(device: status.st_dev, number: status.st_ino)
  }

  /// The absolute path that `path` leads to, through links to files that are not there too.
  ///
  /// - Parameter links: Most links that are followed one by one.
  static func resolved(_ path: String, links: Int = 40) -> String {
    if let found = realpath(path, nil) {
      defer { free(found) }
      return String(cString: found)
    }
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    let slash = trimmed.lastIndex(of: "/")
    let name = slash.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
    let folder = slash.map { String(trimmed[...$0]) } ?? "."
    // The root, and a current folder that was removed, are their own.
    guard !trimmed.isEmpty, trimmed != "." else { return path }
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: trimmed)
    if let target, links > 0 {
      return resolved(target.hasPrefix("/") ? target : "\(folder)/\(target)", links: links - 1)
    }
    let above = resolved(folder, links: links)
    switch name {
    case "", ".": return above
    case "..": return above.lastIndex(of: "/").map { String(above[..<$0]) } ?? above
    default: return above.hasSuffix("/") ? above + name : "\(above)/\(name)"
    }
  }

  /// Throws if a file that is to be written is one of those that are read or kept. All commands ask this
  /// before they touch anything.
  static func require(
    _ output: String, besides inputs: [String]
  ) throws(CommandFailure) {
    guard let place = FilePlace(output) else { return }
    if let input = inputs.first(where: { FilePlace($0) == place }) {
      throw CommandFailure(
        .usage,
        "\(output) is what is read\(input == output ? "" : " as \(input)"), and would be lost")
    }
  }
}
