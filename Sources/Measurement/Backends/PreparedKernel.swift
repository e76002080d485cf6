internal import Kernels
internal import Tables
internal import Vulkan
internal import Workloads

/// A workload's kernel with a ring of operand sets on a Vulkan device.
final class PreparedKernel: PreparedWorkload {
  let compiled: Measurement.Compiled

  private let workload: Workload
  private let output: Kernel.Binding?
  private let accumulator: ElementType
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
    output = kernel.bindings.last
    accumulator = kernel.accumulator
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
    guard let output else { return }
    let poisoned = Self.contents(of: output, TestData(for: workload))
    do throws(VulkanError) {
      for buffer in outputs { try buffer.write(poisoned) }
    } catch {
      throw Failure(error)
    }
  }

  func check() throws(Failure) -> Measurement.Check {
    let tolerance = workload.tolerance(accumulating: accumulator)
    var largest = 0.0
    for (set, buffer) in outputs.enumerated() {
      let error =
        switch workload.elementType {
        case .float32: try largestError(set, buffer, as: Float.self, tolerance)
        case .float16: try largestError(set, buffer, as: Float16.self, tolerance)
        }
      largest = max(largest, error)
    }
    return Measurement.Check(
      maxRelativeError: largest, tolerance: tolerance.share, points: expected.count)
  }

  /// The largest error of one output; throws if it is above the tolerance.
  private func largestError<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ set: Int, _ buffer: Buffer, as type: Number.Type, _ tolerance: Tolerance
  ) throws(Failure) -> Double {
    let layout = ActivationLayout(workload.outputShape)
    let values: [Number]
    do throws(VulkanError) { values = try buffer.contents() } catch { throw Failure(error) }
    let error = Reference.largestError(expected, tolerance) {
      Float(values[layout.index($0.channel, $0.y, $0.x)])
    }
    guard error <= tolerance.share else { throw wrong(error, tolerance, set) }
    // Everywhere, not only at the points: what was not written is still poisoned.
    guard values.allSatisfy(\.isFinite) else { throw wrong(.infinity, tolerance, set) }
    guard values.withUnsafeBufferPointer({ layout.paddingIsZero($0) }) else {
      throw Failure(.wrongOutput, "something was written outside the output's elements")
    }
    return error
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
          device: device, byteCount: binding.byteCount, usage: usage(binding.placement),
          placement: .device)
        try buffer.write(contents)
        sets[index].append(buffer)
      }
    }
    return sets
  }

  private static func contents(of binding: Kernel.Binding, _ data: TestData) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: binding.byteCount) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer.extracting(..<binding.byteCount))
      binding.fill(bytes, data: data)
      count = binding.byteCount
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
