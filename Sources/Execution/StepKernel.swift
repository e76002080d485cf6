internal import Kernels
internal import Measurement
internal import Networks
internal import Tables
internal import Vulkan
internal import Workloads

/// A step of a network with the kernel that executes it.
struct StepKernel {
  let step: LoweredNetwork.Step
  let kernel: Kernel
  let schedule: String
  let spirv: [UInt32]

  /// - Parameter schedule: The schedule wanted. Where it does not fit, as in a buffer that is larger than the
  ///   workload's own, the first candidate that does takes its place.
  init(
    _ step: LoweredNetwork.Step, of network: LoweredNetwork, on backend: VulkanBackend,
    schedule: String?
  ) throws(Failure) {
    self.step = step
    let views = step.views.mapValues {
      ChannelView(
        firstChannel: $0.firstChannel, channels: network.buffers[$0.buffer].channels)
    }
    let weights = step.parameters[.weights]?.values ?? []
    func kernel(_ schedule: Schedule) throws(Failure) -> Kernel {
      try schedule.fittingKernel(
        for: step.workload, limits: backend.limits, views: views, weight: { weights[$0] })
    }
    let standard = Schedule.standard(for: step.workload, limits: backend.limits)
    let wanted = schedule.flatMap { try? Schedule(parsing: $0) }
    var chosen: (schedule: Schedule, kernel: Kernel)?
    for candidate in [wanted ?? standard, standard] where chosen == nil {
      chosen = (try? kernel(candidate)).map { (candidate, $0) }
    }
    if chosen == nil {
      let others = Schedule.candidates(for: step.workload, limits: backend.limits, effort: .full)
      for candidate in others where chosen == nil {
        chosen = (try? kernel(candidate)).map { (candidate, $0) }
      }
    }
    if let chosen {
      self.schedule = "\(chosen.schedule)"
      self.kernel = chosen.kernel
    } else {
      // It says why.
      self.schedule = "\(standard)"
      self.kernel = try kernel(standard)
    }
    spirv = try backend.spirv(of: self.kernel, backend.options.library)
  }

  /// Bytes of what is learned, as packed for the kernel.
  var parameterBytes: Int {
    kernel.bindings.reduce(0) { sum, binding in
      if case .activation = binding.content { sum } else { sum + binding.byteCount }
    }
  }

  /// A buffer with the numbers of a binding.
  func parameterBuffer(
    _ binding: Kernel.Binding, _ device: Device
  ) throws(VulkanError) -> Buffer {
    let buffer = try Buffer(
      device: device, byteCount: binding.byteCount, usage: binding.usage, placement: .device)
    var values: [Operand: [Float]] = [:]
    if case .parameters(let packed) = binding.content {
      values[packed.operand] = step.parameters[packed.operand]?.values
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: binding.byteCount) { bytes, count in
      binding.fill(
        UnsafeMutableRawBufferPointer(bytes.extracting(..<binding.byteCount))
      ) { operand, index in
        values[operand]?[index] ?? 0
      }
      count = binding.byteCount
    }
    try buffer.write(bytes)
    return buffer
  }
}
