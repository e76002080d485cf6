internal import ArgumentParser
internal import Devices
internal import Execution
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Store
internal import Tables

/// Where and how long networks are executed: what run, calibrate and validate have in common.
struct TrialOptions: ParsableArguments {
  @OptionGroup var target: DeviceOptions
  @OptionGroup var processor: ProcessorOptions
  @OptionGroup var storage: StoreOptions

  @Option(
    help:
      "Which schedules race for layers that no table or race has: quick (the default), full or off."
  )
  var tune: TuningOptions.Choice?

  @Option(help: "Seconds of timed submissions of each network.")
  var seconds = 3.0

  @Flag(help: "Wait while another process measures on the device.")
  var wait = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    guard seconds > 0, seconds.isFinite else {
      throw ValidationError("--seconds is a number above 0.")
    }
    if target.isProcessor, let tune, tune != .off {
      throw ValidationError("--tune \(tune) is for Vulkan devices: nothing races on the processor.")
    }
  }

  /// How the schedules of layers are chosen that no table or race has.
  var schedules: Plan.Schedules { (tune ?? .quick).schedules }

  /// Opens the device.
  ///
  /// - Parameters:
  ///   - table: A table whose schedules are used where it was measured on this device.
  ///   - inputs: Files that the command reads.
  ///   - view: Shows what happens.
  func session(
    table: LatencyTable?, reading inputs: [String], _ view: ProgressView
  ) throws(CommandFailure) -> NetworkSession {
    Interruption.listen()
    let store = try storage.open(besides: inputs)
    if target.isProcessor {
      try target.refuse()
      let backend = try processor.open()
      let lock = try lock(backend.device, view)
      return try session(backend, lock, store, table, view)
    }
    try processor.refuse()
    let (instance, device) = try target.find()
    let lock = try lock(DeviceDescription(device, host: instance.remoteHost), view)
    let backend = try target.open(device, of: instance)
    return try session(backend, lock, store, table, view)
  }

  private func lock(
    _ device: DeviceDescription, _ view: ProgressView
  ) throws(CommandFailure) -> DeviceLock {
    try DeviceOptions.lock(device, wait: wait) { holder in
      view.print("waiting for \(device.name), held by \(holder)")
    }
  }

  private func session(
    _ backend: any NetworkBackend, _ lock: consuming DeviceLock, _ store: Store,
    _ table: LatencyTable?,
    _ view: ProgressView
  ) throws(CommandFailure) -> NetworkSession {
    do throws(NetworkSession.Stop) {
      return try NetworkSession(
        backend, lock: lock, store: store, table: table,
        racesElsewhere: { LatencyTable.shippedRaces(akinTo: backend.device) },
        shouldStop: { Interruption.status != nil }, report: view.show)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Predicts networks by a table and executes them.
  func trials(
    _ networks: [LoweredNetwork], _ predictor: LatencyPredictor, table: LatencyTable,
    paired: Bool = false,
    in session: NetworkSession, _ view: ProgressView
  ) throws(CommandFailure) -> NetworkTrials {
    view.print("executing \(networks.count) networks on \(session.backend.device.nameAndKind)")
    do throws(NetworkSession.Stop) {
      let trials = try NetworkTrials(
        networks, predictor, table: table, in: session, schedules: schedules, seconds: seconds,
        paired: paired
      ) {
        view.status("\(Format.percent($1))  \($0.network.name)")
      }
      view.finish()
      return trials
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension NetworkSession {
  /// The predictor of a table that a command names.
  func predictor(
    argument table: LatencyTable, anyDevice: Bool
  ) throws(CommandFailure) -> LatencyPredictor {
    do throws(Stop) { return try predictor(of: table, anyDevice: anyDevice) } catch {
      throw CommandFailure(error)
    }
  }
}
