import DeviceProtocol
import Devices
import Kernels
import Measurement
import Profiles
import Resources
import Tables
import Testing
import Workloads

/// The whole of quick, measured on lavapipe as if it were another device.
@Suite(.serialized) struct `Limits that quick is measured within` {
  static let profiles = EmbeddedFiles.texts(in: "Profiles/devices/").sorted { $0.key < $1.key }

  @Test(arguments: profiles)
  func `are kept by the kernel of every row`(file: String, yaml: String) throws {
    let profile = try DeviceProfile(yaml: yaml, file: file)
    let cap = LimitsCap(
      name: profile.name, limits: profile.limits, groupSize: profile.groupSize,
      features: profile.features)
    let (instance, device) = try Self.lavapipe()
    let backend = try VulkanBackend(
      device, of: instance, options: .init(cacheFolder: nil, version: "test", cap: cap))
    let table = try table(of: backend)
    #expect(table.complete)
    #expect(table.device.limitsProfile == profile.name)
    for (name, limit) in profile.limits {
      #expect(try #require(table.device.limits[name]) <= limit, "\(name)")
    }
    for row in table.rows {
      #expect(row.failure == nil, "\(row.workload): \(row.failure?.reason ?? "")")
      guard let name = row.measurement?.schedule.name else { continue }
      let schedule = try Schedule(parsing: name)
      let kernel = try schedule.kernel(for: row.workload, limits: DeviceLimits(device))
      #expect(
        profile.excesses(of: kernel, by: schedule).isEmpty, "\(row.workload) by \(name)")
    }
  }

  /// A test of kernels that keep to limits says nothing where none could exceed them.
  @Test func `are exceeded by kernels that would be tried without them`() throws {
    let (instance, device) = try Self.lavapipe()
    let own = DeviceLimits(device)
    let excesses = try Self.profiles.map { file, yaml in
      let profile = try DeviceProfile(yaml: yaml, file: file)
      return try Self.quick.reduce(into: Set<String>()) { names, workload in
        for schedule in Schedule.candidates(for: workload, limits: own, effort: .quick) {
          let kernel = try schedule.kernel(for: workload, limits: own)
          names.formUnion(profile.excesses(of: kernel, by: schedule))
        }
      }
    }
    #expect(excesses.count { !$0.isEmpty } >= 3)
    let all = Set(excesses.flatMap(\.self))
    #expect(all.isSuperset(of: ["maxTexelBufferElements", "subgroupSize", "subgroupShuffle"]))
    withExtendedLifetime(instance) {}
  }

  static func lavapipe() throws -> (instance: Instance, device: PhysicalDevice) {
    let (instance, devices) = try SoftwareDevices.all()
    return (instance, try #require(devices.first { $0.name.contains("llvmpipe") }))
  }

  static var quick: [Workload] {
    get throws {
      let text = try #require(EmbeddedFiles.texts(in: "Profiles/")["quick.yaml"])
      return try Profile(yaml: text, file: "quick.yaml").workloads
    }
  }

  /// A table of about three short visits to each row by the standard schedules.
  private func table(of backend: VulkanBackend) throws -> LatencyTable {
    try `A campaign`.withStore { store in
      // No need to measure what no row reaches.
      _ = try store.keep(
        Ceilings(fp32GigaflopsPerSecond: 1e9, copyGigabytesPerSecond: 1e9), of: backend)
      let plan = Plan(
        profile: "quick", workloads: try Self.quick, rule: StoppingRule(budgetSeconds: 0.1),
        schedules: .standard)
      return try Campaign(plan: plan, backend: backend, store: store).run()
    }
  }
}

extension DeviceProfile {
  /// Which of these limits a kernel exceeds, by its own operands and work-group.
  fileprivate func excesses(of kernel: Kernel, by schedule: Schedule) -> [String] {
    let group = kernel.constantValues.prefix(3).map(Int.init)
    var used = [
      "maxComputeSharedMemorySize": kernel.sharedBytes,
      "maxComputeWorkGroupInvocations": group.reduce(1, *),
      "maxPerStageDescriptorStorageBuffers": kernel.bindings.count {
        $0.placement == .storageBuffer
      },
      "subgroupSize": schedule.weights == .subgroup ? schedule.subgroupLanes : 1,
    ]
    for binding in kernel.bindings {
      switch binding.placement {
      case .storageBuffer: used["maxStorageBufferRange", default: 0].raise(to: binding.byteCount)
      case .uniformBuffer:
        used["maxUniformBufferRange", default: 0]
          .raise(to: binding.slices?.bytes ?? binding.byteCount)
        used["maxPerStageDescriptorUniformBuffers", default: 0] += binding.slices?.count ?? 1
      case .image:
        used["maxLinearImageDimension", default: 0]
          .raise(to: max(Schedule.imageWidth, binding.texelCount / Schedule.imageWidth))
      case .texelBuffer: used["maxTexelBufferElements", default: 0].raise(to: binding.texelCount)
      }
    }
    var excesses = used.filter { $0.value > limits[$0.key] ?? .max }.map(\.key)
    if zip(group, groupSize ?? group).contains(where: >) {
      excesses.append("maxComputeWorkGroupSize")
    }
    if schedule.weights == .subgroup, features["subgroupShuffle"] == false {
      excesses.append("subgroupShuffle")
    }
    return excesses
  }
}

extension Int {
  fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}
