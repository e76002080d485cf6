public import Kernels
public import Networks
internal import Workloads

extension MemoryPlan {
  /// Why a network does not fit a device, in one sentence; `nil` if it does.
  ///
  /// - Parameters:
  ///   - limits: Of the device; `nil` for the processor, which has none for its buffers.
  ///   - memoryBytes: Of its heap.
  public static func misfit(
    _ network: LoweredNetwork, limits: DeviceLimits?, memoryBytes: UInt64
  ) -> String? {
    let plan = MemoryPlan(network)
    let largest = plan.activations.map { $0.texelCount * 16 }.max() ?? 0
    if let limits, largest > limits.maxStorageBufferRange {
      return "a feature map of \(network.name) takes \(largest >> 20) MiB, and the device's "
        + "maxStorageBufferRange is \(limits.maxStorageBufferRange >> 20) MiB"
    }
    let all = plan.bytes(.float32) + network.learnedCount * ElementType.float32.byteCount
    if UInt64(all) > memoryBytes {
      return "\(network.name) takes \(all >> 20) MiB, and the device has "
        + "\(memoryBytes >> 20) MiB"
    }
    return nil
  }
}
