import Kernels
import Testing
import Workloads

@Suite struct `The name of a schedule` {
  @Test(arguments: [
    "direct/4x2x16/wg8x4/in:texel/w:uniform", "pointwise/4x1x8/wg16x8/in:storage/w:shared/u2",
    "winograd4/4x4x8/wg8x4/in:texel/w:subgroup16",
    "gemm/4x1x16/wg16x4/in:texel/w:texel/acc:float16",
    "coded/2x2x64/wg8x4/in:texel/w:code", "elementwise/wg64x1/in:storage",
    "reduction/wg256x1/in:texel",
  ])
  func `is read back`(name: String) throws {
    #expect(try Schedule(parsing: name).description == name)
  }

  @Test func `may leave out what is usual, and order its parts freely`() throws {
    #expect(
      try Schedule(parsing: "direct/in:texel/4x2x8").description
        == "direct/4x2x8/wg8x4/in:texel/w:storage")
    #expect(
      try Schedule(parsing: "coded/1x1x16").description
        == "coded/1x1x16/wg8x4/in:storage/w:code")
    #expect(
      try Schedule(parsing: "direct/4x2x8/w:subgroup").description
        == "direct/4x2x8/wg8x4/in:storage/w:subgroup8")
  }

  @Test(arguments: [
    ("", "'' is no algorithm"), ("direkt/4x2x8", "'direkt' is no algorithm"),
    ("direct", "lacks its tile"), ("direct/4x2x6", "not 6 channels"),
    ("direct/4x2x8/4x2x8", "a tile twice"), ("direct/4x2x0", "'4x2x0' is no part"),
    ("direct/4x2x8/in:cloud", "'cloud' is no place of inputs"),
    ("direct/4x2x8/w:", "'' is no place of weights"),
    ("direct/4x2x8/acc:int8", "'int8' is no type of sums"),
    ("elementwise/w:texel", "'w:texel' is no part"),
    ("direct/4x2x8/wg8", "'wg8' is no part"), ("direct//4x2x8", "'' is no part"),
    ("direct/99999x1x4", "'99999x1x4' is no part"),
  ])
  func `that is none says what is wrong`(name: String, sentence: String) throws {
    let error = #expect(throws: InvalidSchedule.self) { try Schedule(parsing: name) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }
}

@Suite struct `A schedule` {
  static let limits = DeviceLimits(
    maxTexelBufferElements: 1 << 27, maxUniformBufferRange: 65536, subgroupSize: 8,
    subgroupShuffle: true)

  static func workload(
    _ convolution: Convolution, _ type: ElementType = .float32
  ) throws -> Workload {
    try Workload(.convolution(convolution), height: 90, width: 160, elementType: type)
  }

  static let dense = Convolution(kernel: 3, inputs: 32, outputs: 32)

  @Test(arguments: [
    ("elementwise/wg8x4", "is a convolution"), ("depthwise/4x2x4", "depthwise"),
    ("pointwise/4x2x8", "for 1x1"), ("direct/4x2x64", "exceeds the 32 that are stored"),
    ("direct/9x1x4", "at most 8 pixels"), ("direct/4x2x8/u2", "need pointwise"),
    ("direct/4x2x8/wg64x64", "maxComputeWorkGroupInvocations of 1024"),
    ("direct/4x2x8/w:code", "go together"), ("winograd2/4x4x8", "2 pixels high"),
    ("gemm/4x2x8", "1 pixel high"), ("listed/4x2x8", "for pruned"),
    ("branched/4x2x4", "for pattern-pruned"), ("coded/4x2x32", "73728 multiply-adds"),
    ("direct/4x2x8/w:subgroup16", "divide"), ("direct/4x2x8/wg3x3/w:subgroup8", "divide"),
    ("direct/4x2x8/acc:float16", "only float16 workloads"),
    ("direct/4x2x8/in:uniform", "not read from uniform"),
  ])
  func `that does not fit says which constraint`(name: String, sentence: String) throws {
    let schedule = try Schedule(parsing: name)
    let error = #expect(throws: InvalidSchedule.self) {
      try schedule.requireFit(try Self.workload(Self.dense), limits: Self.limits)
    }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("direct/4x2x12", "does not divide the 16 of a group"),
    ("gemm/4x1x8", "shares the inputs of all groups"),
    ("depthwise/4x2x4", "depthwise convolutions, and only they"),
  ])
  func `that does not fit several groups says why`(name: String, sentence: String) throws {
    let workload = try Self.workload(Convolution(kernel: 3, inputs: 64, outputs: 64, groups: 4))
    let error = #expect(throws: InvalidSchedule.self) {
      try Schedule(parsing: name).requireFit(workload, limits: Self.limits)
    }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    for name in ["direct/4x2x8", "winograd2/2x2x16", "winograd4/4x4x4"] {
      try Schedule(parsing: name).requireFit(workload, limits: Self.limits)
    }
  }

  @Test func `that lets no channels pass says which do`() throws {
    let workload = try Self.workload(Convolution(kernel: 3, inputs: 16, outputs: 16, passing: 48))
    for name in ["gemm/4x1x8", "coded/1x1x16"] {
      let error = #expect(throws: InvalidSchedule.self) {
        try Schedule(parsing: name).requireFit(workload, limits: Self.limits)
      }
      #expect(error?.description.contains("copied by direct, pointwise, winograd2") == true)
    }
  }

  @Test func `keeps to limits of buffers and shared memory, by name`() throws {
    let big = try Self.workload(Convolution(kernel: 5, inputs: 64, outputs: 64))
    func error(_ name: String, _ limits: DeviceLimits) throws -> String {
      let schedule = try Schedule(parsing: name)
      return #expect(throws: InvalidSchedule.self) {
        try schedule.requireFit(big, limits: limits)
      }?.description ?? ""
    }
    #expect(try error("direct/4x2x8/w:uniform", Self.limits).contains("maxUniformBufferRange"))
    var narrow = Self.limits
    narrow.maxTexelBufferElements = 65536
    #expect(try error("direct/4x2x8/in:texel", narrow).contains("maxTexelBufferElements"))
    narrow.maxComputeSharedMemorySize = 512
    #expect(try error("direct/4x2x8/w:shared", narrow).contains("maxComputeSharedMemorySize"))
    narrow.maxStorageBufferRange = 1 << 20
    #expect(try error("direct/4x2x8", narrow).contains("maxStorageBufferRange"))
    narrow = Self.limits
    #expect(try error("direct/4x2x8/in:image", narrow).contains("maxLinearImageDimension 0"))
    narrow.shaderUniformBufferArrayDynamicIndexing = true
    // 25 taps of 64 x 64 weights are 6.25 slices of 64 KiB, with the texels read past the end 7, and the bias.
    narrow.maxPerStageDescriptorUniformBuffers = 7
    #expect(
      try error("direct/4x2x8/w:uniform", narrow)
        .contains("maxPerStageDescriptorUniformBuffers 7"))
    narrow.maxPerStageDescriptorUniformBuffers = 8
    try Schedule(parsing: "direct/4x2x8/w:uniform").requireFit(big, limits: narrow)
    narrow = Self.limits
    narrow.maxPerStageDescriptorStorageBuffers = 3
    #expect(try error("direct/4x2x8", narrow).contains("maxPerStageDescriptorStorageBuffers"))
  }

  @Test func `has a wider work-group where a plane is too large for one invocation's loop`() throws
  {
    let small = try Workload(.globalAveragePool(channels: 4), height: 720, width: 1280)
    #expect("\(Schedule.standard(for: small, limits: Self.limits))" == "reduction/wg64x1/in:texel")
    let large = try Workload(.globalAveragePool(channels: 4), height: 2304, width: 2304)
    let candidates = Schedule.candidates(for: large, limits: Self.limits, effort: .full)
    #expect(candidates.first?.groupWidth == 128)
    for candidate in candidates {
      let kernel = try candidate.kernel(for: large, limits: Self.limits)
      #expect(kernel.turns * candidate.groupWidth >= 2304 * 2304 && kernel.turns < 65_535)
    }
    let error = #expect(throws: InvalidSchedule.self) {
      try Schedule(parsing: "reduction/wg64x1").requireFit(large, limits: Self.limits)
    }
    #expect(error?.description.contains("82952 turns") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("pointwise/1x1x4/wg1x1/in:storage", 1, 400_000), ("direct/1x1x4/wg1x1/in:storage", 9, 40_000),
    ("direct/1x1x4/wg1x1/in:storage/w:shared", 9, 4000),
    ("gemm/4x1x4/wg16x4/in:storage", 9, 8000), ("winograd2/2x2x4/wg8x4/w:shared", 3, 60_000),
  ])
  func `does not fit where its loops take more turns than drivers may do`(
    name: String, kernel: Int, inputs: Int
  ) throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: kernel, inputs: inputs, outputs: 4)), height: 4, width: 4)
    var limits = Self.limits
    limits.maxStorageBufferRange = .max
    let error = #expect(throws: InvalidSchedule.self) {
      try Schedule(parsing: name).requireFit(workload, limits: limits)
    }
    #expect(error?.description.contains(" turns") == true, "\(error?.description ?? "")")
    let fewer = try Workload(
      .convolution(Convolution(kernel: kernel, inputs: inputs / 16, outputs: 4)), height: 4,
      width: 4)
    try Schedule(parsing: name).requireFit(fewer, limits: limits)
  }

  @Test func `fills its work-groups on a narrow map as on a flat one`() throws {
    func groups(_ operation: Operation, _ height: Int, _ width: Int) throws -> [Int] {
      let workload = try Workload(operation, height: height, width: width)
      let schedule = Schedule.standard(for: workload, limits: Self.limits)
      let groups = try schedule.kernel(for: workload, limits: Self.limits).groups
      return [groups.x * groups.y, groups.z]
    }
    for operation in [
      .convolution(Self.dense), .convolution(Convolution(kernel: 1, inputs: 16, outputs: 96)),
      .convolution(Convolution(kernel: 5, inputs: 3, outputs: 12, shuffle: 2)),
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8, groups: 8)),
      .add(channels: 8), .pixelShuffle(factor: 2, channels: 3),
    ] as [Operation] {
      for (short, long) in [(1, 4000), (2, 4000), (3, 977)] {
        #expect(
          try groups(operation, long, short) == groups(operation, short, long), "\(operation)")
      }
    }
    // A map that fills neither side keeps the shape.
    let pixel = try Workload(.convolution(Self.dense), height: 1, width: 1)
    #expect(
      "\(Schedule.standard(for: pixel, limits: Self.limits))"
        == "direct/1x1x16/wg8x4/in:texel/w:uniform")
  }

  @Test func `counts on a part of a subgroup within the limits of smaller ones`() throws {
    let workload = try Self.workload(Self.dense)
    var limits = Self.limits
    limits.maxSubgroupLanes = 4
    let sharing = Schedule.candidates(for: workload, limits: limits, effort: .full)
      .filter { $0.weights == .subgroup }
    #expect(!sharing.isEmpty)
    for schedule in sharing {
      #expect(schedule.subgroupLanes == 4)
      // Subgroups are as large as ever.
      #expect(schedule.groupWidth * schedule.groupHeight % limits.subgroupSize == 0)
    }
    for (name, sentence) in [
      ("direct/4x2x8/w:subgroup8", "exceed the subgroupSize of 4"),
      ("direct/4x2x8/wg4x1/w:subgroup4", "divide the subgroup of 8"),
    ] {
      let error = #expect(throws: InvalidSchedule.self) {
        try Schedule(parsing: name).requireFit(workload, limits: limits)
      }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
  }

  @Test func `in 16 bits needs the features`() throws {
    let workload = try Self.workload(Self.dense, .float16)
    var limits = Self.limits
    #expect(Schedule.candidates(for: workload, limits: limits, effort: .full).isEmpty)
    let error = #expect(throws: InvalidSchedule.self) {
      try Schedule.standard(for: workload, limits: limits).requireFit(workload, limits: limits)
    }
    #expect(error?.description.contains("storageBuffer16BitAccess") == true)
    limits.storageBuffer16BitAccess = true
    let stored = Schedule.candidates(for: workload, limits: limits, effort: .quick)
    #expect(!stored.isEmpty && stored.allSatisfy { $0.accumulator == .float32 })
    limits.shaderFloat16 = true
    let all = Schedule.candidates(for: workload, limits: limits, effort: .quick)
    #expect(Set(all.map(\.accumulator)) == [.float16, .float32])
  }

  @Test func `is a candidate once, fits, and reads back`() throws {
    for convolution in [
      Self.dense, Convolution(kernel: 1, inputs: 3, outputs: 144),
      Convolution(kernel: 3, inputs: 25, outputs: 25, groups: 25),
      Convolution(kernel: 3, inputs: 64, outputs: 48, groups: 4),
      Convolution(kernel: 3, inputs: 16, outputs: 16, passing: 48),
      try Self.dense.pruned(.pattern(.default), rate: 3.6),
      try Self.dense.pruned(.blockPunched, rate: 4),
    ] {
      let workload = try Self.workload(convolution)
      for effort in Schedule.Effort.allCases {
        let candidates = Schedule.candidates(for: workload, limits: Self.limits, effort: effort)
        #expect(candidates.count >= (effort == .quick ? 6 : 20))
        #expect(Set(candidates).count == candidates.count)
        for candidate in candidates {
          try candidate.requireFit(workload, limits: Self.limits)
          #expect(try Schedule(parsing: "\(candidate)") == candidate)
        }
      }
      let standard = Schedule.standard(for: workload, limits: Self.limits)
      #expect(
        Schedule.candidates(for: workload, limits: Self.limits, effort: .quick).contains(standard))
    }
  }

  @Test func `finds others to race where texel buffers and uniform buffers are small`() throws {
    var limits = Self.limits
    limits.maxTexelBufferElements = 65536
    limits.maxUniformBufferRange = 16384
    for convolution in [
      Self.dense, Convolution(kernel: 1, inputs: 48, outputs: 32),
      Convolution(kernel: 5, inputs: 64, outputs: 64),
      Convolution(kernel: 3, inputs: 48, outputs: 48, groups: 48),
      try Self.dense.pruned(.pattern(.default), rate: 1),
    ] {
      let workload = try Self.workload(convolution)
      let candidates = Schedule.candidates(for: workload, limits: limits, effort: .quick)
      #expect(candidates.count >= 3)
      #expect(candidates.first == Schedule.standard(for: workload, limits: limits))
    }
  }

  /// Mali, VideoCore, and a device of which nothing is known.
  @Test(arguments: [
    (64, ["direct/4x1x4", "pointwise/4x1x8", "direct/2x1x8", "depthwise/2x2x4", "listed/2x1x16"]),
    (40, ["direct/2x1x4", "pointwise/2x1x4", "direct/1x1x8", "depthwise/2x1x4", "listed/2x1x4"]),
    (
      .max,
      ["direct/4x1x16", "pointwise/4x1x16", "direct/4x1x8", "depthwise/4x2x4", "listed/4x2x8"]
    ),
  ])
  func `has a small tile where registers are few`(registers: Int, tiles: [String]) throws {
    var limits = Self.limits
    limits.registers = registers
    let convolutions = [
      Self.dense, Convolution(kernel: 1, inputs: 48, outputs: 32),
      Convolution(kernel: 7, inputs: 8, outputs: 16),
      Convolution(kernel: 3, inputs: 48, outputs: 48, groups: 48),
      try Self.dense.pruned(.blockPunched, rate: 4),
    ]
    for (convolution, tile) in zip(convolutions, tiles) {
      let workload = try Self.workload(convolution)
      let standard = Schedule.standard(for: workload, limits: limits)
      #expect("\(standard)".hasPrefix(tile + "/"), "\(standard)")
      let candidates = Schedule.candidates(for: workload, limits: limits, effort: .quick)
      #expect(candidates.first == standard)
      let heads = Schedule.heads(for: workload, limits: limits)
      #expect(heads.first == standard)
      #expect((2...5).contains(heads.count))
      #expect(Set(heads).count == heads.count)
    }
    let add = try Workload(.add(channels: 8), height: 90, width: 160)
    #expect(
      "\(Schedule.standard(for: add, limits: limits))" == "elementwise/wg16x4/in:texel")
  }

  @Test func `of few registers is known by the vendor`() {
    #expect(DeviceLimits.registers(vendorID: 0x13B5) == 64)
    #expect(DeviceLimits.registers(vendorID: 0x14E4) == 40)
    #expect(DeviceLimits.registers(vendorID: 0x5143) == 256)
    #expect(DeviceLimits.registers(vendorID: 0x10DE) == 256)
  }

  @Test func `of a pruned convolution is always also one that ignores the pruning`() throws {
    for scheme in [Sparsity.Scheme.pattern(.default), .blockPunched, .unstructured] {
      let workload = try Self.workload(try Self.dense.pruned(scheme, rate: 2))
      let algorithms = Set(
        Schedule.candidates(for: workload, limits: Self.limits, effort: .quick).prefix(3)
          .map(\.algorithm))
      #expect(algorithms.isSuperset(of: [.listed, .coded]))
      #expect(algorithms.contains { !$0.skipsPruned })
    }
  }
}
