internal import Kernels
internal import Tables
internal import Vulkan
internal import Workloads

/// A workload's kernel with a ring of operand sets on a Vulkan device.
final class PreparedKernel: PreparedWorkload {
  let compiled: Measurement.Compiled

  private let workload: Workload
  private let output: ActivationLayout
  private let outputs: [Buffer]
  private let chains: RecordedChains
  private let expected: [VulkanBackend.Expectation]

  init(
    _ workload: Workload, kernel: Kernel, program: CompiledKernel, ringSize: Int,
    expected: [VulkanBackend.Expectation], device: Device, clock: Method.Clock
  ) throws(Failure) {
    self.workload = workload
    self.expected = expected
    compiled = program.facts
    output = ActivationLayout(workload.outputShape)
    do throws(VulkanError) {
      let buffers = try Self.buffers(
        for: kernel, TestData(for: workload), ringSize: ringSize, device: device)
      outputs = buffers.compactMap(\.last)
      let groups = GroupCount(
        UInt32(clamping: kernel.groups.x), UInt32(clamping: kernel.groups.y),
        UInt32(clamping: kernel.groups.z))
      var ring: [Dispatch] = []
      for operands in buffers {
        let set = try DescriptorSet(pipeline: program.pipeline, buffers: operands)
        ring.append(try Dispatch(pipeline: program.pipeline, set: set, groups: groups))
      }
      chains = RecordedChains(ring, device: device, clock: clock)
    } catch {
      throw Failure(error)
    }
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    try chains.run(length: length, watchdogNanoseconds: watchdogNanoseconds)
  }

  func poison() throws(Failure) {
    let poisoned = Self.floats(output.texelCount) { output.fill($0) { _ in .nan } }
    do throws(VulkanError) {
      for buffer in outputs { try buffer.write(poisoned) }
    } catch {
      throw Failure(error)
    }
  }

  func check() throws(Failure) -> Measurement.Check {
    let tolerance = workload.tolerance(accumulating: .float32)
    var largest = 0.0
    for (set, buffer) in outputs.enumerated() {
      let values: [Float]
      do throws(VulkanError) { values = try buffer.contents() } catch { throw Failure(error) }
      let error = Reference.largestError(expected, tolerance) {
        values[output.index($0.channel, $0.y, $0.x)]
      }
      guard error <= tolerance.share else { throw wrong(error, tolerance, set) }
      // Everywhere, not only at the points: what was not written is still poisoned.
      guard values.allSatisfy(\.isFinite) else { throw wrong(.infinity, tolerance, set) }
      guard values.withUnsafeBufferPointer({ output.paddingIsZero($0) }) else {
        throw Failure(.wrongOutput, "something was written outside the output's elements")
      }
      largest = max(largest, error)
    }
    return Measurement.Check(
      maxRelativeError: largest, tolerance: tolerance.share, points: expected.count)
  }

  private func wrong(_ error: Double, _ tolerance: Tolerance, _ set: Int) -> Failure {
    error.isFinite
      ? Failure(
        .wrongOutput,
        "the output of set \(set) is off by a share of \(error), rounding explains "
          + "\(tolerance.share)")
      : Failure(.wrongOutput, "the output of set \(set) was not written, or is not finite")
  }

  /// One list of operands for each set of the ring, all with the same contents.
  private static func buffers(
    for kernel: Kernel, _ data: TestData, ringSize: Int, device: Device
  ) throws(VulkanError) -> [[Buffer]] {
    var sets = [[Buffer]](repeating: [], count: ringSize)
    for binding in kernel.bindings {
      let contents = contents(of: binding, data)
      for index in sets.indices {
        let buffer = try Buffer(
          device: device, byteCount: binding.content.byteCount,
          usage: usage(binding.placement), placement: .device)
        try buffer.write(contents)
        sets[index].append(buffer)
      }
    }
    return sets
  }

  private static func contents(of binding: Kernel.Binding, _ data: TestData) -> [Float] {
    func value(_ index: Int) -> Float { data.value(binding.operand, index) }
    switch binding.content {
    case .activation(let layout):
      return floats(layout.texelCount) { buffer in
        binding.operand == .output
          ? layout.fill(buffer) { _ in .nan } : layout.fill(buffer, value: value)
      }
    case .parameters(let packed):
      return floats(packed.texelCount) { packed.fill($0, value: value) }
    }
  }

  /// An array of texels of four numbers.
  private static func floats(
    _ texels: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: texels * 4) { buffer, count in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<(texels * 4)]))
      count = texels * 4
    }
  }

  private static func usage(_ placement: Schedule.Placement) -> Buffer.Usage {
    switch placement {
    case .storageBuffer: .storage
    case .uniformBuffer: .uniform
    case .texelBuffer: .uniformTexel
    }
  }
}
