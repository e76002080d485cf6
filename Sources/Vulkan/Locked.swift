import Synchronization

/// A value that one thread uses at a time. Whoever finds it taken turns until it is free, so that it is for
/// short uses alone.
final class Locked<Value>: @unchecked Sendable {
  private let taken = Atomic(false)
  private var value: Value

  init(_ value: Value) {
    self.value = value
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    while !taken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged {}
    defer { taken.store(false, ordering: .releasing) }
    return body(&value)
  }
}
