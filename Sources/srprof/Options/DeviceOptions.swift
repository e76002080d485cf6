internal import ArgumentParser
internal import DeviceProtocol
internal import Devices
internal import FoundationEssentials
internal import Kernels
internal import Measurement
internal import Profiles
internal import Tables

/// Which device, and how Vulkan is entered.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: """
      Device by index, part of its name, or UUID (see srprof devices; default: 0); ssh:HOST/0 for one \
      that ssh reaches, adb:SERIAL/0 for a phone; cpu for the processor through XNNPACK.
      """)
  var device: String?

  @Flag(help: "Run under the Vulkan validation layer; its messages become errors.")
  var validate = false

  @Option(
    help: """
      Choose kernels within the limits of another class of devices: a shipped name (\
      \(NamedText.names(in: limitsFolder).joined(separator: ", "))), or a path to a YAML file. Where \
      this device has less, that counts.
      """)
  var limits: String?

  /// Whether the processor itself is meant.
  var isProcessor: Bool { device?.lowercased() == ProcessorOptions.device }

  /// Files that the options name.
  var files: [String] { limits.flatMap(NamedText.path).map { [$0] } ?? [] }

  /// Throws if the processor is meant and something was asked for that only Vulkan devices have.
  func refuse() throws(CommandFailure) {
    guard isProcessor, limits != nil || validate else { return }
    throw CommandFailure(
      .usage,
      "\(limits != nil ? "--limits" : "--validate") is for Vulkan devices, not for --device cpu")
  }

  private static let limitsFolder = "Profiles/devices/"

  private static let environment = ProcessInfo.processInfo.environment

  /// The error with what to install, where that would help.
  private static func noDevice(_ error: VulkanError) -> CommandFailure {
    let advice =
      switch error.reason {
      case .noLoader: "; install libvulkan1"
      case .noDriver: "; install the GPU's driver, or mesa-vulkan-drivers"
      case .missingLayer: "; install vulkan-validationlayers"
      default: ""
      }
    return CommandFailure(.noDevice, error.description + advice)
  }

  /// Where the device is.
  func address() throws(CommandFailure) -> DeviceAddress {
    guard let device else { return .standard }
    guard let address = DeviceAddress(device) else {
      throw CommandFailure(
        .usage,
        "--device '\(device)' names no place; write ssh:HOST/0, adb:SERIAL/0, or 0 for this machine"
      )
    }
    return address
  }

  /// Enters Vulkan where the device is.
  func instance() throws(CommandFailure) -> Instance {
    let address = try address()
    do throws(ConnectionError) {
      return try Instance(
        validation: validate || Self.environment["SRPROF_VALIDATE"] == "1",
        transport: address.transport,
        isInterrupted: { Interruption.status != nil })
    } catch {
      throw CommandFailure(.noDevice, error.description)
    }
  }

  /// Enters Vulkan and finds the chosen device.
  func find() throws(CommandFailure) -> (instance: Instance, device: PhysicalDevice) {
    // A mistake in the limits is said before a device is looked for.
    _ = try cap()
    let instance = try instance()
    return (instance, try choose(from: try Self.devices(of: instance)))
  }

  /// The limits that `--limits` names.
  func cap() throws(CommandFailure) -> LimitsCap? {
    guard let limits else { return nil }
    let chosen = try NamedText(limits, in: Self.limitsFolder, what: "device profile")
    do throws(ProfileError) {
      let profile = try DeviceProfile(yaml: chosen.text, file: chosen.file)
      return LimitsCap(
        name: profile.name, limits: profile.limits, groupSize: profile.groupSize,
        features: profile.features)
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
  }

  /// What kernels may use of a device: its own limits, or the smaller of both.
  func limits(of device: PhysicalDevice) throws(CommandFailure) -> DeviceLimits {
    let own = DeviceLimits(device)
    return try cap()?.applied(to: own) ?? own
  }

  /// Opens a device for measuring, by a clock that was tried. Whoever waits for it obeys Ctrl-C where the
  /// command listens.
  func open(
    _ device: PhysicalDevice, of instance: Instance, wallClock: Bool = false
  ) throws(CommandFailure) -> VulkanBackend {
    let lock = DeviceLock.name(of: DeviceDescription(device, host: instance.remoteHost))
    guard instance.takeLock(lock) else {
      throw CommandFailure(
        .busy, "\(device.name) is being measured by another host, or by another srprof there")
    }
    let backend = try openIdle(device, of: instance, wallClock: wallClock)
    backend.tryClock()
    return backend
  }

  /// Opens a device on which nothing is executed, so that others may measure on it meanwhile.
  func openIdle(
    _ device: PhysicalDevice, of instance: Instance, wallClock: Bool = false
  ) throws(CommandFailure) -> VulkanBackend {
    let library = try Self.library()
    let cap = try cap()
    do throws(VulkanError) {
      return try VulkanBackend(
        device, of: instance,
        options: .init(
          cacheFolder: Paths.cache, library: library, wallClock: wallClock,
          version: SRProf.version, cap: cap))
    } catch {
      throw CommandFailure(.noDevice, error.description)
    }
  }

  /// Opens a device for compiling only.
  func inspector(
    for device: PhysicalDevice, of instance: Instance
  ) throws(CommandFailure) -> Inspector {
    let library = try Self.library()
    let limits = try limits(of: device)
    do throws(VulkanError) {
      return try Inspector(device, of: instance, limits: limits, library: library)
    } catch {
      throw CommandFailure(.noDevice, error.description)
    }
  }

  /// All devices.
  static func devices(of instance: Instance) throws(CommandFailure) -> [PhysicalDevice] {
    do throws(VulkanError) { return try instance.physicalDevices() } catch {
      throw noDevice(error)
    }
  }

  private static func library() throws(CommandFailure) -> ShaderLibrary {
    guard let folder = environment["SRPROF_SHADERS"], !folder.isEmpty else {
      return ShaderLibrary()
    }
    do { return try ShaderLibrary(overridingWith: folder) } catch {
      throw CommandFailure(.inputOutput, "SRPROF_SHADERS=\(folder) is no folder that can be read")
    }
  }

  /// The right to measure on a device; `waiting` is told of who has it now.
  static func lock(
    _ device: DeviceDescription, wait: Bool, waiting: (String) -> Void = { _ in }
  ) throws(CommandFailure) -> DeviceLock {
    do throws(DeviceLock.Unavailable) {
      return try DeviceLock(
        device, folder: Paths.locks, wait: wait, waiting: waiting,
        isInterrupted: { Interruption.status != nil })
    } catch {
      switch error {
      case .interrupted: throw .interruption ?? CommandFailure(.busy, "\(device.name) is taken")
      case .held(let holder):
        throw CommandFailure(
          .busy, "\(device.name) is being measured by \(holder); --wait waits for it")
      case .file(let reason): throw CommandFailure(.inputOutput, reason)
      }
    }
  }

  /// The device that `device` names, if it names exactly one.
  func choose(from devices: [PhysicalDevice]) throws(CommandFailure) -> PhysicalDevice {
    if isProcessor {
      throw CommandFailure(
        .usage, "--device cpu is for srprof measure: there are no Vulkan kernels for it")
    }
    let address = try address()
    let device = address.selector ?? "0"
    let list = devices.map { "\($0.index) \($0.name)" }.joined(separator: ", ")
    if let index = Int(device), let chosen = devices.first(where: { $0.index == index }) {
      return chosen
    }
    let wanted = device.lowercased()
    if let chosen = devices.first(where: { $0.deviceUUID == wanted.filter { $0 != "-" } }) {
      return chosen
    }
    guard !wanted.isEmpty else {
      throw CommandFailure(.usage, "--device needs an index, a name or a UUID; there are: \(list)")
    }
    let named = devices.filter { $0.name.lowercased().contains(wanted) }
    guard let chosen = named.first, named.count == 1 else {
      let problem = named.isEmpty ? "no device" : "several devices are called"
      throw CommandFailure(.noDevice, "\(problem) '\(device)'; there are: \(list)")
    }
    return chosen
  }
}
