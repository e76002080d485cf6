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
  private let known: KnownContents
  /// Whether nothing was written to the outputs since they held NaN.
  private var isPoisoned = true

  init(
    _ workload: Workload, kernel: Kernel, program: CompiledKernel, ringSize: Int,
    expected: [Reference.Expectation], verified: VerifiedOutputs, known: KnownContents,
    device: Device, clock: Method.Clock
  ) throws(Failure) {
    self.workload = workload
    self.expected = expected
    self.verified = verified
    self.known = known
    compiled = program.facts
    output = kernel.bindings.last
    var tolerance = workload.tolerance(accumulating: kernel.accumulator)
    tolerance.share *= kernel.errorGrowth
    self.tolerance = tolerance
    data = TestData(for: workload)
    do throws(VulkanError) {
      var buffers = [[Buffer]](repeating: [], count: ringSize)
      for binding in kernel.bindings {
        for index in buffers.indices {
          buffers[index].append(
            try Buffer(
              device: device, byteCount: binding.byteCount, usage: binding.usage,
              placement: .device))
        }
        try known.write(binding, of: workload, data, to: buffers.compactMap(\.last))
      }
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
    isPoisoned = false
    return try chains.run(length: length, watchdogNanoseconds: watchdogNanoseconds)
  }

  func run(
    lengths: [Int], watchdogNanoseconds: Double, into times: inout [ChainTime]
  ) throws(Failure) {
    isPoisoned = false
    try chains.run(lengths: lengths, watchdogNanoseconds: watchdogNanoseconds, into: &times)
  }

  func poison() throws(Failure) {
    guard let output, !isPoisoned else { return }
    do throws(VulkanError) {
      try known.write(output, of: workload, data, to: outputs)
    } catch {
      throw Failure(error)
    }
    isPoisoned = true
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
}
