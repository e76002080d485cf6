internal import ArgumentParser
internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import Measurement
internal import Report
internal import Store
internal import Tables

/// `srprof devices`: what is here, and what it can do.
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List Vulkan devices with what matters for measuring.",
    discussion: "Example: srprof devices --json")

  @OptionGroup var target: DeviceOptions
  @OptionGroup var storage: StoreOptions

  @Flag(help: "Print JSON, as in a table's header.")
  var json = false

  @Flag(
    help: """
      Measure what the device can do at best: rates of arithmetic and copying, costs of a dispatch and \
      a submission. The best figures so far are printed, and kept in the store for srprof measure.
      """)
  var ceilings = false

  @Flag(help: "Wait while another process measures on the device.")
  var wait = false

  func validate() throws {
    guard ceilings || (!wait && storage.store == nil) else {
      throw ValidationError(
        "\(wait ? "--wait" : "--store") is for --ceilings: a list needs no device for itself.")
    }
  }

  func run() throws {
    try target.refuse()
    if target.isProcessor { return try showProcessor() }
    let cap = try target.cap()
    let instance = try target.instance()
    var devices = try DeviceOptions.devices(of: instance)
    // Measuring takes seconds and the device for itself, so only one is, as for srprof measure.
    let address = try target.address()
    if address.selector != nil || ceilings { devices = [try target.choose(from: devices)] }
    var listed: [ListedDevice] = []
    var texts: [TerminalText] = []
    for device in devices {
      let rates = ceilings ? try measureCeilings(of: device, instance) : nil
      listed.append(
        ListedDevice(
          device: DeviceDescription(device, host: instance.remoteHost, cap: cap), ceilings: rates))
      texts.append(description(device, of: instance, cap) + (rates.map(description) ?? ""))
    }
    if target.device == nil, !ceilings {
      let engine = try? ProcessorOptions.engine()
      if let engine { listed.append(ListedDevice(device: engine, ceilings: nil)) }
      texts.append(description(processor: engine))
      for phone in AttachedDevice.all() { texts.append(description(phone)) }
    }
    try Terminal.output(json ? try listed.prettyJSON() : texts.joined(separator: "\n"))
  }

  /// The processor alone.
  private func showProcessor() throws(CommandFailure) {
    if ceilings {
      throw CommandFailure(.usage, "--ceilings is for Vulkan devices: XNNPACK has no such kernels")
    }
    let engine = try ProcessorOptions.engine()
    let listed = [ListedDevice(device: engine, ceilings: nil)]
    try Terminal.output(json ? try listed.prettyJSON() : description(processor: engine))
  }

  /// The processor, or what it lacks.
  private func description(processor device: DeviceDescription?) -> TerminalText {
    let word = TerminalText(escaping: ProcessorOptions.device).styled(.bold)
    guard let device, let engine = device.engine else {
      return "\(word)  XNNPACK is not here; install libxnnpack0 to measure the processor\n"
    }
    let clock = engine.megahertz.map { "\(Format.significant($0)) MHz now" } ?? "clock unknown"
    let title: TerminalText = "\(word)  \(device.name)\n"
    return title
      + [
        ("type", "the processor itself, through \(engine.name)"), ("library", engine.library),
        ("threads", "\(engine.threads) on \(engine.processors) processors"),
        ("clock", clock + (engine.governor.map { ", governed for \($0)" } ?? "")),
      ].map(Self.line).joined()
  }

  /// A device that adb sees, and how to use it.
  private func description(_ phone: AttachedDevice) -> TerminalText {
    let title = TerminalText(escaping: "adb:" + phone.serial).styled(.bold)
    let advice =
      switch phone.state {
      case "device": "srprof devices --device adb:\(phone.serial) lists what it can do"
      case "unauthorized": "unlock it and press Allow in its question about USB debugging"
      case "offline": "unlock it, and unplug it and plug it in again"
      default: "it is in the state \(phone.state)"
      }
    return "\(title)  \(phone.model ?? "a device that adb sees"): \(advice)\n"
  }

  private func measureCeilings(
    of device: PhysicalDevice, _ instance: Instance
  ) throws -> Ceilings {
    let lock = try DeviceOptions.lock(
      DeviceDescription(device, host: instance.remoteHost), wait: wait
    ) { holder in
      Terminal.note("waiting for \(device.name), held by \(holder)")
    }
    let store = try storage.open(besides: target.files)
    let backend = try target.open(device, of: instance)
    return try withExtendedLifetime(lock) {
      let ceilings = try measuredCeilings(on: backend)
      do throws(StoreError) { return try store.keep(ceilings, of: backend) } catch {
        throw CommandFailure(error)
      }
    }
  }

  private func measuredCeilings(on backend: VulkanBackend) throws(CommandFailure) -> Ceilings {
    do throws(Failure) {
      var meter = CeilingMeter(backend)
      var ceilings = try meter.launch()
      for note in try meter.addRates(to: &ceilings) { Terminal.note("note: " + note) }
      return ceilings
    } catch {
      throw CommandFailure(
        .noDevice,
        "\(backend.device.name): its ceilings cannot be measured (\(error.kind.rawValue)): "
          + error.reason)
    }
  }

  /// A device in JSON: as in a table's header, with its ceilings beside.
  private struct ListedDevice: Encodable {
    let device: DeviceDescription
    let ceilings: Ceilings?

    private enum CodingKeys: String, CodingKey {
      case ceilings
    }

    func encode(to encoder: any Encoder) throws {
      try device.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(ceilings, forKey: .ceilings)
    }
  }

  private func description(_ it: Ceilings) -> TerminalText {
    let paths = (it.copyPaths ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \(Format.significant($0.value))" }.joined(separator: ", ")
    let footprints = (it.copyFootprints ?? [:]).sorted { $0.key < $1.key }
      .map { "\(Format.bytes(UInt64($0.key))) \(Format.significant($0.value))" }
      .joined(separator: ", ")
    let lines: [(String, String?)] = [
      ("fp32 at best", it.fp32GigaflopsPerSecond.map { Format.significant($0) + " GFLOP/s" }),
      ("fp16 at best", it.fp16GigaflopsPerSecond.map { Format.significant($0) + " GFLOP/s" }),
      (
        "copy at best",
        it.copyGigabytesPerSecond.map { Format.significant($0) + " GB/s (\(paths))" }
      ),
      ("  by footprint", footprints.isEmpty ? nil : footprints + " GB/s"),
      ("empty dispatch", it.emptyDispatchNanoseconds.map { Format.duration(nanoseconds: $0) }),
      ("submission", it.submissionNanoseconds.map { Format.duration(nanoseconds: $0) }),
    ]
    return lines.map { Self.line($0, $1 ?? "not measured") }.joined()
  }

  private static func line(_ name: String, _ value: String) -> TerminalText {
    "   \(name)\(String(repeating: " ", count: 16 - name.count))\(value)\n"
  }

  private func description(
    _ device: PhysicalDevice, of instance: Instance, _ cap: LimitsCap?
  ) -> TerminalText {
    let own = DeviceLimits(device)
    let limits = cap?.applied(to: own) ?? own
    let size = limits.maxComputeWorkGroupSize.map(String.init).joined(separator: " x ")
    let machine = instance.remoteHost.map { host in
      [
        (
          "machine",
          [host.model, host.processor, host.operatingSystem].filter { !$0.isEmpty }
            .joined(separator: ", ")
        )
      ]
    }
    let lines =
      (machine ?? []) + [
        ("type", kind(device.type)),
        ("driver", "\(device.driver.name) \(device.driver.info)"),
        ("Vulkan", device.apiVersion),
        ("UUID", device.deviceUUID),
        ("memory", memory(device)),
        ("subgroup", subgroup(device, limits)),
        ("timestamps", timestamps(device)),
        ("work-group", "\(limits.maxComputeWorkGroupInvocations) invocations, \(size)"),
        ("shared memory", Format.bytes(UInt64(limits.maxComputeSharedMemorySize))),
        ("uniform buffer", Format.bytes(UInt64(limits.maxUniformBufferRange))),
        ("storage buffer", Format.bytes(UInt64(limits.maxStorageBufferRange))),
        ("texel buffer", "\(limits.maxTexelBufferElements) texels"),
        ("linear image", image(limits)),
        ("allocation", Format.bytes(device.limits.maxMemoryAllocationSize)),
        ("features", features(device, cap)),
      ]
    let within = cap.map { " within the limits of \($0.name)" } ?? ""
    let place = instance.isRemote ? instance.place + "/" : ""
    let title: TerminalText = "\(place)\(device.index)  \(device.name)\(within)"
    return title.styled(.bold) + "\n"
      + lines.map(Self.line).joined()
  }

  private func kind(_ kind: PhysicalDevice.Kind) -> String {
    switch kind {
    case .integratedGPU: "integrated GPU"
    case .discreteGPU: "discrete GPU"
    case .virtualGPU: "virtual GPU"
    case .cpu: "processor (a software driver: its times say nothing about a GPU)"
    case .other: "other"
    }
  }

  private func subgroup(_ device: PhysicalDevice, _ limits: DeviceLimits) -> String {
    let (used, size) = (limits.maxSubgroupLanes, device.subgroupSize)
    let operations = device.subgroupOperations.filter { $0 != "shuffle" || limits.subgroupShuffle }
    return (used < size ? "\(used) of \(size)" : "\(size)") + " invocations: "
      + operations.joined(separator: ", ")
  }

  private func memory(_ device: PhysicalDevice) -> String {
    let heaps = device.memoryHeaps.map { heap in
      Format.bytes(heap.bytes) + (heap.deviceLocal ? " device-local" : "")
    }
    return heaps.joined(separator: ", ") + (device.unifiedMemory ? ", unified" : "")
  }

  private func image(_ limits: DeviceLimits) -> String {
    let side = limits.maxLinearImageDimension
    return side > 0 ? "\(side) texels a side" : "none that is sampled"
  }

  private func timestamps(_ device: PhysicalDevice) -> String {
    device.timestampValidBits == 0
      ? "none: times come from the wall clock"
      : "\(device.timestampValidBits) valid bits, a tick is \(device.timestampPeriod) ns"
  }

  private func features(_ device: PhysicalDevice, _ cap: LimitsCap?) -> String {
    let present = DeviceDescription(device, cap: cap).features.filter(\.value).keys.sorted()
    return present.isEmpty ? "none" : present.joined(separator: ", ")
  }
}
