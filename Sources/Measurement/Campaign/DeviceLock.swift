internal import Glibc
public import Tables

/// The right to measure on a device, for one process at a time; it ends with the process, however
/// that ends.
public struct DeviceLock: ~Copyable {
  /// Why there is no lock.
  public enum Unavailable: Error, Hashable {
    /// Another process has it; who that is.
    case held(by: String)
    /// The wait for it was interrupted.
    case interrupted
    /// The lock file cannot be made.
    case file(String)
  }

  private let descriptor: Int32

  /// Takes the lock of a device. If another process has it, throws, or waits after telling `waiting`
  /// who it is, until `isInterrupted`.
  public init(
    _ device: DeviceDescription, folder: String, wait: Bool, waiting: (String) -> Void,
    isInterrupted: () -> Bool
  ) throws(Unavailable) {
    let path = "\(folder)/srprof-\(Self.name(of: device)).lock"
    // For every user of the machine: the device is one, whoever measures. A file of another user
    // may be opened, but in a shared folder not with O_CREAT (protected_regular of sysctl fs).
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW
    let existing = open(path, flags)
    descriptor =
      existing < 0 && errno == ENOENT ? open(path, flags | O_CREAT, 0o666) : existing
    guard descriptor >= 0 else {
      throw .file("the lock of the device, \(path), cannot be opened: \(Self.error)")
    }
    // Another user of a shared folder may have made it a link to a file of this one's.
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1
    else {
      close(descriptor)
      throw .file("the lock of the device, \(path), is not a file of its own; remove it")
    }
    fchmod(descriptor, 0o666)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let holder = Self.text(descriptor)
      guard wait else {
        close(descriptor)
        throw .held(by: holder)
      }
      waiting(holder)
      // A lock that is waited for inside the system would not be let go of for an interruption.
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let isTaken = errno == EWOULDBLOCK || errno == EINTR
        guard isTaken, !isInterrupted() else {
          let reason = Self.error
          close(descriptor)
          if isTaken { throw .interrupted }
          throw .file("the lock of the device, \(path), cannot be taken: \(reason)")
        }
        usleep(100_000)
      }
    }
    let holder = "process \(getpid()) of user \(getuid())"
    ftruncate(descriptor, 0)
    _ = holder.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  /// The name of a device's lock, in hexadecimal digits.
  public static func name(of device: DeviceDescription) -> String {
    var hash = FNV1a()
    for part in [device.uuid, device.name, "\(device.vendorID) \(device.deviceID)"] {
      hash.combine(part)
    }
    if let unit = device.host.unit { hash.combine(unit) }
    return hash.digits
  }

  deinit {
    close(descriptor)
  }

  private static var error: String { String(cString: strerror(errno)) }

  /// Who has the lock. Every user of the machine can write to the file, so that only what this program writes
  /// there is believed.
  private static func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    let isOwn = text.wholeMatch(of: /process [0-9]{1,10} of user [0-9]{1,10}/) != nil
    return isOwn ? text : "another process"
  }
}
