internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import Workloads

/// Digests of what operands hold, so that a device that keeps it need not be told again: to make it takes longer than
/// to write it.
final class KnownContents {
  private struct Key: Hashable {
    let workload: Workload
    let content: Kernel.Content
    let elementType: ElementType
    let byteCount: Int
  }

  private var digests: [Key: Digest] = [:]

  /// Fills buffers with what an operand of a workload holds.
  func write(
    _ binding: Kernel.Binding, of workload: Workload, _ data: TestData, to buffers: [Buffer]
  ) throws(VulkanError) {
    // Packed parameters are as large to compare as to make.
    guard case .activation = binding.content else {
      try Buffer.write(to: buffers) { binding.contents(value: data.value) }
      return
    }
    let key = Key(
      workload: workload, content: binding.content, elementType: binding.elementType,
      byteCount: binding.byteCount)
    digests[key] = try Buffer.write(known: digests[key], to: buffers) {
      binding.contents(value: data.value)
    }
  }
}
