internal import DeviceProtocol
internal import Devices
internal import Execution
internal import Kernels
internal import Measurement
internal import Networks
internal import Prediction
internal import Store
internal import Tables
internal import Workloads

/// A device on which networks are executed: what run, calibrate and validate share.
final class NetworkSession {
  let backend: any Backend
  /// Made anew after races, which may have opened the device anew.
  private(set) var meter: FrameMeter
  /// The schedules of steps; empty on the processor.
  private(set) var schedules: ScheduleBook
  let view: ProgressView
  private let store: Store
  private let lock: DeviceLock
  private let programs = NetworkPrograms()
  private var checks = KernelChecks()

  /// Opens the device and brings it up to speed.
  ///
  /// - Parameter table: A table whose schedules are used where it was measured on this device.
  init(
    _ target: DeviceOptions, _ processor: ProcessorOptions, store: Store,
    table: LatencyTable?, wait: Bool, view: ProgressView
  ) throws {
    self.view = view
    self.store = store
    let waiting = { (name: String) in
      { (holder: String) in view.print("waiting for \(name), held by \(holder)") }
    }
    if target.isProcessor {
      try target.refuse()
      let backend = try processor.open()
      lock = try DeviceOptions.lock(
        backend.device, wait: wait, waiting: waiting(backend.device.name))
      self.backend = backend
      schedules = ScheduleBook(table: nil, races: [])
    } else {
      try processor.refuse()
      let (instance, device) = try target.find()
      lock = try DeviceOptions.lock(
        DeviceDescription(device), wait: wait, waiting: waiting(device.name))
      let backend = try target.open(device, of: instance)
      self.backend = backend
      let scope = backend.scope(at: .inNetwork)
      let isOwn = table?.fingerprint == scope.fingerprint
      do throws(StoreError) {
        schedules = ScheduleBook(table: isOwn ? table : nil, races: try store.races(in: scope))
      } catch {
        throw CommandFailure(error)
      }
    }
    if backend.clock == .wallClock, let reason = backend.clockReason {
      view.print("note: times are those of the wall clock: \(reason)")
    }
    meter = try Self.meter(backend)
  }

  private static func meter(_ backend: any Backend) throws(CommandFailure) -> FrameMeter {
    do throws(Failure) {
      return try FrameMeter(backend, shouldStop: { Interruption.status != nil })
    } catch {
      if let interrupted = CommandFailure.interruption { throw interrupted }
      throw CommandFailure(.noDevice, "the device cannot be timed: \(error.reason)")
    }
  }

  /// What a table of this device has as its fingerprint.
  var fingerprint: String { backend.scope(at: .inNetwork).fingerprint }

  /// How fast this device was for some frames, relative to when it made a table; `nil` for a table of another
  /// device, whose speed is another matter.
  func relativeSpeed(of frames: [FrameTime], to table: LatencyTable) -> Double? {
    guard table.fingerprint == fingerprint else { return nil }
    return FrameTime.relativeSpeed(of: frames, to: table)
  }

  /// Predicts by a table of this device.
  ///
  /// - Parameter anyDevice: Whether a table of another device will do.
  func predictor(
    of table: LatencyTable, anyDevice: Bool
  ) throws(CommandFailure) -> LatencyPredictor {
    if table.fingerprint != fingerprint, !anyDevice {
      throw CommandFailure(
        .badFile,
        "the table is of \(table.device.name) with fingerprint \(table.fingerprint), and this device "
          + "has \(fingerprint): measure it anew, or say --any-device")
    }
    do throws(PredictionError) { return try LatencyPredictor(table: table) } catch {
      throw CommandFailure(.badFile, error.description)
    }
  }

  /// Races the schedules of what no table or race has, and keeps the winners in the store.
  ///
  /// - Parameter choice: How many race; where none does, the standard ones run.
  func tune(_ networks: [LoweredNetwork], _ choice: TuningOptions.Choice) throws {
    let missing = schedules.missing(for: networks)
    guard !missing.isEmpty, choice != .off, backend is VulkanBackend else { return }
    view.print("racing schedules of \(missing.count) layers that no table or race has")
    let plan = Plan(
      profile: "networks", workloads: missing,
      rule: StoppingRule(targetHalfWidth: 0.1, budgetSeconds: 0.2),
      schedules: .raced(choice == .full ? .full : .quick))
    let campaign = Campaign(
      plan: plan, backend: backend, store: store,
      shouldStop: { Interruption.status != nil }, report: view.show)
    do throws(Campaign.Stop) { _ = try campaign.run() } catch { throw CommandFailure(error) }
    view.finish()
    (backend as? VulkanBackend)?.saveCache()
    if let interruption = CommandFailure.campaignInterruption { throw interruption }
    do throws(StoreError) {
      let races = try store.races(in: backend.scope(at: .inNetwork))
      schedules.add(races)
    } catch {
      throw CommandFailure(error)
    }
    meter = try Self.meter(backend)
  }

  /// Checks the kernels of a network that no row, race or step before has checked on this device.
  ///
  /// - Returns: How many steps were checked, now and before.
  func check(_ network: LoweredNetwork) throws(CommandFailure) -> KernelChecks.Tally {
    let tally: KernelChecks.Tally
    do throws(StoreError) {
      for scope in Method.Temperature.allCases.map(backend.scope) {
        checks.add(try store.checkedSchedules(in: scope))
      }
    } catch {
      throw CommandFailure(error)
    }
    let device = (backend as? VulkanBackend)?.vulkan
    do throws(Failure) {
      let schedules = try (backend as? VulkanBackend).map { backend throws(Failure) in
        try VulkanNetwork.schedules(
          of: network, on: backend, schedule: { self.schedules.names[$0] })
      }
      tally = try checks.check(
        network, by: schedules, on: backend,
        watchdogNanoseconds: meter.budget.watchdogNanoseconds,
        shouldStop: { Interruption.status != nil },
        report: { view.status("checking layer \($0 + 1) of \(network.steps.count)") })
    } catch {
      throw CommandFailure(error)
    }
    if let interruption = CommandFailure.interruption { throw interruption }
    // A device that was opened again has no reference kernel.
    if (backend as? VulkanBackend)?.vulkan !== device { meter = try Self.meter(backend) }
    return tally
  }

  /// Times networks in rounds.
  ///
  /// - Parameters:
  ///   - bySteps: Whether frames are timed step by step on a device that is the processor, which others use.
  ///   - status: What is shown after a visit to a network, with the share that is done.
  /// - Returns: What was found, and what ended it early: a lost device, or the user.
  func time(
    _ networks: [LoweredNetwork], seconds: Double, bySteps: Bool = false,
    status: (NetworkRounds.Outcome, Double) -> String
  ) -> (outcomes: [NetworkRounds.Outcome], end: CommandFailure?) {
    let rounds = NetworkRounds(
      networks, meter: meter, rule: StoppingRule(budgetSeconds: seconds),
      bySteps: bySteps && backend.device.isSoftwareVulkan
    ) { (network, visit) throws(Failure) in try self.make(network, visit: visit) }
    do throws(Failure) {
      try rounds.run(
        shouldStop: { Interruption.status != nil }, report: { view.status(status($0, $1)) })
    } catch {
      return (rounds.outcomes, CommandFailure(error))
    }
    return (rounds.outcomes, .interruption)
  }

  /// A network ready to run.
  func make(_ network: LoweredNetwork, visit: Int) throws(Failure) -> any ExecutableNetwork {
    if let processor = backend as? XNNPACKBackend {
      return try ProcessorNetwork(network, on: processor)
    }
    guard let backend = backend as? VulkanBackend else {
      throw Failure(.unsupported, "networks are not executed on \(backend.device.name)")
    }
    programs.renew(forVisit: visit)
    return try VulkanNetwork(
      network, on: backend, programs: programs, schedule: { schedules.names[$0] })
  }
}
