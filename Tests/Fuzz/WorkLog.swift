internal import Foundation

/// What a worker has done so far, in a file that its supervisor can read after its end.
struct WorkLog: ~Copyable {
  private let numbers: UnsafeMutablePointer<Int>
  private static let count = 5

  /// Opens the log at a path; it begins with zeros.
  init(path: String) throws {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    guard file >= 0 else { throw CocoaError(.fileReadUnknown) }
    defer { close(file) }
    let bytes = Self.count * MemoryLayout<Int>.stride
    guard ftruncate(file, off_t(bytes)) == 0,
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      memory != MAP_FAILED
    else { throw CocoaError(.fileReadUnknown) }
    numbers = memory.assumingMemoryBound(to: Int.self)
  }

  deinit { munmap(numbers, Self.count * MemoryLayout<Int>.stride) }

  /// The input that is being read.
  var current: Int {
    get { numbers[0] }
    nonmutating set { numbers[0] = newValue }
  }
  /// The input that took longest, and the nanoseconds of processor time that it took.
  var slowest: (index: Int, nanoseconds: Int) {
    get { (numbers[1], numbers[2]) }
    nonmutating set { (numbers[1], numbers[2]) = newValue }
  }
  /// Inputs that were right enough to be used.
  var understood: Int {
    get { numbers[4] }
    nonmutating set { numbers[4] = newValue }
  }
  /// The most memory that the process has had, in bytes.
  var peakBytes: Int {
    get { numbers[3] }
    nonmutating set { numbers[3] = newValue }
  }
}
