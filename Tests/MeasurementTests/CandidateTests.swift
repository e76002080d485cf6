import DeviceProtocol
import Devices
import Kernels
import Measurement
import Tables
import Testing
import Workloads

@Suite(.serialized) struct `Every candidate` {
  private static func workload(
    _ convolution: Convolution, _ type: ElementType = .float32, height: Int = 9, width: Int = 19
  ) throws -> Workload {
    try Workload(.convolution(convolution), height: height, width: width, elementType: type)
  }

  @Test func `says by its algorithm whether it leaves pruned weights out`() {
    let skipping: Set<Schedule.Algorithm> = [.listed, .branched, .coded]
    for algorithm in Schedule.Algorithm.allCases {
      let name = "\(algorithm.rawValue)/wg8x4"
      #expect(
        VulkanBackend.traits.skipsPruned(by: name) == skipping.contains(algorithm), "\(name)")
    }
    #expect(XNNPACKBackend.traits.skipsPruned(by: "nchw/sparse_convolution2d"))
    #expect(!XNNPACKBackend.traits.skipsPruned(by: "nhwc/convolution_2d+add2"))
  }

  /// Ragged in every direction: rows, columns, channels in and out, every epilogue, every scheme.
  private static func workloads(_ type: ElementType) throws -> [Workload] {
    let dense = Convolution(kernel: 3, inputs: 7, outputs: 18, activation: .relu)
    var list = try [
      dense,
      Convolution(
        kernel: 3, inputs: 6, outputs: 20, activation: .prelu, residual: .afterActivation,
        shuffle: 2),
      Convolution(kernel: 3, inputs: 7, outputs: 16, stride: 2, residual: .beforeActivation),
      Convolution(kernel: 5, inputs: 5, outputs: 9, activation: .clip(minimum: 0, maximum: 1)),
      Convolution(kernel: 1, inputs: 11, outputs: 18, activation: .prelu),
      Convolution(kernel: 1, inputs: 16, outputs: 12, stride: 2, residual: .afterActivation),
      Convolution(kernel: 3, inputs: 13, outputs: 13, groups: 13, activation: .relu),
      Convolution(kernel: 5, inputs: 6, outputs: 6, stride: 2, groups: 6),
      Convolution(kernel: 3, inputs: 16, outputs: 24, groups: 2, activation: .relu),
      Convolution(kernel: 3, inputs: 8, outputs: 32, groups: 2, activation: .relu, shuffle: 2),
      Convolution(kernel: 1, inputs: 24, outputs: 32, groups: 2, residual: .afterActivation),
      Convolution(kernel: 3, inputs: 7, outputs: 9, activation: .sigmoid),
      Convolution(
        kernel: 1, inputs: 7, outputs: 8, activation: .tanh, residual: .beforeActivation,
        shuffle: 2),
      Convolution(kernel: 3, inputs: 8, outputs: 10, activation: .relu, passing: 12),
      Convolution(kernel: 1, inputs: 8, outputs: 10, activation: .sigmoid, passing: 4),
      try dense.pruned(.pattern(.default), rate: 1),
      try dense.pruned(.pattern(.default), rate: 3.6),
      try dense.pruned(
        .pattern(try PatternLibrary(["111110000", "000011111", "010111010"])), rate: 2),
      try dense.pruned(.blockPunched, rate: 4),
      try dense.pruned(.blockPunched(filters: 3, channels: 5), rate: 4),
      try dense.pruned(.unstructured, rate: 10),
      // Whole tiles keep nothing.
      try dense.pruned(.unstructured, rate: 300),
      try Convolution(kernel: 1, inputs: 11, outputs: 20).pruned(.blockPunched, rate: 2),
      try Convolution(kernel: 5, inputs: 4, outputs: 8, stride: 2).pruned(.unstructured, rate: 4),
      try Convolution(kernel: 3, inputs: 9, outputs: 12, shuffle: 2)
        .pruned(.pattern(.default), rate: 2),
    ].map { try workload($0, type) }
    list.append(try workload(dense, type, height: 1, width: 2))
    let map = (height: 9, width: 11)
    for operation in [
      Operation.add(channels: 7), .pixelShuffle(factor: 2, channels: 3),
      .pixelShuffle(factor: 3, channels: 5), .pixelShuffle(factor: 4, channels: 3),
      .concat(first: 5, second: 6), .channelScale(channels: 6), .globalAveragePool(channels: 6),
      .multiply(channels: 7), .copy(channels: 5), .resize(.nearest, factor: 2, channels: 3),
      .resize(.bilinear, factor: 2, channels: 3), .resize(.bilinear, factor: 3, channels: 5),
    ] {
      list.append(
        try Workload(operation, height: map.height, width: map.width, elementType: type))
    }
    return list
  }

  private static func limits(_ backend: VulkanBackend) throws -> DeviceLimits {
    let device = try SoftwareDevices.all().devices.first { $0.name == backend.device.name }
    return DeviceLimits(try #require(device))
  }

  /// Prepares a workload by the schedule of a name, runs it once and checks the answer.
  private static func check(
    _ workload: Workload, _ name: String, _ backend: VulkanBackend
  ) {
    do {
      let prepared = try backend.prepare(workload, schedule: name, ringSize: 1)
      try prepared.poison()
      _ = try prepared.run(length: 1, watchdogNanoseconds: 60e9)
      _ = try prepared.check()
    } catch {
      Issue.record("\(workload) by \(name) on \(backend.device.name): \(error)")
    }
  }

  /// Runs one of `stride` candidates of all workloads, others on each device; gives how many ran.
  private static func run(
    _ type: ElementType, _ effort: Schedule.Effort, every stride: Int, cap: LimitsCap? = nil
  ) throws -> [Int] {
    try SoftwareDevices.backends(cap: cap).enumerated().map { index, backend in
      let limits = backend.limits
      var (count, place) = (0, index)
      for workload in try workloads(type) {
        let names = Schedule.candidates(for: workload, limits: limits, effort: effort)
          .map(\.description)
        for name in names {
          place += 1
          guard place % stride == 0 else { continue }
          count += 1
          check(workload, name, backend)
        }
      }
      return count
    }
  }

  @Test func `of quick gives the right answer in float32`() throws {
    #expect(try Self.run(.float32, .quick, every: 2).allSatisfy { $0 > 100 })
  }

  @Test func `reads operands from images, and from uniform buffers in slices`() throws {
    for backend in try SoftwareDevices.backends() {
      let limits = try Self.limits(backend)
      for type in limits.storageBuffer16BitAccess ? ElementType.allCases : [.float32] {
        let wide = Convolution(kernel: 3, inputs: 67, outputs: 65, residual: .afterActivation)
        let pruned = try wide.pruned(.pattern(.default), rate: 1)
        for (convolution, name) in [
          (wide, "direct/4x1x16/in:image/w:uniform"), (pruned, "listed/4x1x16/in:image/w:uniform"),
        ] {
          let workload = try Self.workload(convolution, type)
          let kernel = try Schedule(parsing: name).kernel(for: workload, limits: limits)
          let weights = try #require(kernel.bindings.first { $0.name == "weights" })
          #expect((weights.slices?.count ?? 1) > 1)
          Self.check(workload, name, backend)
        }
      }
    }
  }

  @Test func `of the whole space gives it too, of which some are tried`() throws {
    #expect(try Self.run(.float32, .full, every: 97).allSatisfy { $0 > 10 })
  }

  /// As on Mali and VideoCore.
  @Test(arguments: [64, 40])
  func `of few registers, its loops unrolled in SPIR-V, gives it too`(registers: Int) throws {
    let cap = LimitsCap(name: "few", limits: ["registers": registers])
    let stride = registers == 64 ? 5 : 11
    #expect(try Self.run(.float32, .quick, every: stride, cap: cap).allSatisfy { $0 > 20 })
    #expect(try Self.run(.float16, .quick, every: 3 * stride, cap: cap).contains { $0 > 5 })
    #expect(try Self.run(.float32, .full, every: 397, cap: cap).allSatisfy { $0 > 5 })
  }

  @Test func `of quick gives the right answer in float16, where the device has it`() throws {
    let counts = try Self.run(.float16, .quick, every: 4)
    #expect(counts.contains { $0 > 50 })
    #expect(counts.contains(0), "SwiftShader has no 16-bit storage")
  }
}
