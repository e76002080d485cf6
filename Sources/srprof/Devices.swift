internal import ArgumentParser
internal import FoundationEssentials
internal import Measurement
internal import Tables
internal import Vulkan

/// `srprof devices`: what is here, and what it can do.
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List Vulkan devices with what matters for measuring.",
    discussion: "Example: srprof devices --json")

  @Flag(help: "Print JSON, as in a table's header.")
  var json = false

  @Flag(help: "Run under the Vulkan validation layer; its messages become errors.")
  var validate = false

  func run() throws {
    let instance = try DeviceOptions.instance(validate: validate)
    let devices = try DeviceOptions.devices(of: instance)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(devices.map { DeviceDescription($0) })
      try Terminal.output(String(decoding: data, as: UTF8.self))
    } else {
      try Terminal.output(devices.map(description).joined(separator: "\n"))
    }
  }

  private func description(_ device: PhysicalDevice) -> String {
    let limits = device.limits
    let size = limits.maxComputeWorkGroupSize.map(String.init).joined(separator: " x ")
    let lines = [
      ("type", kind(device.type)),
      ("driver", "\(device.driver.name) \(device.driver.info)"),
      ("Vulkan", device.apiVersion),
      ("UUID", device.deviceUUID),
      ("memory", memory(device)),
      (
        "subgroup",
        "\(device.subgroupSize) invocations: \(device.subgroupOperations.joined(separator: ", "))"
      ),
      ("timestamps", timestamps(device)),
      ("work-group", "\(limits.maxComputeWorkGroupInvocations) invocations, \(size)"),
      ("shared memory", Format.bytes(UInt64(limits.maxComputeSharedMemorySize))),
      ("uniform buffer", Format.bytes(UInt64(limits.maxUniformBufferRange))),
      ("storage buffer", Format.bytes(UInt64(limits.maxStorageBufferRange))),
      ("texel buffer", "\(limits.maxTexelBufferElements) texels"),
      ("allocation", Format.bytes(limits.maxMemoryAllocationSize)),
      ("features", features(device)),
    ]
    let title = Terminal.styled("\(device.index)  \(device.name)", .bold)
    return title + "\n"
      + lines.map { name, value in
        "   " + name + String(repeating: " ", count: 16 - name.count) + value + "\n"
      }.joined()
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

  private func memory(_ device: PhysicalDevice) -> String {
    let heaps = device.memoryHeaps.map { heap in
      Format.bytes(heap.bytes) + (heap.deviceLocal ? " device-local" : "")
    }
    return heaps.joined(separator: ", ") + (device.unifiedMemory ? ", unified" : "")
  }

  private func timestamps(_ device: PhysicalDevice) -> String {
    device.timestampValidBits == 0
      ? "none: times come from the wall clock"
      : "\(device.timestampValidBits) valid bits, a tick is \(device.timestampPeriod) ns"
  }

  private func features(_ device: PhysicalDevice) -> String {
    let present = DeviceDescription(device).features.filter(\.value).keys.sorted()
    return present.isEmpty ? "none" : present.joined(separator: ", ")
  }
}
