internal import ArgumentParser
internal import FoundationEssentials
internal import Kernels
internal import Measurement
internal import Tables
internal import Vulkan

/// Which device, and how Vulkan is entered.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "Device by index, part of its name, or UUID (see srprof devices).")
  var device = "0"

  @Flag(help: "Run under the Vulkan validation layer; its messages become errors.")
  var validate = false

  private static let environment = ProcessInfo.processInfo.environment

  /// Enters Vulkan.
  static func instance(validate: Bool) throws(CommandFailure) -> Instance {
    do throws(VulkanError) {
      return try Instance(
        validation: validate || environment["SRPROF_VALIDATE"] == "1",
        loader: environment["SRPROF_VULKAN_LOADER"])
    } catch {
      throw CommandFailure(.noDevice, error.description)
    }
  }

  /// Opens the chosen device for measuring.
  func open(wallClock: Bool) throws(CommandFailure) -> VulkanBackend {
    let instance = try Self.instance(validate: validate)
    let library = try Self.library()
    let chosen = try choose(from: try Self.devices(of: instance))
    do throws(VulkanError) {
      return try VulkanBackend(
        chosen, of: instance,
        options: .init(
          cacheFolder: Paths.cache, library: library, wallClock: wallClock,
          version: SRProf.version))
    } catch {
      throw CommandFailure(.noDevice, error.description)
    }
  }

  /// All devices.
  static func devices(of instance: Instance) throws(CommandFailure) -> [PhysicalDevice] {
    do throws(VulkanError) { return try instance.physicalDevices() } catch {
      throw CommandFailure(.noDevice, error.description)
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

  /// The device that `device` names, if it names exactly one.
  func choose(from devices: [PhysicalDevice]) throws(CommandFailure) -> PhysicalDevice {
    let list = devices.map { "\($0.index) \($0.name)" }.joined(separator: ", ")
    if let index = Int(device) {
      guard let chosen = devices.first(where: { $0.index == index }) else {
        throw CommandFailure(.noDevice, "no device \(index); there are: \(list)")
      }
      return chosen
    }
    let wanted = device.lowercased()
    if let chosen = devices.first(where: { $0.deviceUUID == wanted.filter { $0 != "-" } }) {
      return chosen
    }
    let named = devices.filter { $0.name.lowercased().contains(wanted) }
    guard let chosen = named.first, named.count == 1 else {
      let problem = named.isEmpty ? "no device is called" : "several devices are called"
      throw CommandFailure(.noDevice, "\(problem) '\(device)'; there are: \(list)")
    }
    return chosen
  }
}
