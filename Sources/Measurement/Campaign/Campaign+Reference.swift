internal import Store
import Tables
import Workloads

extension Campaign {
  /// Learns what a submission and an empty dispatch cost, then brings the device up to speed. A failure
  /// that may pass is tried again, as with rows; the device is opened again where it is lost.
  func warmUp() throws(Stop) {
    var setbacks = Setbacks.warmUp
    // Seconds at which the ramp began: a device that it has warmed stays warm over a loss.
    var start: Double?
    while !shouldStop() {
      do throws(Failure) {
        try measureLaunch()
        try measureRates()
        let kernel = try ReferenceKernel(
          on: backend, submission: ceilings.submissionNanoseconds ?? 0
        ) { (chain, length) throws(Failure) in try self.timed(chain, length) }
        setbacks.gain()
        let since = start ?? timeSpent.submissionSeconds
        start = since
        try ramp(kernel, since: since)
        reference = kernel
        warmUpFailure = nil
        break
      } catch {
        if shouldStop() { return }
        guard setbacks.allowAnotherTry(after: error) else {
          try explain(error)
          break
        }
        if backend.isLost(after: error) { try openAgain() }
      }
    }
    try stopping { () throws(StoreError) in try store.record(ceilings, in: scope) }
  }

  /// Reads the reference kernel until three readings agree within 1 %, for 0.3 to 3 seconds: a GPU
  /// raises its clock only under load.
  private func ramp(_ kernel: ReferenceKernel, since start: Double) throws(Failure) {
    var recent: [Double] = []
    while timeSpent.submissionSeconds - start < 3 || recent.isEmpty, !shouldStop() {
      recent.append(try read(kernel))
      let lastThree = recent.suffix(3)
      guard timeSpent.submissionSeconds - start > 0.3, let low = lastThree.min(),
        let high = lastThree.max()
      else { continue }
      if high <= low * 1.01 { return }
    }
  }

  /// Runs the reference kernel on a GPU, whose clock has fallen while the host prepared, until it is at the
  /// campaign's speed again, for at most 0.1 seconds.
  func awaken() throws(Failure) {
    guard backend.device.type != .cpu, let kernel = reference else { return }
    let start = timeSpent.submissionSeconds
    while try !speed.isSteady(read(kernel)), timeSpent.submissionSeconds - start < 0.1,
      !shouldStop()
    {}
  }

  /// Takes a reading, and keeps it for the whole campaign.
  func newReading() throws(Failure) -> Double {
    guard let kernel = reference else { return 0 }
    let value = try read(kernel)
    speed.record(value)
    return value
  }

  private func read(_ kernel: ReferenceKernel) throws(Failure) -> Double {
    try kernel.read { (chain, length) throws(Failure) in try self.timed(chain, length) }
  }

  /// Opens a lost device again and warms it up; everything prepared on it is gone.
  func reopen() throws(Stop) {
    try openAgain()
    try warmUp()
  }

  private func openAgain() throws(Stop) {
    reference = nil
    do throws(Failure) { try backend.reopenWithPatience() } catch { throw .device(error) }
    note(["The device was lost or hung during the campaign and was opened again."])
  }
}
