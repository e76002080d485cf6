#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

/// A file open for reading.
struct InputFile: ~Copyable {
  /// Bytes it had when it was opened.
  let size: Int
  private let descriptor: Int32

  /// Opens a file; refuses folders, pipes and devices.
  init(path: String) throws(Refusal) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Refusal(.unreadable, "it is not a regular file")
    }
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// `count` bytes from `offset` on, which lie within the file.
  func read(_ count: Int, from offset: Int) throws(Refusal) -> [UInt8] {
    var failure: Refusal?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let start = buffer.baseAddress?.advanced(by: filled)
        let got = pread(descriptor, start, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          failure = got < 0 ? Self.failure : Refusal(.unreadable, "it has become shorter")
          return
        }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The path without symbolic links; `nil` if nothing is there.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static var failure: Refusal { Refusal(.unreadable, String(cString: strerror(errno))) }
}
