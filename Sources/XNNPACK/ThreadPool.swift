/// Threads that share the work of a runtime.
public final class ThreadPool {
  /// How many there are, the caller's included.
  public let count: Int
  /// `nil` for the caller's thread alone.
  let handle: OpaquePointer?
  private let library: Library

  /// Throws `.outOfMemory` if the threads cannot be made.
  public init(_ count: Int, _ library: Library) throws(XNNPACKError) {
    self.count = max(count, 1)
    self.library = library
    guard count > 1 else {
      handle = nil
      return
    }
    guard let made = library.functions.createThreads(count) else {
      throw XNNPACKError(
        .outOfMemory, call: "pthreadpool_create", detail: "\(count) threads")
    }
    handle = made
  }

  deinit {
    if let handle { library.functions.destroyThreads(handle) }
  }
}
