import DeviceProtocol
import Devices
import Kernels
import Measurement
import ShaderCompiler
import Testing
import Workloads

/// Kernels between buffers of the test's own making, under the validation layer.
struct KernelRunner {
  let device: Device
  let limits: DeviceLimits

  init() throws {
    let (instance, devices) = try SoftwareDevices.all()
    let physical = try #require(devices.first { $0.name.contains("llvmpipe") })
    device = try Device(
      instance: instance, physicalDevice: physical, pipelineCacheDirectory: nil)
    limits = DeviceLimits(physical)
  }

  /// The output's numbers after a run over operands of the given values; `nil` leaves an output NaN.
  func run(
    _ kernel: Kernel, output: Float? = nil, value: (Operand, Int) -> Float
  ) throws -> [Float] {
    let kinds: [BindingKind] = kernel.bindings.map {
      $0.placement == .texelBuffer ? .uniformTexelBuffer : .storageBuffer
    }
    let pipeline = try ComputePipeline(
      device: device,
      spirv: try GLSLCompiler.spirv(
        from: try kernel.source(from: ShaderLibrary()), name: kernel.shader),
      bindings: kinds, constants: kernel.constantValues)
    let buffers = try kernel.bindings.map { binding throws in
      let buffer = try Buffer(
        device: device, byteCount: binding.byteCount,
        usage: binding.placement == .texelBuffer ? .uniformTexel : .storage)
      var values = [Float](repeating: 0, count: binding.byteCount / 4)
      values.withUnsafeMutableBytes { binding.fill($0, value: value) }
      if let output, case .activation(.output, _) = binding.content {
        values = values.map { _ in output }
      }
      try buffer.write(values)
      return buffer
    }
    let dispatch = Dispatch(
      set: try DescriptorSet(pipeline: pipeline, buffers: buffers),
      groups: GroupCount(
        UInt32(kernel.groups.x), UInt32(kernel.groups.y), UInt32(kernel.groups.z)))
    _ = try Ring([dispatch], device: device).run(length: 1, timeoutNanoseconds: 60e9)
    return try #require(try buffers.last?.contents(as: Float.self))
  }
}

@Suite(.serialized) struct `Some channels of a larger buffer` {
  struct Case: Sendable {
    var operation: Operation
    var schedule: String
    var views: [Operand: ChannelView]
  }

  static let sixteen: [Operand: ChannelView] = [
    .input: ChannelView(firstChannel: 16, channels: 64),
    .output: ChannelView(firstChannel: 48, channels: 64),
  ]
  static let conv = Convolution(kernel: 3, inputs: 16, outputs: 16, activation: .relu)
  static let cases: [Case] = [
    Case(
      operation: .convolution(conv), schedule: "direct/4x1x16/in:texel/w:texel", views: sixteen),
    Case(operation: .convolution(conv), schedule: "direct/4x1x8/w:shared", views: sixteen),
    Case(operation: .convolution(conv), schedule: "winograd2/2x2x8/in:texel", views: sixteen),
    Case(operation: .convolution(conv), schedule: "winograd4/4x4x8", views: sixteen),
    Case(operation: .convolution(conv), schedule: "gemm/4x1x8/in:texel", views: sixteen),
    Case(operation: .convolution(conv), schedule: "coded/1x1x16/in:texel", views: sixteen),
    Case(
      operation: .convolution(Convolution(kernel: 3, inputs: 16, outputs: 16, groups: 2)),
      schedule: "direct/2x1x8", views: sixteen),
    Case(
      operation: .convolution(
        Convolution(kernel: 3, inputs: 8, outputs: 8, activation: .sigmoid, passing: 8)),
      schedule: "winograd2/2x2x8/in:texel", views: sixteen),
    Case(
      operation: .convolution(Convolution(kernel: 1, inputs: 16, outputs: 16)),
      schedule: "pointwise/4x1x16/in:texel/u2", views: sixteen),
    Case(
      operation: .convolution(Convolution(kernel: 3, inputs: 16, outputs: 16, groups: 16)),
      schedule: "depthwise/4x2x4", views: sixteen),
    // The input ends inside a texel, the output with its buffer; a shuffled store.
    Case(
      operation: .convolution(
        Convolution(
          kernel: 3, inputs: 10, outputs: 24, residual: .afterActivation, shuffle: 2)),
      schedule: "direct/4x1x8/in:texel",
      views: [
        .input: ChannelView(firstChannel: 4, channels: 17),
        .residual: ChannelView(firstChannel: 8, channels: 36),
        .output: ChannelView(firstChannel: 12, channels: 18),
      ]),
    Case(
      operation: .add(channels: 8), schedule: "elementwise",
      views: [
        .input: ChannelView(firstChannel: 8, channels: 16),
        .output: ChannelView(firstChannel: 4, channels: 20),
      ]),
    Case(
      operation: .concat(first: 8, second: 5), schedule: "elementwise",
      views: [
        .input: ChannelView(firstChannel: 8, channels: 16),
        .second: ChannelView(firstChannel: 4, channels: 9),
        .output: ChannelView(firstChannel: 4, channels: 17),
      ]),
    Case(
      operation: .resize(.bilinear, factor: 2, channels: 4), schedule: "elementwise/in:texel",
      views: [
        .input: ChannelView(firstChannel: 8, channels: 16),
        .output: ChannelView(firstChannel: 4, channels: 8),
      ]),
    Case(
      operation: .pixelShuffle(factor: 2, channels: 4), schedule: "elementwise/in:texel",
      views: [
        .input: ChannelView(firstChannel: 8, channels: 32),
        .output: ChannelView(firstChannel: 4, channels: 12),
      ]),
    Case(
      operation: .channelScale(channels: 8), schedule: "elementwise",
      views: [.scale: ChannelView(firstChannel: 4, channels: 16)]),
    Case(
      operation: .globalAveragePool(channels: 8), schedule: "reduction/wg32x1",
      views: [
        .input: ChannelView(firstChannel: 4, channels: 16),
        .output: ChannelView(firstChannel: 8, channels: 16),
      ]),
  ]

  @Test func `is read and written like a buffer of its own, and the rest is left alone`() throws {
    let runner = try KernelRunner()
    let data = TestData()
    for it in Self.cases {
      let workload = try Workload(it.operation, height: 9, width: 19)
      let schedule = try Schedule(parsing: it.schedule)
      let own = try schedule.kernel(for: workload, limits: runner.limits)
      let viewing = try schedule.kernel(for: workload, limits: runner.limits, views: it.views)
      func first(_ operand: Operand) -> Int {
        guard let view = it.views[operand],
          let shape = workload.activations.first(where: { $0.operand == operand })?.shape
        else { return 0 }
        return view.firstChannel * shape.height * shape.width
      }
      let expected = try runner.run(own) { data.value($0, $1 + first($0)) }
      let found = try runner.run(viewing, output: 7, value: data.value)

      let shape = workload.outputShape
      let layout = ActivationLayout(shape)
      var whole = shape
      whole.channels = it.views[.output]?.channels ?? shape.channels
      let wholeLayout = ActivationLayout(whole)
      var rest = found
      var same = true
      let start = it.views[.output]?.firstChannel ?? 0
      for channel in 0..<layout.blocks * 4 {
        for y in 0..<shape.height {
          for x in 0..<shape.width {
            let place = wholeLayout.index(start + channel, y, x)
            if found[place] != expected[layout.index(channel, y, x)] { same = false }
            rest[place] = 7
          }
        }
      }
      #expect(same, "\(workload) by \(schedule)")
      #expect(rest.allSatisfy { $0 == 7 }, "\(workload) by \(schedule)")
    }
  }

  @Test(arguments: [
    (Operand.input, ChannelView(firstChannel: 2, channels: 64), "begins at a multiple of 4"),
    (.output, ChannelView(firstChannel: 52, channels: 64), "ends within its buffer"),
    (.output, ChannelView(firstChannel: -4, channels: 64), "ends within its buffer"),
    (.second, ChannelView(firstChannel: 0, channels: 64), "no activation 'second'"),
    (.residual, ChannelView(firstChannel: 0, channels: 64), "end inside a texel"),
  ])
  func `must hold whole texels of it`(
    operand: Operand, view: ChannelView, sentence: String
  ) throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 14, outputs: 14, residual: .afterActivation)),
      height: 9, width: 9)
    let schedule = try Schedule(parsing: "direct/4x1x4")
    let limits = DeviceLimits(maxTexelBufferElements: 1 << 27, maxUniformBufferRange: 65536)
    let error = #expect(throws: InvalidSchedule.self) {
      try schedule.kernel(for: workload, limits: limits, views: [operand: view])
    }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    // The last channels of a buffer may end anywhere, a convolution's input too.
    _ = try schedule.kernel(
      for: workload, limits: limits,
      views: [
        .input: ChannelView(firstChannel: 4, channels: 64),
        .output: ChannelView(firstChannel: 8, channels: 22),
      ])
  }

  @Test func `counts with the whole buffer against the limits`() throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 1, inputs: 4, outputs: 4)), height: 32, width: 32)
    let schedule = try Schedule(parsing: "direct/4x1x4/in:texel")
    let limits = DeviceLimits(maxTexelBufferElements: 4096, maxUniformBufferRange: 65536)
    _ = try schedule.kernel(for: workload, limits: limits)
    let error = #expect(throws: InvalidSchedule.self) {
      try schedule.kernel(
        for: workload, limits: limits,
        views: [.input: ChannelView(firstChannel: 0, channels: 64)])
    }
    #expect(error?.description.contains("maxTexelBufferElements") == true)
  }
}

@Suite(.serialized) struct `Learned numbers` {
  @Test func `in place of test data give a convolution of their own, coded or read`() throws {
    let runner = try KernelRunner()
    let workload = try Workload(
      .convolution(Convolution(kernel: 1, inputs: 2, outputs: 2)), height: 3, width: 5)
    let weights: [Float] = [1, 10, 100, 1e-3]
    for name in ["coded/1x1x4", "pointwise/1x1x4"] {
      let kernel = try Schedule(parsing: name).kernel(
        for: workload, limits: runner.limits, weight: { weights[$0] })
      let found = try runner.run(kernel) { operand, index in
        switch operand {
        case .weights: weights[index]
        case .bias: Float(index) / 2
        default: Float(index)
        }
      }
      let layout = ActivationLayout(workload.outputShape)
      for pixel in 0..<15 {
        let (first, second) = (Float(pixel), Float(pixel + 15))
        let place = layout.index(0, pixel / 5, pixel % 5)
        #expect(found[place] == first + 10 * second)
        #expect(abs(found[place + 1] - (0.5 + 100 * first + 1e-3 * second)) < 1e-3)
      }
    }
  }
}
