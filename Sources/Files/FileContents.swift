#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

/// Whole files, read at once and replaced at once.
public enum FileContents {
  /// The operating system's words.
  public struct Failure: Error {
    public let reason: String

    init(_ reason: String) {
      self.reason = reason
    }

    /// The reason of the call that has just failed.
    static var last: Failure { Failure(String(cString: strerror(errno))) }
  }

  /// More than any table has; `/dev/zero` has no end.
  public static let largestBytes = 2 << 30

  /// All bytes of a file, which may be a pipe.
  ///
  /// - Parameter limit: Most bytes that it may have.
  public static func read(
    _ path: String, atMost limit: Int = largestBytes
  ) throws(Failure) -> [UInt8] {
    try InputFile(anything: path).contents(atMost: limit)
  }

  /// All bytes of a regular file in the folder of another one, or in a folder below that.
  ///
  /// - Parameter file: The path of the other one.
  /// - Throws: That a link leads elsewhere, or that it is a folder, a pipe or a device.
  public static func read(_ path: String, beside file: String) throws(Failure) -> [UInt8] {
    let folder = try resolved(file.lastIndex(of: "/").map { String(file[...$0]) } ?? ".")
    let target = try resolved(path)
    guard target.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") else {
      throw Failure("a link out of the folder of \(file)")
    }
    return try InputFile(path: target, followsLinks: false).contents(atMost: largestBytes)
  }

  /// Whether anything is there.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The absolute path of what is there, without symbolic links.
  public static func resolved(_ path: String) throws(Failure) -> String {
    guard let resolved = realpath(path, nil) else { throw .last }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
