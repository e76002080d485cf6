internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

/// Where a path leads, whether a file is there or not: hard links, symbolic links and other spellings of one
/// file are one place.
public struct FilePlace: Hashable, Sendable {
  private enum Place: Hashable {
    /// A regular file, by its file system and number.
    case file(device: dev_t, number: ino_t)
    /// Nothing yet, by the absolute path that a file would have.
    case vacant(String)
  }

  private let place: Place

  /// `nil` for a folder, a pipe or a device: what is written to one replaces nothing.
  public init?(_ path: String) {
    var status = stat()
    if stat(path, &status) != 0 {
      // A folder in the path may be yet to be made, as that of a store is.
      let resolved = Self.resolved(path)
      guard stat(resolved, &status) == 0 else {
        place = .vacant(resolved)
        return
      }
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    place = .file(device: status.st_dev, number: status.st_ino)
  }

  /// The absolute path that `path` leads to, through links to files that are not there too.
  ///
  /// - Parameter links: Most links that are followed one by one.
  public static func resolved(_ path: String, links: Int = 40) -> String {
    if let found = try? FileContents.resolved(path) { return found }
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
}
