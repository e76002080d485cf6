internal import Glibc
public import Tables

extension Backend {
  /// Whether a failure took the device away, until it is opened again.
  package func isLost(after failure: Failure) -> Bool {
    [.deviceLost, .timedOut, .linkLost].contains(failure.kind) || !isUsable
  }

  /// Runs `body`. After a failure that may pass, opens the device again if it was lost and runs `body`
  /// again, as often as `most` says; a submission that hangs ends it.
  public func persisting<Value>(
    most: Int = 16, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    for _ in 0..<most {
      do throws(Failure) { return try body() } catch {
        guard error.mayPass else { throw error }
        if isLost(after: error) { try reopenWithPatience() }
      }
    }
    return try body()
  }

  /// Opens a lost device again; a driver that has just reset it may need a second.
  package func reopenWithPatience() throws(Failure) {
    for milliseconds in [100, 400] {
      do throws(Failure) { return try reopen() } catch {
        // A lost connection was tried anew for long enough.
        if error.kind == .linkLost { throw error }
      }
      usleep(UInt32(milliseconds) * 1000)
    }
    try reopen()
  }
}
