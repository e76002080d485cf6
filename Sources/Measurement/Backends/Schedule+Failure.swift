public import Kernels
public import Tables
public import Workloads

extension Schedule {
  /// The kernel that executes a workload by this schedule within limits.
  ///
  /// Throws ``Failure/Kind/overLimit`` where only a limit keeps it from that, and
  /// ``Failure/Kind/unsupported`` where it does not fit the workload or needs a feature.
  ///
  /// - Parameters:
  ///   - views: Activations that are some channels of a larger buffer.
  ///   - weight: The weights of a kernel that has them in its code; test data unless given.
  public func fittingKernel(
    for workload: Workload, limits: DeviceLimits, views: [Operand: ChannelView] = [:],
    weight: (@Sendable (Int) -> Float)? = nil
  ) throws(Failure) -> Kernel {
    do throws(InvalidSchedule) {
      return try kernel(for: workload, limits: limits, views: views, weight: weight)
    } catch {
      let fitsElsewhere =
        (try? kernel(for: workload, limits: limits.unlimited, views: views)) != nil
      throw Failure(fitsElsewhere ? .overLimit : .unsupported, error.description)
    }
  }
}

extension DeviceLimits {
  /// A device with the same features, and room for everything: what does not fit it either, no limit
  /// keeps away.
  fileprivate var unlimited: DeviceLimits {
    var copy = self
    copy.maxTexelBufferElements = .max
    copy.maxLinearImageDimension = .max
    copy.maxUniformBufferRange = .max
    copy.maxPerStageDescriptorUniformBuffers = .max
    copy.maxStorageBufferRange = .max
    copy.maxPerStageDescriptorStorageBuffers = .max
    copy.maxComputeSharedMemorySize = .max
    copy.maxComputeWorkGroupInvocations = .max
    copy.maxComputeWorkGroupSize = [.max, .max, .max]
    copy.maxSubgroupLanes = .max
    return copy
  }
}
