internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import Tables
internal import Workloads

/// A workload's kernel with a ring of operand sets on a Vulkan device.
final class PreparedKernel: PreparedWorkload {
  let compiled: Measurement.Compiled?

  private let workload: Workload
  private let output: Kernel.Binding?
  private let tolerance: Tolerance
  private let data: TestData
  private let outputs: [Buffer]
  private let chains: RecordedChains
  private let expected: [Reference.Expectation]
  private let verified: VerifiedOutputs

  init(
    _ workload: Workload, kernel: Kernel, program: CompiledKernel, ringSize: Int,
    expected: [Reference.Expectation], verified: VerifiedOutputs, device: Device,
    clock: Method.Clock
  ) throws(Failure) {
    self.workload = workload
    self.expected = expected
    self.verified = verified
    compiled = program.facts
    output = kernel.bindings.last
    var tolerance = workload.tolerance(accumulating: kernel.accumulator)
    tolerance.share *= kernel.errorGrowth
    self.tolerance = tolerance
    data = TestData(for: workload)
    do throws(VulkanError) {
      let buffers = try Self.buffers(
        for: kernel, data, ringSize: ringSize, device: device)
      outputs = buffers.compactMap(\.last)
      var ring: [Dispatch] = []
      for operands in buffers {
        let set = try DescriptorSet(pipeline: program.pipeline, buffers: operands)
        ring.append(Dispatch(set: set, groups: kernel.groupCount))
      }
      chains = try RecordedChains(ring, device: device, clock: clock)
    } catch {
      throw Failure(error)
    }
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    try chains.run(length: length, watchdogNanoseconds: watchdogNanoseconds)
  }

  func run(
    lengths: [Int], watchdogNanoseconds: Double, into times: inout [ChainTime]
  ) throws(Failure) {
    try chains.run(lengths: lengths, watchdogNanoseconds: watchdogNanoseconds, into: &times)
  }

  func poison() throws(Failure) {
    guard let output else { return }
    let poisoned = output.contents(value: data.value)
    do throws(VulkanError) {
      try Buffer.write(poisoned, to: outputs)
    } catch {
      throw Failure(error)
    }
  }

  func check() throws(Failure) -> Measurement.Check {
    let digests: [Digest]
    do throws(VulkanError) { digests = try Buffer.digests(of: outputs) } catch {
      throw Failure(error)
    }
    var largest = 0.0
    for (set, (buffer, digest)) in zip(outputs, digests).enumerated() {
      if let known = verified.error(of: digest, workload, within: tolerance) {
        largest = max(largest, known)
      } else {
        let error = try error(set, buffer)
        verified.add(digest, workload, within: tolerance, error: error)
        largest = max(largest, error)
      }
    }
    return Measurement.Check(
      maxRelativeError: largest, tolerance: tolerance.share, points: expected.count)
  }

  /// The largest error of one output; throws if it is above the tolerance.
  private func error(_ set: Int, _ buffer: Buffer) throws(Failure) -> Double {
    let bytes: [UInt8]
    do throws(VulkanError) { bytes = try buffer.contents() } catch { throw Failure(error) }
    let state = bytes.withUnsafeBytes {
      output?.outputState($0, expected: expected, tolerance: tolerance)
    }
    return try (state ?? .notFinite).error(ofSet: set, within: tolerance)
  }

  /// One list of operands for each set of the ring, all with the same contents.
  private static func buffers(
    for kernel: Kernel, _ data: TestData, ringSize: Int, device: Device
  ) throws(VulkanError) -> [[Buffer]] {
    var sets = [[Buffer]](repeating: [], count: ringSize)
    for binding in kernel.bindings {
      for index in sets.indices {
        sets[index].append(
          try Buffer(
            device: device, byteCount: binding.byteCount, usage: binding.usage,
            placement: .device))
      }
      try Buffer.write(binding.contents(value: data.value), to: sets.compactMap(\.last))
    }
    return sets
  }
}
