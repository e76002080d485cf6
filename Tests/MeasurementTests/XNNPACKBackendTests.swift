import Kernels
import Measurement
import Tables
import Testing
import Workloads
import XNNPACK

/// The processor through XNNPACK, against the same right answers as every other back end.
@Suite(.serialized) struct `The processor` {
  static func backend(
    threads: Int = 1, ignoringSparsity: Bool = false
  ) throws -> XNNPACKBackend {
    try XNNPACKBackend(
      try Library(), threads: threads, ignoringSparsity: ignoringSparsity, version: "test")
  }

  static func workload(
    _ operation: Operation, _ type: ElementType = .float32
  ) throws -> Workload {
    try Workload(operation, height: 9, width: 19, elementType: type)
  }

  /// Every operator, and every way to end a convolution.
  static let operations: [Operation] = [
    .convolution(Convolution(kernel: 3, inputs: 7, outputs: 18, activation: .relu)),
    .convolution(Convolution(kernel: 1, inputs: 11, outputs: 18, activation: .prelu)),
    .convolution(
      Convolution(
        kernel: 5, inputs: 5, outputs: 9, stride: 2, activation: .clip(minimum: 0, maximum: 1))),
    .convolution(
      Convolution(
        kernel: 3, inputs: 6, outputs: 20, activation: .prelu, residual: .afterActivation,
        shuffle: 2)),
    .convolution(
      Convolution(
        kernel: 3, inputs: 6, outputs: 18, activation: .relu, residual: .beforeActivation,
        shuffle: 3)),
    .convolution(
      Convolution(
        kernel: 1, inputs: 6, outputs: 8, activation: .prelu, residual: .beforeActivation)),
    .convolution(
      Convolution(kernel: 3, inputs: 13, outputs: 13, groups: 13, activation: .relu)),
    .convolution(
      Convolution(
        kernel: 5, inputs: 6, outputs: 6, stride: 2, groups: 6, residual: .afterActivation)),
    .add(channels: 7), .pixelShuffle(factor: 2, channels: 3), .pixelShuffle(factor: 3, channels: 5),
    .channelScale(channels: 6), .globalAveragePool(channels: 6),
    .convolution(Convolution(kernel: 3, inputs: 16, outputs: 24, groups: 2, activation: .relu)),
    .convolution(Convolution(kernel: 1, inputs: 11, outputs: 18, activation: .sigmoid)),
    .convolution(
      Convolution(
        kernel: 3, inputs: 6, outputs: 12, activation: .sigmoid, residual: .beforeActivation,
        shuffle: 2)),
    .multiply(channels: 7), .resize(.bilinear, factor: 2, channels: 3),
    .resize(.bilinear, factor: 4, channels: 5),
  ]

  private func check(
    _ workload: Workload, _ schedule: String, _ backend: XNNPACKBackend
  ) throws {
    let prepared = try backend.prepare(workload, schedule: schedule, ringSize: 2)
    try prepared.poison()
    #expect(throws: Failure.self) { try prepared.check() }
    _ = try prepared.run(length: 2, watchdogNanoseconds: 1e9)
    let check = try prepared.check()
    #expect(check.points > 0 && check.maxRelativeError <= check.tolerance)
  }

  @Test(arguments: [1, 2]) func `gives the right answer of every operator`(threads: Int) throws {
    let backend = try Self.backend(threads: threads)
    for operation in Self.operations {
      let workload = try Self.workload(operation)
      let names = try backend.schedules(for: workload, effort: .quick)
      #expect(names.count == 1)
      for name in names { try check(workload, name, backend) }
    }
  }

  @Test func `names operators that are not fused`() throws {
    let backend = try Self.backend()
    #expect(
      try backend.schedules(for: Self.workload(Self.operations[3]), effort: .quick)
        == ["nhwc/convolution_2d+prelu+add2+depth_to_space"])
    #expect(
      try backend.schedules(for: Self.workload(Self.operations[4]), effort: .quick)
        == ["nhwc/convolution_2d+add2+depth_to_space"])
  }

  @Test func `skips zeros of 1x1 convolutions, and refuses others unless told to ignore them`()
    throws
  {
    let plain = try Self.workload(
      .convolution(
        Convolution(kernel: 1, inputs: 32, outputs: 24, activation: .relu)
          .pruned(.unstructured, rate: 4)))
    let wide = try Self.workload(
      .convolution(
        Convolution(kernel: 3, inputs: 8, outputs: 8).pruned(.pattern(.default), rate: 1)))
    let strict = try Self.backend()
    #expect(
      try strict.schedules(for: plain, effort: .quick) == ["nchw/sparse_convolution2d"])
    try check(plain, "nchw/sparse_convolution2d", strict)
    let error = #expect(throws: Failure.self) { try strict.schedules(for: wide, effort: .quick) }
    #expect(error?.kind == .unsupported && error?.reason.contains("--ignore-sparsity") == true)
    let lenient = try Self.backend(ignoringSparsity: true)
    for workload in [plain, wide] {
      for name in try lenient.schedules(for: workload, effort: .quick) {
        try check(workload, name, lenient)
      }
    }
  }

  @Test func `says why it cannot`() throws {
    let backend = try Self.backend()
    for (workload, text) in [
      (try Self.workload(.add(channels: 4), .float16), "float16"),
      (try Self.workload(.copy(channels: 4)), "no 'copy'"),
      (try Self.workload(.resize(.bilinear, factor: 3, channels: 4)), "not 3"),
      (try Self.workload(.resize(.nearest, factor: 2, channels: 4)), "no 'nearest2'"),
      (
        try Self.workload(
          .convolution(Convolution(kernel: 3, inputs: 4, outputs: 4, activation: .tanh))), "tanh"
      ),
      (
        try Self.workload(
          .convolution(Convolution(kernel: 3, inputs: 4, outputs: 4, passing: 4))), "channels pass"
      ),
      (
        try Self.workload(
          .convolution(Convolution(kernel: 3, inputs: 8, outputs: 32, groups: 2, shuffle: 2))),
        "across the convolution's groups"
      ),
    ] {
      let error = #expect(throws: Failure.self) {
        try backend.schedules(for: workload, effort: .quick)
      }
      #expect(error?.reason.contains(text) == true)
    }
    let missing = #expect(throws: XNNPACKError.self) { try Library(path: "/nowhere.so") }
    #expect(missing?.reason == .noLibrary && missing?.description.contains("/nowhere.so") == true)
    let other = #expect(throws: XNNPACKError.self) { try Library(path: "libm.so.6") }
    #expect(other?.reason == .missingFunction)
  }

  @Test func `fills a table whose header says what measured it`() throws {
    try `A campaign`.withStore { store in
      let backend = try Self.backend(threads: 2)
      let plan = Plan(
        profile: "test",
        workloads: try [
          Self.workload(Self.operations[0]), Self.workload(.concat(first: 4, second: 3)),
        ],
        rule: StoppingRule(budgetSeconds: 0.05))
      let table = try Campaign(plan: plan, backend: backend, store: store).run()
      #expect(table.rows.count == 2 && table.complete)
      #expect(table.rows.contains { $0.measurement?.schedule.name == "nhwc/convolution_2d" })
      #expect(table.device.engine?.threads == 2 && table.device.engine?.name == "XNNPACK")
      #expect(!table.device.isSoftwareVulkan)
      #expect(!table.warnings.contains { $0.contains("GPU") || $0.contains("wall clock") })
      // Concat came to XNNPACK in the summer of 2022.
      for row in table.rows {
        if let failure = row.failure { #expect(failure.reason.contains("concatenate2")) }
      }
    }
  }
}
