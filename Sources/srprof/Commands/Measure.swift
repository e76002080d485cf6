internal import ArgumentParser
internal import Devices
internal import Kernels
internal import Measurement
internal import Report
internal import Tables
internal import Workloads

/// `srprof measure`: from a profile and a device to a latency table.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a profile on a device and write a latency table.",
    discussion: """
      Every row is checked against a reference answer before and after timing, and is stored as soon \
      as it is done: the same command carries on after an interruption.

      Example: srprof measure --device 0 --profile sr-mobile --only 'conv3x3 32->*' --output t.json
      """)

  @OptionGroup var target: DeviceOptions
  @OptionGroup var tuning: TuningOptions
  @OptionGroup var processor: ProcessorOptions

  @Option(
    help: """
      Name of a shipped profile (see srprof profiles), or a path to a YAML file (default: quick, or none \
      beside --network).
      """)
  var profile: String?

  @Option(
    help: """
      Also measure every layer of a network, such as wdsr-b:blocks=16,scale=4 (see srprof networks); may be \
      given several times.
      """)
  var network: [String] = []

  @Option(
    help: """
      Measure only workloads whose name has a word for each word of the pattern, such as \
      'conv3x3 32->*'; may be given several times.
      """)
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Measure one of several parts that take about equally long, such as 3/16 on the third of 16 machines; \
      srprof merge joins their tables.
      """, valueName: "i/n"),
    transform: Shard.init(argument:))
  var shard: Shard?

  @Option(
    name: .shortAndLong,
    help: "File of the table; - for standard output (default: srprof-<profile>.json here).")
  var output: String?

  @OptionGroup var choice: AdaptiveOptions
  @OptionGroup var storage: StoreOptions

  @Flag(help: "Throw away what the store has of these rows and races, and start over.")
  var fresh = false

  @Flag(help: "Throw away the samples of these rows, but not which schedules won their races.")
  var remeasure = false

  @Flag(help: "Wait while another process measures on the device.")
  var wait = false

  @Flag(help: "Print what would be measured, and stop.")
  var dryRun = false

  @Flag(help: "Keep operands in the caches, instead of as warm as inside a network.")
  var hot = false

  @Option(help: "Clock: auto (device timestamps where there are any) or wall.")
  var clock = ClockChoice.auto

  @Option(help: "Seconds of timed submissions for each row (default: the profile's).")
  var rowSeconds: Double?

  @Option(help: "Half width of the 95 % interval at which a row is done, in per cent.")
  var precision = 2.0

  @Option(
    help: """
      How many times its seconds a row may take while its interval is beyond 25 %; a row that is still so noisy then \
      fails.
      """)
  var patience = 4.0

  @Option(help: "Seed of the order of visits and races, and of the bootstrap.")
  var seed: UInt64 = 1

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    guard rowSeconds.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--row-seconds is a number of seconds above 0.")
    }
    guard 1...1000 ~= patience else {
      throw ValidationError("--patience is 1 to 1000.")
    }
    guard precision > 0, precision <= 50 else {
      throw ValidationError("--precision is a number of per cent above 0, at most 50.")
    }
    guard !target.isProcessor || tuning.schedule == nil else {
      throw ValidationError("--schedule is for Vulkan devices, not for --device cpu.")
    }
    guard !choice.adaptive || !(fresh || remeasure || dryRun) else {
      throw ValidationError(
        "--adaptive chooses rows by what is measured: it goes with none of --fresh, --remeasure and --dry-run."
      )
    }
    guard !fresh || !remeasure else {
      throw ValidationError("--fresh throws races away, --remeasure keeps them: one of them.")
    }
  }

  func run() throws {
    try target.isProcessor ? target.refuse() : processor.refuse()
    let sweep = try MeasuredSweep(
      profile: profile, networks: network, fusingSplitBlocks: target.traits.fusesSplitBlocks,
      only: only, shard: shard)
    let plan = Plan(
      profile: sweep.name, workloads: sweep.workloads, sweep: sweep.sweep, shard: shard,
      rule: StoppingRule(
        targetHalfWidth: precision / 100, budgetSeconds: rowSeconds ?? sweep.rowSeconds,
        patience: patience),
      temperature: hot ? .hot : .inNetwork, seed: seed,
      start: fresh ? .fresh : remeasure ? .remeasured : .resumed,
      schedules: tuning.schedules)
    if dryRun {
      return try Terminal.output(
        PlanListing(plan, races: !target.isProcessor, misfits: try misfits(of: plan)).text)
    }

    // A mistake is told before a device is opened.
    let importance = try choice.importance(
      among: plan.workloads, fusingSplitBlocks: target.traits.fusesSplitBlocks)
    let inputs = sweep.files + target.files
    let output = try OutputFile(
      path: output ?? sweep.fileName, besides: inputs + storage.files)
    if target.isProcessor {
      let backend = try processor.open()
      let lock = try lock(backend.device)
      return try withExtendedLifetime(lock) {
        try measure(plan, importance, on: backend, reading: inputs, output) {}
      }
    }
    let (instance, device) = try target.find()
    _ = try tuning.misfits(among: plan.workloads, limits: target.limits(of: device))
    let lock = try lock(DeviceDescription(device, host: instance.remoteHost))
    let backend = try target.open(device, of: instance, wallClock: clock == .wall)
    try withExtendedLifetime(lock) {
      try measure(
        plan, importance, on: backend, reading: inputs, output, saveCache: backend.saveCache)
    }
  }

  /// The right to measure on a device.
  private func lock(_ device: DeviceDescription) throws(CommandFailure) -> DeviceLock {
    try DeviceOptions.lock(device, wait: wait) { holder in
      ProgressView(quiet: quiet).print("waiting for \(device.name), held by \(holder)")
    }
  }

  private func measure(
    _ plan: Plan, _ importance: [Workload: Double], on backend: any Backend,
    reading inputs: [String], _ output: OutputFile, saveCache: () -> Void
  ) throws {
    let store = try storage.open(besides: inputs)
    Interruption.listen()
    let view = ProgressView(quiet: quiet)
    let limits = backend.device.limitsProfile.map { " within the limits of \($0)" } ?? ""
    view.print("measuring \(plan.workloads.count) rows on \(backend.device.nameAndKind)\(limits)")
    if choice.adaptive {
      return try measureSome(
        of: plan, importance, on: backend, store, output, view, saveCache: saveCache)
    }
    let campaign = Campaign(
      plan: plan, backend: backend, store: store,
      racesElsewhere: { LatencyTable.shippedRaces(akinTo: backend.device) },
      shouldStop: { Interruption.status != nil }, report: view.show)
    try finish(campaign, output, view, saveCache: saveCache)
  }

  /// Runs the campaign and writes the table, a partial one too if it ends early.
  private func finish(
    _ campaign: Campaign, _ output: OutputFile, _ view: ProgressView, saveCache: () -> Void
  ) throws {
    var ending: Campaign.Stop?
    do throws(Campaign.Stop) { _ = try campaign.run() } catch { ending = error }
    saveCache()
    view.finish()
    let table = campaign.table
    // A run that measured nothing must not cost a table written before.
    if !table.rows.isEmpty || (ending == nil && !output.exists) { try output.write(table) }
    if let ending { throw CommandFailure(ending) }
    let spent = campaign.timeSpent
    let share =
      spent.submissionSeconds > 0
      ? " in \(Format.time(seconds: spent.totalSeconds)), "
        + "\(Format.percent(spent.submissionShare)) of it inside timed and warm-up submissions, "
        + "\(Format.percent(spent.raceShare)) in races"
      : ""
    view.print(
      "\(table.rows.count) of \(campaign.plan.workloads.count) rows\(share); "
        + "table: \(output.name)")
    if !output.isStandard, !quiet { try Terminal.output(RowListing(table.rows).text) }
    if !table.complete, let interruption = CommandFailure.campaignInterruption {
      throw interruption
    }
    try requireAll(table, output)
  }

  /// Throws that rows failed.
  func requireAll(_ table: LatencyTable, _ output: OutputFile) throws(CommandFailure) {
    let failed = table.rows.count { $0.failure != nil }
    if failed > 0 {
      throw CommandFailure(
        .someRowsFailed,
        "\(failed) of \(table.rows.count) rows failed; their reasons are in \(output.name)")
    }
  }

  /// A line for each row that the processor has no operators for, or that a named schedule does not fit.
  /// A device that was named is looked for; without one, none needs to be there.
  private func misfits(of plan: Plan) throws(CommandFailure) -> TerminalText {
    let misfits: [(workload: Workload, failure: Failure)]
    if target.isProcessor {
      misfits = try processor.open().misfits(among: plan.workloads)
    } else {
      _ = try target.cap()
      guard target.device != nil || tuning.schedule != nil else { return "" }
      let limits: DeviceLimits
      do throws(CommandFailure) { limits = try target.limits(of: try target.find().device) } catch {
        guard target.device == nil, error.status == .noDevice else { throw error }
        Terminal.note("note: which rows the schedule fits is not known: \(error.message)")
        return ""
      }
      misfits = try tuning.misfits(among: plan.workloads, limits: limits)
    }
    return misfits.map {
      "\($0.workload.name): will fail, \($0.failure.kind.rawValue): \($0.failure.reason)\n"
    }.joined()
  }
}
