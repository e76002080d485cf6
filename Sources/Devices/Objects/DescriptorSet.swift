public import DeviceProtocol

/// Buffers bound to the bindings of a pipeline; it holds both.
public final class DescriptorSet {
  /// The pipeline whose bindings are filled.
  public let pipeline: ComputePipeline
  /// The buffers, by number of binding.
  public let buffers: [Buffer]

  let id: UInt32

  /// Binds the whole of each buffer to the binding of its position.
  ///
  /// Texel and image bindings see the buffer as texels of four numbers. Throws `.argument` unless there is one
  /// buffer for each binding, or the result of the call that failed.
  public init(pipeline: ComputePipeline, buffers: [Buffer]) throws(VulkanError) {
    let device = pipeline.device
    id = device.worker.newID()
    _ = try device.worker.request(
      .set, SetRequest(id: id, pipeline: pipeline.id, buffers: buffers.map(\.id)).bytes,
      generation: device.generation, call: "vkAllocateDescriptorSets",
      making: "a descriptor set of \(buffers.count) buffers")
    self.pipeline = pipeline
    self.buffers = buffers
  }

  deinit { pipeline.device.worker.release(id, of: pipeline.device.generation) }
}

/// One run of a pipeline over a number of workgroups.
public struct Dispatch {
  /// On which buffers, and by which pipeline.
  public let set: DescriptorSet
  /// Over how many workgroups.
  public let groups: GroupCount

  /// A dispatch of a set's pipeline.
  public init(set: DescriptorSet, groups: GroupCount) {
    self.set = set
    self.groups = groups
  }
}
