internal import Devices
internal import Kernels
public import Measurement
public import Networks
public import Prediction
public import Store
public import Tables
internal import Workloads

/// A device on which networks are executed, held while the session lasts.
public final class NetworkSession {
  public let backend: any NetworkBackend
  /// Made anew after races, which may have opened the device anew.
  public private(set) var meter: FrameMeter
  /// The schedules of steps; empty on the processor.
  public private(set) var schedules: ScheduleBook
  let shouldStop: () -> Bool
  private let report: (Event) -> Void
  private let store: Store
  private let racesElsewhere: () -> [Race]
  private let lock: DeviceLock
  private let programs = NetworkPrograms()
  private var checks = KernelChecks()

  /// Brings a device up to speed.
  ///
  /// - Parameters:
  ///   - lock: The right to measure on the device.
  ///   - table: A table whose schedules are used where it was measured on this device.
  ///   - racesElsewhere: Races of devices akin to this one, which say what races look at first. Asked before the first
  ///     race.
  ///   - shouldStop: Asked between submissions; true ends what is going on.
  public init(
    _ backend: any NetworkBackend, lock: consuming DeviceLock, store: Store,
    table: LatencyTable? = nil, racesElsewhere: @escaping () -> [Race] = { [] },
    shouldStop: @escaping () -> Bool = { false }, report: @escaping (Event) -> Void = { _ in }
  ) throws(Stop) {
    self.backend = backend
    self.lock = lock
    self.store = store
    self.racesElsewhere = racesElsewhere
    self.shouldStop = shouldStop
    self.report = report
    if backend.choosesSchedules {
      let scope = backend.scope(at: .inNetwork)
      let isOwn = table.map(backend.fingerprint.matches) ?? false
      do throws(StoreError) {
        schedules = ScheduleBook(table: isOwn ? table : nil, races: try store.races(in: scope))
      } catch {
        throw .store(error)
      }
    } else {
      schedules = ScheduleBook(table: nil, races: [])
    }
    if backend.clock == .wallClock, let reason = backend.clockReason {
      report(.wallClock(reason: reason))
    }
    meter = try Self.meter(backend, shouldStop)
  }

  private static func meter(
    _ backend: any Backend, _ shouldStop: @escaping () -> Bool
  ) throws(Stop) -> FrameMeter {
    do throws(Failure) { return try FrameMeter(backend, shouldStop: shouldStop) } catch {
      throw .untimed(error)
    }
  }

  /// The fingerprint of tables of this device.
  public var fingerprint: Fingerprint { backend.fingerprint }

  /// How fast this device was for some frames, relative to when it made a table; `nil` for a table of another
  /// device, whose speed is another matter.
  public func relativeSpeed(of frames: [FrameTime], to table: LatencyTable) -> RelativeSpeed? {
    guard fingerprint.isUnit(of: table) else { return nil }
    return RelativeSpeed(of: frames, to: table)
  }

  /// Predicts by a table of this device.
  ///
  /// - Parameter anyDevice: Whether a table of another device will do.
  public func predictor(
    of table: LatencyTable, anyDevice: Bool = false
  ) throws(Stop) -> LatencyPredictor {
    guard anyDevice || fingerprint.matches(table) else {
      throw .otherDevice(
        name: table.device.name, fingerprint: table.fingerprint, own: fingerprint.model)
    }
    do throws(PredictionError) { return try LatencyPredictor(table: table) } catch {
      throw .prediction(error)
    }
  }

  /// Races the schedules of what no table or race has, and keeps the winners in the store.
  ///
  /// - Parameter choice: How many race; where none does, the standard ones run.
  public func tune(_ networks: [LoweredNetwork], _ choice: Plan.Schedules) throws(Stop) {
    let missing = schedules.missing(for: networks)
    guard !missing.isEmpty, case .raced = choice, backend.choosesSchedules else { return }
    report(.racing(layers: missing.count))
    var plan = Plan(
      profile: "networks", workloads: missing,
      rule: StoppingRule(targetHalfWidth: 0.1, budgetSeconds: 0.2), schedules: choice)
    plan.wantsFigures = false
    let campaign = Campaign(
      plan: plan, backend: backend, store: store, racesElsewhere: racesElsewhere,
      shouldStop: shouldStop, report: { [report] in report(.race($0)) })
    do throws(Campaign.Stop) { _ = try campaign.run() } catch { throw .races(error) }
    report(.raced)
    backend.saveCache()
    if shouldStop() { throw .interrupted(carriesOn: true) }
    do throws(StoreError) {
      schedules.add(try store.races(in: backend.scope(at: .inNetwork)))
    } catch {
      throw .store(error)
    }
    meter = try Self.meter(backend, shouldStop)
  }

  /// Checks the kernels of a network that no row, race or step before has checked on this device.
  ///
  /// - Returns: How many steps were checked, now and before.
  public func check(_ network: LoweredNetwork) throws(Stop) -> KernelChecks.Tally {
    do throws(StoreError) {
      for scope in Method.Temperature.allCases.map(backend.scope) {
        checks.add(try store.checkedSchedules(in: scope))
      }
    } catch {
      throw .store(error)
    }
    let device = backend.openDevice
    let tally: KernelChecks.Tally
    do throws(Failure) {
      tally = try checks.check(
        network, by: try backend.schedules(of: network, by: schedules), on: backend,
        watchdogNanoseconds: meter.budget.watchdogNanoseconds, shouldStop: shouldStop,
        report: { report(.checking(step: $0, of: network.steps.count)) })
    } catch {
      throw .device(error)
    }
    if shouldStop() { throw .interrupted(carriesOn: false) }
    // A device that was opened again has no reference kernel.
    if backend.openDevice !== device { meter = try Self.meter(backend, shouldStop) }
    return tally
  }

  /// Times networks in rounds.
  ///
  /// - Parameters:
  ///   - bySteps: Whether frames are timed step by step on a device that is the processor, which others use.
  ///   - paired: Rows that are measured again in the same rounds.
  ///   - progress: Called after a visit to a network, with the share that is done.
  /// - Returns: What was found, and what ended it early: a lost device, or the wish to stop.
  public func time(
    _ networks: [LoweredNetwork], seconds: Double, bySteps: Bool = false,
    paired: PairedRows? = nil,
    progress: (NetworkRounds.Outcome, Double) -> Void = { _, _ in }
  ) -> (outcomes: [NetworkRounds.Outcome], end: Stop?) {
    let rounds = NetworkRounds(
      networks, meter: meter, rule: StoppingRule(budgetSeconds: seconds),
      bySteps: bySteps && backend.device.isSoftwareVulkan
    ) { (network, visit) throws(Failure) in try self.make(network, visit: visit) }
    do throws(Failure) {
      try rounds.run(
        shouldStop: shouldStop,
        beside: { (network, round) throws(Failure) in
          try paired?.visit(network, round: round)
        }, report: progress)
    } catch {
      return (rounds.outcomes, .device(error))
    }
    return (rounds.outcomes, shouldStop() ? .interrupted(carriesOn: false) : nil)
  }

  /// The rows of networks, to be measured in the rounds of their frames.
  func pairedRows() -> PairedRows {
    let names = schedules.names
    return PairedRows(backend, meter: meter, shouldStop: shouldStop) { names[$0] }
  }

  /// A network ready to run.
  ///
  /// - Parameter visit: Counts from 0; programs are made anew from time to time.
  public func make(
    _ network: LoweredNetwork, visit: Int
  ) throws(Failure) -> any ExecutableNetwork {
    programs.renew(forVisit: visit)
    return try backend.prepare(network, by: schedules, programs: programs)
  }
}
