internal import ArgumentParser
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

  /// Opens the device.
  ///
  /// - Parameters:
  ///   - table: A table whose schedules are used where it was measured on this device.
  ///   - inputs: Files that the command reads.
  func session(table: LatencyTable?, reading inputs: [String]) throws -> NetworkSession {
    Interruption.listen()
    return try NetworkSession(
      target, processor, store: try storage.open(besides: inputs), table: table, wait: wait,
      view: ProgressView(quiet: quiet))
  }
}
