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
  /// What the operating system said.
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
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    return try contents(file, atMost: limit)
  }

  /// All bytes of a regular file in the folder of another one, or in a folder below that.
  ///
  /// - Parameter file: The path of the other one.
  /// - Throws: That a link leads elsewhere, or that it is a folder, a pipe or a device.
  public static func read(_ path: String, beside file: String) throws(Failure) -> [UInt8] {
    let folder = try real(file.lastIndex(of: "/").map { String(file[...$0]) } ?? ".")
    let target = try real(path)
    guard target.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") else {
      throw Failure("a link out of the folder of \(file)")
    }
    // A pipe would wait for a writer here.
    let descriptor = open(target, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("it is not a regular file")
    }
    return try contents(descriptor, atMost: largestBytes)
  }

  private static func contents(_ file: Int32, atMost limit: Int) throws(Failure) -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .last }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(Int(status.st_size), 0), limit) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = again { readSome(file, chunk) }
      guard count >= 0 else { throw .last }
      if count == 0 { return bytes }
      guard bytes.count <= limit - count else {
        throw Failure("it is larger than \(limit >> 20) MiB")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// The path without symbolic links.
  private static func real(_ path: String) throws(Failure) -> String {
    guard let resolved = realpath(path, nil) else { throw .last }
    defer { free(resolved) }
    return String(cString: resolved)
  }

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
    let target = try real(path)
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
  static func prepareToWrite(_ path: String) throws(Failure) {
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

/// The C function, which a member of ``FileContents`` would hide.
private func readSome(_ file: Int32, _ chunk: UnsafeMutableRawBufferPointer) -> Int {
  read(file, chunk.baseAddress, chunk.count)
}

/// The result of a call that is made again when a signal interrupts it.
private func again(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
