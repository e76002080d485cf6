import DeviceProtocol
import Devices
import Kernels
import Measurement
import Tables
import Testing
import Workloads

@Suite struct `Limits of another class of devices` {
  static let own = DeviceLimits(
    maxTexelBufferElements: 1000, maxUniformBufferRange: 500,
    maxComputeWorkGroupSize: [256, 128, 64], subgroupSize: 8, subgroupShuffle: true,
    shaderFloat16: true)

  @Test func `count where they are smaller, and nowhere else`() {
    let cap = LimitsCap(
      name: "other",
      limits: [
        "maxTexelBufferElements": 10, "maxUniformBufferRange": 5000,
        "maxComputeWorkGroupInvocations": 384, "subgroupSize": 4,
      ], groupSize: [384, 64, 64],
      features: [
        "shaderFloat16": false, "storageBuffer16BitAccess": true, "subgroupShuffle": false,
      ])
    let limits = cap.applied(to: Self.own)
    var expected = Self.own
    expected.maxTexelBufferElements = 10
    expected.maxComputeWorkGroupInvocations = 384
    expected.maxComputeWorkGroupSize = [256, 64, 64]
    expected.maxSubgroupLanes = 4
    expected.subgroupShuffle = false
    expected.shaderFloat16 = false
    #expect(limits == expected)
    #expect(LimitsCap(name: "none").applied(to: Self.own) == Self.own)
  }

  @Test func `are part of the fingerprint, by name and by number`() throws {
    let (instance, devices) = try SoftwareDevices.all()
    let compiler = Compiler(srprof: "0", glslang: "0", spirvTools: "0", catalogue: "0")
    let caps: [LimitsCap?] = [
      nil, LimitsCap(name: "a"), LimitsCap(name: "b"),
      LimitsCap(name: "a", limits: ["maxTexelBufferElements": 10]),
      LimitsCap(name: "a", groupSize: [64, 64, 64]),
    ]
    for device in devices {
      let prints = caps.map {
        Fingerprint(DeviceDescription(device, cap: $0), compiler, methodVersion: 1).unit
      }
      #expect(Set(prints).count == caps.count)
      #expect(DeviceDescription(device, cap: caps[1]).limitsProfile == "a")
      let wide = LimitsCap(name: "wide", groupSize: [1 << 20, 1, 1])
      let sides = (0..<3).map {
        DeviceDescription(device, cap: wide).limits["maxComputeWorkGroupSize[\($0)]"]
      }
      #expect(sides == [UInt64(device.limits.maxComputeWorkGroupSize[0]), 1, 1])
    }
    withExtendedLifetime(instance) {}
  }

  @Test func `of subgroups leave kernels right on the device's own`() throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 7, outputs: 18)), height: 9, width: 19)
    let (instance, devices) = try SoftwareDevices.all()
    for device in devices {
      let half = device.subgroupSize / 2
      let cap = LimitsCap(name: "half", limits: ["subgroupSize": half])
      #expect(DeviceDescription(device, cap: cap).limits["subgroupSize"] == UInt64(half))
      let backend = try VulkanBackend(
        device, of: instance, options: .init(cacheFolder: nil, version: "test", cap: cap))
      let names = try backend.schedules(for: workload, effort: .quick)
        .filter { $0.contains("w:subgroup") }
      #expect(!names.isEmpty)
      for name in names {
        #expect(name.hasSuffix("w:subgroup\(half)"))
        let prepared = try backend.prepare(workload, schedule: name, ringSize: 1)
        try prepared.poison()
        _ = try prepared.run(length: 1, watchdogNanoseconds: 60e9)
        _ = try prepared.check()
      }
      let whole = try Schedule(parsing: "direct/4x2x8/w:subgroup\(device.subgroupSize)")
      let failure = #expect(throws: Failure.self) {
        try whole.fittingKernel(for: workload, limits: backend.limits)
      }
      #expect(failure?.kind == .overLimit, "\(failure?.reason ?? "")")
    }
  }

  @Test func `without shuffling leave no kernel that shuffles`() throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8)), height: 9, width: 19)
    let (instance, devices) = try SoftwareDevices.all()
    for device in devices {
      let cap = LimitsCap(name: "still", features: ["subgroupShuffle": false])
      let features = DeviceDescription(device, cap: cap).features
      #expect(DeviceDescription(device).features["subgroupShuffle"] == true)
      #expect(features["subgroupShuffle"] == false)
      let limits = cap.applied(to: DeviceLimits(device))
      let candidates = Schedule.candidates(for: workload, limits: limits, effort: .full)
      #expect(candidates.allSatisfy { $0.weights != .subgroup })
    }
    withExtendedLifetime(instance) {}
  }

  @Test func `allow a work-group or do not`() {
    let limits = DeviceLimits(
      maxTexelBufferElements: 1, maxUniformBufferRange: 1, maxComputeWorkGroupInvocations: 256,
      maxComputeWorkGroupSize: [256, 128, 64])
    #expect(limits.allows(groupWidth: 256, height: 1))
    #expect(limits.allows(groupWidth: 16, height: 8, depth: 2))
    #expect(!limits.allows(groupWidth: 257, height: 1))
    #expect(!limits.allows(groupWidth: 1, height: 129))
    #expect(!limits.allows(groupWidth: 16, height: 16, depth: 2))
    #expect(!limits.allows(groupWidth: 0, height: 1))
    #expect(!limits.allows(groupWidth: .max, height: .max, depth: .max))
  }
}
