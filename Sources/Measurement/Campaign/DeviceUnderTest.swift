internal import Glibc
internal import Store
internal import Tables

/// The device of a campaign: brought up to speed before rows are measured, and opened again where it is
/// lost. What it can do at best goes into the ledger.
final class DeviceUnderTest {
  let backend: any Backend
  let stopwatch: Stopwatch
  /// Why it could not be warmed up, though it is there.
  private(set) var warmUpFailure: Failure?

  private let ledger: Ledger
  private let draws: Draws
  private let shouldStop: () -> Bool
  /// Whether this campaign has measured what a submission and an empty dispatch cost.
  private var knowsLaunch = false
  private var lastObserved: ContinuousClock.Instant?
  /// Since when the device has been waited for to cool down.
  private var isCooling: ContinuousClock.Instant?

  init(
    _ backend: any Backend, stopwatch: Stopwatch, ledger: Ledger, draws: Draws,
    shouldStop: @escaping () -> Bool
  ) {
    self.backend = backend
    self.stopwatch = stopwatch
    self.ledger = ledger
    self.draws = draws
    self.shouldStop = shouldStop
  }

  /// Learns what a submission and an empty dispatch cost, then brings the device up to speed. A failure
  /// that may pass is tried again, as with rows; the device is opened again where it is lost.
  func warmUp() throws(Campaign.Stop) {
    var setbacks = Setbacks.warmUp
    // Seconds at which the ramp began: a device that it has warmed stays warm over a loss.
    var start: Double?
    while !shouldStop() {
      do throws(Failure) {
        try measureLaunch()
        try measureRates()
        let kernels = try stopwatch.referenceKernels()
        setbacks.gain()
        let since = start ?? stopwatch.timeSpent.submissionSeconds
        start = since
        try stopwatch.ramp(kernels, since: since)
        stopwatch.use(kernels)
        if let failure = kernels.memoryFailure {
          ledger.note([
            "The device cannot run the reference kernel of memory, whose speed is not watched: "
              + failure.reason
          ])
        }
        warmUpFailure = nil
        break
      } catch {
        if shouldStop() { return }
        guard setbacks.allowAnotherTry(after: error) else {
          try explain(error)
          break
        }
        if backend.isLost(after: error) { try openAgain(after: error) }
      }
    }
    try ledger.storeCeilings()
  }

  /// Tells how quiet the device is, and what that means for the plan, from some seconds of readings: ten, but no more
  /// than a fiftieth of the campaign.
  func listen() throws(Campaign.Stop) {
    let plan = ledger.plan
    let pending = ledger.pending
    let races = pending.count { ledger.schedules[$0] == nil }
    let whole = plan.seconds(rows: pending.count, races: races)
    guard plan.wantsFigures, plan.listens, stopwatch.hasReference, whole > Self.worthListening
    else { return }
    do throws(Failure) {
      guard let quietness = try stopwatch.listen(seconds: min(10, whole / 50)), !shouldStop()
      else { return }
      ledger.report(
        .listened(
          Forecast(
            quietness, of: plan, rows: pending.count, races: races, budget: stopwatch.budget)))
    } catch {
      try recover(from: error)
    }
  }

  /// Seconds of a campaign below which nobody waits to hear how exact it will be.
  private static let worthListening = 60.0

  /// Reads clocks and heat, every few seconds. A phone that slows itself down for its heat is given time to cool
  /// down: what is measured meanwhile is true for no one.
  func observe() {
    let now = ContinuousClock.now
    if let lastObserved, now - lastObserved < .seconds(5) { return }
    lastObserved = now
    guard var reading = backend.telemetry() else { return }
    ledger.take(reading)
    while let status = reading.thermalStatus, status > Self.lightThermalStatus, !shouldStop() {
      if isCooling == nil {
        isCooling = now
        ledger.report(.cooling(status: status))
      }
      guard let start = isCooling, ContinuousClock.now - start < Self.coolingPatience else {
        ledger.note([
          "The device stayed too hot for ten minutes (thermal status \(status)) and was measured all the same."
        ])
        return
      }
      usleep(1_000_000)
      guard let next = backend.telemetry() else { return }
      ledger.take(next)
      reading = next
    }
    isCooling = nil
  }

  /// Android calls this "light": it need not slow the device down.
  private static let lightThermalStatus = 1
  private static let coolingPatience = Duration.seconds(600)

  /// Ends the campaign for a device that cannot go on; otherwise its rows will say what is wrong.
  private func explain(_ failure: Failure) throws(Campaign.Stop) {
    guard backend.isUsable, [.wrongOutput, .implausibleTime].contains(failure.kind) else {
      throw .device(failure)
    }
    stopwatch.use(nil)
    warmUpFailure = failure
    ledger.note([
      "The device cannot run the reference kernel, so no row can be timed: \(failure.reason)"
    ])
  }

  /// Opens the device again where a failure took it away, and warms it up. True if it did: then everything
  /// prepared before is void.
  @discardableResult
  func recover(from failure: Failure) throws(Campaign.Stop) -> Bool {
    let isLost = backend.isLost(after: failure) && !shouldStop()
    if isLost {
      try openAgain(after: failure)
      try warmUp()
    }
    return isLost
  }

  private func openAgain(after failure: Failure) throws(Campaign.Stop) {
    if failure.kind == .linkLost { ledger.report(.reconnecting(failure.reason)) }
    do throws(Failure) { try stopwatch.reopen() } catch { throw .device(error) }
    let note =
      switch failure.kind {
      case .linkLost: "The connection to the device was lost during the campaign and made anew."
      case .crashed: "The driver crashed during the campaign; its process was started anew."
      case .notCompiled:
        "The driver was ended during the campaign, as it compiled a candidate for too long; its process was "
          + "started anew."
      default: "The device was lost or hung during the campaign and was opened again."
      }
    ledger.note([note])
  }

  /// The reading after a visit or a race; `nil` if there is none: the device was lost and opened again,
  /// or its clock gave no time. The readings before say how fast it was.
  func readingAfter() throws(Campaign.Stop) -> SpeedReading? {
    do throws(Failure) {
      return try stopwatch.read()
    } catch {
      try recover(from: error)
      return nil
    }
  }
}

/// Ceilings.
extension DeviceUnderTest {
  private var meter: CeilingMeter {
    CeilingMeter(backend, seed: draws.next()) { (chain, length) throws(Failure) in
      if self.shouldStop() { throw Failure(.timedOut, "it was interrupted") }
      return try self.stopwatch.time(chain, length)
    }
  }

  /// Learns what a submission and an empty dispatch cost, once a campaign.
  private func measureLaunch() throws(Failure) {
    guard !knowsLaunch else { return }
    var meter = meter
    let launch = try meter.launch(quantile: ledger.plan.quantile)
    var ceilings = ledger.ceilings
    ceilings.emptyDispatchNanoseconds = launch.emptyDispatchNanoseconds
    ceilings.submissionNanoseconds = launch.submissionNanoseconds
    ledger.take(ceilings)
    knowsLaunch = true
  }

  /// Learns the rates of arithmetic and of copying on a device at its clock, once: the store keeps them
  /// for later campaigns.
  private func measureRates() throws(Failure) {
    var ceilings = ledger.ceilings
    guard ceilings.copyGigabytesPerSecond == nil || ceilings.fp32GigaflopsPerSecond == nil else {
      return
    }
    let notes = try meter.addRates(to: &ceilings)
    // Rates that were interrupted are of small buffers alone, or lower than they are.
    if shouldStop() { return }
    ledger.take(ceilings)
    ledger.note(notes)
  }

  /// Where rows came out above their ceilings, measures those again and keeps the better figures: a busy
  /// moment makes a ceiling look low, never high.
  func raiseCeilings() throws(Campaign.Stop) {
    guard stopwatch.hasReference, ledger.exceedsCeilings, !shouldStop() else { return }
    var again = Ceilings()
    let notes: [String]
    do throws(Failure) {
      notes = try meter.addRates(to: &again)
    } catch {
      // The rows are measured; the warning stays.
      return
    }
    if shouldStop() { return }
    ledger.note(notes)
    ledger.take(ledger.ceilings.raised(by: again))
    try ledger.storeCeilings()
  }
}
