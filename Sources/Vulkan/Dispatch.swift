public import DeviceProtocol

/// One run of a pipeline over a number of workgroups.
public struct Dispatch {
  /// What runs.
  public let pipeline: ComputePipeline
  /// On which buffers.
  public let set: DescriptorSet
  /// Over how many workgroups.
  public let groups: GroupCount

  /// A dispatch that the device can do.
  ///
  /// Throws `.limit("maxComputeWorkGroupCount")` for too many groups, and `.argument` for a set with
  /// other bindings than the pipeline's.
  public init(
    pipeline: ComputePipeline, set: DescriptorSet, groups: GroupCount
  ) throws(VulkanError) {
    let making = "a dispatch of \(groups.x) × \(groups.y) × \(groups.z) groups"
    let allowed = pipeline.device.physicalDevice.limits.maxComputeWorkGroupCount
    guard zip([groups.x, groups.y, groups.z], allowed).allSatisfy({ Int($0) <= $1 }) else {
      throw VulkanError(
        .limit("maxComputeWorkGroupCount"), call: "vkCmdDispatch", making: making,
        detail: "\(allowed.map(String.init).joined(separator: " × ")) allowed")
    }
    guard set.pipeline.device === pipeline.device, set.pipeline.bindings == pipeline.bindings else {
      throw VulkanError(
        .argument, call: "vkCmdDispatch", making: making,
        detail: "the descriptor set was made for a pipeline with other bindings")
    }
    self.pipeline = pipeline
    self.set = set
    self.groups = groups
  }
}
