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
public struct InputFile: ~Copyable {
  /// Bytes it had when it was opened; 0 for a pipe or a device.
  public let size: Int
  private let descriptor: Int32

  /// Opens a regular file; refuses folders, pipes and devices.
  ///
  /// - Parameter followsLinks: Whether the path may be that of a symbolic link.
  public init(path: String, followsLinks: Bool = true) throws(FileContents.Failure) {
    // A pipe would wait for a writer here.
    try self.init(path, flags: O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW), regular: true)
  }

  /// Opens what is there; a pipe waits for its writer.
  init(anything path: String) throws(FileContents.Failure) {
    try self.init(path, flags: 0, regular: false)
  }

  private init(_ path: String, flags: Int32, regular: Bool) throws(FileContents.Failure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw .last }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let failure = FileContents.Failure.last
      close(descriptor)
      throw failure
    }
    guard !regular || status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileContents.Failure("it is not a regular file")
    }
    self.descriptor = descriptor
    size = max(Int(status.st_size), 0)
  }

  deinit { close(descriptor) }

  /// `count` bytes from `offset` on, which lie within the file.
  public func read(_ count: Int, from offset: Int) throws(FileContents.Failure) -> [UInt8] {
    var failure: FileContents.Failure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let start = buffer.baseAddress?.advanced(by: filled)
        let got = again { pread(descriptor, start, count - filled, off_t(offset + filled)) }
        guard got > 0 else {
          failure = got < 0 ? .last : FileContents.Failure("it has become shorter")
          return
        }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// All bytes up to the end, which may be that of a pipe.
  ///
  /// - Parameter limit: Most bytes that there may be.
  func contents(atMost limit: Int) throws(FileContents.Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size, limit) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = again { readSome(descriptor, chunk) }
      guard count >= 0 else { throw .last }
      if count == 0 { return bytes }
      guard bytes.count <= limit - count else {
        throw FileContents.Failure("it is larger than \(limit >> 20) MiB")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}

/// The C function, which a member of ``InputFile`` would hide.
private func readSome(_ file: Int32, _ chunk: UnsafeMutableRawBufferPointer) -> Int {
  read(file, chunk.baseAddress, chunk.count)
}

/// The result of a call that is made again when a signal interrupts it.
func again(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
