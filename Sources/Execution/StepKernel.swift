internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import Measurement
internal import Networks
internal import Tables
internal import Workloads

/// A step of a network with the kernel that executes it.
struct StepKernel {
  let step: LoweredNetwork.Step
  let kernel: Kernel
  let schedule: String
  let spirv: [UInt32]
  /// Learned numbers by operand.
  private let values: [Operand: [Float]]

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
    let values = step.parameters.mapValues(\.values)
    self.values = values
    let weights = values[.weights] ?? []
    func kernel(_ schedule: Schedule) throws(Failure) -> Kernel {
      try schedule.fittingKernel(
        for: step.workload, limits: backend.limits, views: views, weight: { weights[$0] })
    }
    func firstFitting(_ schedules: [Schedule]) -> (schedule: Schedule, kernel: Kernel)? {
      for schedule in schedules {
        if let kernel = try? kernel(schedule) { return (schedule, kernel) }
      }
      return nil
    }
    let wanted = schedule.flatMap { try? Schedule(parsing: $0) }
    if let fitting = firstFitting([wanted].compactMap(\.self)) {
      (self.schedule, self.kernel) = ("\(fitting.schedule)", fitting.kernel)
    } else {
      let standard = backend.standard(for: step.workload)
      let fitting = firstFitting(
        [standard]
          + Schedule.candidates(for: step.workload, limits: backend.limits, effort: .full))
      // Where none fits, the standard one says why.
      self.kernel = if let fitting { fitting.kernel } else { try kernel(standard) }
      self.schedule = "\(fitting?.schedule ?? standard)"
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
    try buffer.write(binding.contents { values[$0]?[$1] ?? 0 })
    return buffer
  }
}
