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
  private static let largestBytes = 2 << 30

  /// All bytes of a file, which may be a pipe.
  public static func read(_ path: String) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .last }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(status.st_size) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = again { readSome(file, chunk) }
      guard count >= 0 else { throw .last }
      if count == 0 { return bytes }
      guard bytes.count <= largestBytes else { throw Failure("it is larger than 2 GiB") }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Puts `bytes` in place of what the file held; readers see the old file or the new one, and
  /// after a failure the old one is as it was.
  ///
  /// Follows a symbolic link and keeps the permissions of a file that exists. What is neither file
  /// nor folder, such as `/dev/stdout`, is written to, never replaced.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    var status = stat()
    var target = path
    if lstat(path, &status) == 0 {
      guard let resolved = realpath(path, nil) else { throw .last }
      target = String(cString: resolved)
      free(resolved)
      guard stat(target, &status) == 0 else { throw .last }
      guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure("it is a folder") }
      guard access(target, W_OK) == 0 else { throw .last }
      guard status.st_mode & S_IFMT == S_IFREG else { return try fill(target, O_WRONLY, bytes) }
    } else if errno != ENOENT {
      throw .last
    } else {
      status.st_mode = 0
    }
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(target).\(suffix).tmp"
    do throws(Failure) {
      try fill(temporary, O_WRONLY | O_CREAT | O_EXCL, bytes, mode: status.st_mode & 0o7777)
      guard rename(temporary, target) == 0 else { throw Failure.last }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Makes the folder of a file that is to be written by others, and sees that it can be.
  static func prepareToWrite(_ path: String) throws(Failure) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try makeFolder(folder)
    guard access(folder, W_OK | X_OK) == 0 else { throw .last }
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .last
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

  /// Writes a file to its end and to the disk; `mode` 0 leaves it what new files have.
  private static func fill(
    _ path: String, _ flags: Int32, _ bytes: [UInt8], mode: mode_t = 0
  ) throws(Failure) {
    let file = open(path, flags | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    if mode != 0, fchmod(file, mode) != 0 { throw .last }
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
