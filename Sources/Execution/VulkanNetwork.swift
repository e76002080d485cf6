internal import DeviceProtocol
internal import Devices
internal import Kernels
public import Measurement
public import Networks
public import Tables
public import Workloads

/// A lowered network on a Vulkan device: its memory, its kernels, and one command buffer that runs it.
public final class VulkanNetwork: ExecutableNetwork {
  public let network: LoweredNetwork
  public let memoryBytes: Int
  /// The schedule of each step.
  public let schedules: [String]

  private let device: Device
  private let clock: Method.Clock
  private let activations: [Buffer]
  private let plan: MemoryPlan
  /// One dispatch a step: a frame goes round once.
  private let ring: Ring

  /// Compiles, allocates and fills everything.
  ///
  /// - Parameters:
  ///   - programs: Pipelines made before, which are used again.
  ///   - schedule: The schedule of a workload; where it does not fit the network's buffers, or there is
  ///     none, another that fits takes its place.
  public init(
    _ network: LoweredNetwork, on backend: VulkanBackend, programs: NetworkPrograms,
    schedule: (Workload) -> String?
  ) throws(Failure) {
    self.network = network
    plan = MemoryPlan(network)
    device = backend.vulkan
    clock = backend.clock
    let steps = try network.steps.map { step throws(Failure) in
      try StepKernel(step, of: network, on: backend, schedule: schedule(step.workload))
    }
    schedules = steps.map(\.schedule)
    memoryBytes =
      plan.bytes(.float32)
      + steps.reduce(0) { $0 + $1.parameterBytes }
    guard UInt64(memoryBytes) <= backend.device.memoryBytes else {
      throw Failure(
        .outOfMemory,
        "\(network.name) needs \(memoryBytes >> 20) MiB and the device has "
          + "\(backend.device.memoryBytes >> 20) MiB; smaller tiles of the picture need less")
    }
    do throws(VulkanError) {
      activations = try Self.activations(plan, steps, network, device)
      var dispatches: [Dispatch] = []
      for step in steps {
        let pipeline = try programs.pipeline(step.kernel, spirv: step.spirv, device: device)
        var buffers: [Buffer] = []
        for binding in step.kernel.bindings {
          if case .activation(let operand, _) = binding.content {
            guard let view = step.step.views[operand] else { continue }
            buffers.append(activations[plan.places[view.buffer]])
          } else {
            buffers.append(try step.parameterBuffer(binding, device))
          }
        }
        dispatches.append(
          Dispatch(
            set: try DescriptorSet(pipeline: pipeline, buffers: buffers),
            groups: step.kernel.groupCount))
      }
      ring = try Ring(dispatches, device: device)
    } catch {
      throw Failure(error)
    }
  }

  /// The schedule of each step of a network, as ``init(_:on:programs:schedule:)`` chooses it, without
  /// allocating anything.
  public static func schedules(
    of network: LoweredNetwork, on backend: VulkanBackend, schedule: (Workload) -> String?
  ) throws(Failure) -> [String] {
    try network.steps.map { step throws(Failure) in
      try StepKernel(step, of: network, on: backend, schedule: schedule(step.workload)).schedule
    }
  }

  public func load(_ image: [Float]) throws(Failure) {
    let layout = ActivationLayout(network.shape(of: network.input))
    let shape = layout.shape
    let affine = network.inputAffine
    try requireSize(of: image)
    var texels = [Float](repeating: 0, count: layout.blocks * layout.planeStride * 4)
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        let source = shape.index(channel, y, 0)
        let target = layout.index(channel, y, 0)
        for x in 0..<shape.width {
          texels[target + x * 4] = affine[channel].scale * image[source + x] + affine[channel].shift
        }
      }
    }
    let first = network.input.firstChannel / 4 * layout.planeStride * 16
    let buffer = activations[plan.places[network.input.buffer]]
    do throws(VulkanError) { try buffer.write(texels, at: first) } catch { throw Failure(error) }
  }

  public func result() throws(Failure) -> [Float] {
    let layout = ActivationLayout(network.shape(of: network.output))
    let shape = layout.shape
    let buffer = activations[plan.places[network.output.buffer]]
    let texels: [Float]
    do throws(VulkanError) { texels = try buffer.contents() } catch { throw Failure(error) }
    let first = network.output.firstChannel / 4 * layout.planeStride * 4
    var image = [Float](repeating: 0, count: shape.count)
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        let source = first + layout.index(channel, y, 0)
        let target = shape.index(channel, y, 0)
        for x in 0..<shape.width { image[target + x] = texels[source + x * 4] }
      }
    }
    return image
  }

  public func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    do throws(VulkanError) {
      return ChainTime(
        try ring.run(length: length * ring.count, timeoutNanoseconds: watchdogNanoseconds),
        by: clock)
    } catch {
      throw Failure(error)
    }
  }

  public func runByStep(watchdogNanoseconds: Double) throws(Failure) -> [Double]? {
    guard clock == .deviceTimestamps else { return nil }
    do throws(VulkanError) {
      return try ring.run(
        length: ring.count, timeoutNanoseconds: watchdogNanoseconds, timingEach: true
      ).dispatchNanoseconds
    } catch {
      throw Failure(error)
    }
  }

  /// The activations, zero everywhere, for every way a step reads them.
  private static func activations(
    _ plan: MemoryPlan, _ steps: [StepKernel], _ network: LoweredNetwork, _ device: Device
  ) throws(VulkanError) -> [Buffer] {
    var usages = [Buffer.Usage](repeating: .storage, count: plan.activations.count)
    for step in steps {
      for binding in step.kernel.bindings {
        guard case .activation(let operand, _) = binding.content,
          let view = step.step.views[operand]
        else { continue }
        usages[plan.places[view.buffer]].formUnion(binding.usage)
      }
    }
    var buffers: [Buffer] = []
    for (layout, usage) in zip(plan.activations, usages) {
      let buffer = try Buffer(
        device: device, byteCount: layout.texelCount * 16, usage: usage, placement: .device)
      try buffer.fill(0)
      buffers.append(buffer)
    }
    return buffers
  }
}
