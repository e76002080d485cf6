import Kernels
import Measurement
import Tables
import Testing

@Suite struct `Limits of another class of devices` {
  static let own = DeviceLimits(
    maxTexelBufferElements: 1000, maxUniformBufferRange: 500,
    maxComputeWorkGroupSize: [256, 128, 64], shaderFloat16: true)

  @Test func `count where they are smaller, and nowhere else`() {
    let cap = LimitsCap(
      name: "other",
      limits: [
        "maxTexelBufferElements": 10, "maxUniformBufferRange": 5000,
        "maxComputeWorkGroupInvocations": 384,
      ], groupSize: [384, 64, 64],
      features: ["shaderFloat16": false, "storageBuffer16BitAccess": true])
    let limits = cap.applied(to: Self.own)
    var expected = Self.own
    expected.maxTexelBufferElements = 10
    expected.maxComputeWorkGroupInvocations = 384
    expected.maxComputeWorkGroupSize = [256, 64, 64]
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
        fingerprint(of: DeviceDescription(device, cap: $0), compiler: compiler)
      }
      #expect(Set(prints).count == caps.count)
      #expect(DeviceDescription(device, cap: caps[1]).limitsProfile == "a")
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
