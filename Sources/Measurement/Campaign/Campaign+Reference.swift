import Tables
import Workloads

extension Campaign {
  /// Learns what a submission and an empty dispatch cost, then brings the device up to speed.
  func warmUp() throws(Stop) {
    do throws(Failure) {
      try measureLaunch()
      let kernel = try ReferenceKernel(
        on: backend, submission: ceilings.submissionNanoseconds ?? 0
      ) { (chain, length) throws(Failure) in try self.timed(chain, length) }
      try ramp(kernel)
      reference = kernel
      try measureRates()
      warmUpFailure = nil
    } catch {
      try explain(error)
    }
    try stopping { () throws(StoreError) in try store.record(ceilings, in: scope) }
  }

  /// Reads the reference kernel until three readings agree within 1 %, for 0.3 to 3 seconds: a GPU
  /// raises its clock only under load.
  private func ramp(_ kernel: ReferenceKernel) throws(Failure) {
    let start = timeSpent.submissionSeconds
    var recent: [Double] = []
    while timeSpent.submissionSeconds - start < 3 {
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
    while try !speed.isSteady(read(kernel)), timeSpent.submissionSeconds - start < 0.1 {}
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

  /// Opens a lost device again; everything prepared on it is gone.
  func reopen() throws(Stop) {
    reference = nil
    do throws(Failure) { try backend.reopen() } catch { throw .device(error) }
    note(["The device was lost or hung during the campaign and was opened again."])
    try warmUp()
  }
}
