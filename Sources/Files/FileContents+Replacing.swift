#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

extension FileContents {
  /// Puts `bytes` in place of what the file held; readers see the old file or the new one, and
  /// after a failure the old one is as it was.
  ///
  /// Follows a symbolic link and keeps the permissions of a file that exists, and its owner and group where
  /// that is allowed. What is neither file nor folder, such as `/dev/stdout`, is written to, never
  /// replaced.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .last }
      return try put(bytes, at: path, like: nil)
    }
    let target = try resolved(path)
    guard stat(target, &status) == 0 else { throw .last }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure("it is a folder") }
    guard access(target, W_OK) == 0 else { throw .last }
    if status.st_mode & S_IFMT == S_IFREG { return try put(bytes, at: target, like: status) }
    let file = open(target, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    try fill(file, bytes)
  }

  /// Throws if no file can be made in a folder.
  public static func requireWritable(folder: String) throws(Failure) {
    let (path, file) = try makeTemporary(beside: folder + "/")
    close(file)
    unlink(path)
  }

  /// Makes a file beside `path` and moves it there when it is whole.
  private static func put(
    _ bytes: [UInt8], at path: String, like old: stat?
  ) throws(Failure) {
    let (temporary, file) = try makeTemporary(beside: path)
    do throws(Failure) {
      defer { close(file) }
      if let old {
        // Only root may give a file away; a group of the user's own may be given.
        if fchown(file, old.st_uid, old.st_gid) != 0 { _ = fchown(file, .max, old.st_gid) }
        guard fchmod(file, old.st_mode & 0o777) == 0 else { throw Failure.last }
      }
      try fill(file, bytes)
      guard rename(temporary, path) == 0 else { throw Failure.last }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// A new file with a name that nobody can guess, open for writing, with the permissions of new files.
  private static func makeTemporary(
    beside path: String
  ) throws(Failure) -> (path: String, file: Int32) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(folder).srprof-\(suffix).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .last }
    return (temporary, file)
  }

  /// Makes a file that is to be written by others, and its folder, if there is none, and sees that it can be
  /// written. New files have the permissions that the user's mask leaves.
  public static func prepareToWrite(_ path: String) throws(Failure) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try makeFolder(folder)
    guard access(folder, W_OK | X_OK) == 0 else { throw .last }
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .last }
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard file >= 0 else { throw .last }
      close(file)
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("it is not a file") }
    guard access(path, R_OK | W_OK) == 0 else { throw .last }
  }

  private static func makeFolder(_ path: String) throws(Failure) {
    var end = path.startIndex
    while let slash = path[end...].firstIndex(of: "/") {
      end = path.index(after: slash)
      guard mkdir(String(path[..<end]), 0o777) == 0 || errno == EEXIST else { throw .last }
    }
  }

  /// Writes a file to its end and to the disk.
  private static func fill(_ file: Int32, _ bytes: [UInt8]) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        again { write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written) }
      }
      guard count >= 0 else { throw .last }
      written += count
    }
    // A terminal or a pipe has no disk to be written to.
    guard fsync(file) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP else {
      throw .last
    }
  }
}
