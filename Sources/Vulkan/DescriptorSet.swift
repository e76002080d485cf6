import CVulkan
public import DeviceProtocol

/// Buffers bound to the bindings of a pipeline; it holds both.
public final class DescriptorSet {
  /// A view is kept in a class because noncopyable values cannot be in an array.
  private final class BufferView {
    let owned: OwnedHandle
    init(_ owned: consuming OwnedHandle) { self.owned = owned }
  }

  /// How a binding sees its buffer.
  private enum Sight {
    case bytes
    case texels(BufferView)
    case image(LinearImage)
  }

  /// The pipeline whose bindings are filled.
  public let pipeline: ComputePipeline
  /// The buffers, by number of binding.
  public let buffers: [Buffer]

  let handle: VkDescriptorSet
  private let sights: [Sight]
  private let pool: OwnedHandle

  /// Binds the whole of each buffer to the binding of its position.
  ///
  /// Texel and image bindings see the buffer as texels of four numbers. Throws `.argument` unless there is one buffer
  /// of the same device for each binding, or the result of the call that failed.
  public init(pipeline: ComputePipeline, buffers: [Buffer]) throws(VulkanError) {
    let device = pipeline.device
    let making = "a descriptor set of \(buffers.count) buffers"
    guard buffers.count == pipeline.bindings.count, buffers.allSatisfy({ $0.device === device })
    else {
      throw VulkanError(
        .argument, call: "vkAllocateDescriptorSets", making: making,
        detail: "\(pipeline.bindings.count) bindings take as many buffers of their device")
    }
    var sights: [Sight] = []
    for (buffer, kind) in zip(buffers, pipeline.bindings) {
      sights.append(try Self.sight(of: buffer, as: kind))
    }
    let pool = try Self.pool(device, pipeline.bindings, making: making)
    var allocated: VkDescriptorSet?
    let result = withCallMemory { memory in
      var info = VkDescriptorSetAllocateInfo()
      info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO
      info.descriptorPool = pool.handle
      info.descriptorSetCount = 1
      info.pSetLayouts = UnsafePointer(memory.one(Optional(pipeline.setLayout.handle)))
      return device.functions.allocateDescriptorSets(device.handle, &info, &allocated)
    }
    try device.check(result, "vkAllocateDescriptorSets", making: making)
    guard let set = allocated else {
      throw VulkanError(.result(.unknown), call: "vkAllocateDescriptorSets", making: making)
    }
    withCallMemory { memory in
      let writes = zip(buffers, pipeline.bindings).enumerated().map { index, bound in
        let (buffer, kind) = bound
        var write = VkWriteDescriptorSet()
        write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET
        write.dstSet = set
        write.dstBinding = UInt32(index)
        write.descriptorCount = UInt32(kind.descriptorCount)
        write.descriptorType = kind.descriptorType
        switch sights[index] {
        case .texels(let view):
          write.pTexelBufferView = UnsafePointer(memory.one(Optional(view.owned.handle)))
        case .image(let image):
          write.pImageInfo = UnsafePointer(
            memory.one(
              VkDescriptorImageInfo(
                sampler: nil, imageView: image.view.handle, imageLayout: VK_IMAGE_LAYOUT_GENERAL)))
        case .bytes:
          write.pBufferInfo = memory.array(Self.ranges(of: buffer, as: kind)).map {
            UnsafePointer($0)
          }
        }
        return write
      }
      device.functions.updateDescriptorSets(
        device.handle, UInt32(writes.count), memory.array(writes), 0, nil)
    }
    try device.check(VK_SUCCESS, "vkUpdateDescriptorSets", making: making)
    self.pipeline = pipeline
    self.buffers = buffers
    self.sights = sights
    self.pool = pool
    handle = set
  }

  private static func sight(
    of buffer: Buffer, as kind: BindingKind
  ) throws(VulkanError) -> Sight {
    guard let format = kind.texelFormat else { return .bytes }
    if let width = kind.imageWidth {
      return .image(try LinearImage(of: buffer, format: format, width: width))
    }
    return .texels(BufferView(try texels(of: buffer, format)))
  }

  /// The parts of a buffer that the descriptors of a binding see.
  private static func ranges(of buffer: Buffer, as kind: BindingKind) -> [VkDescriptorBufferInfo] {
    guard case .uniformSlices(let count, let bytes) = kind else {
      return [
        VkDescriptorBufferInfo(buffer: buffer.handle, offset: 0, range: VkDeviceSize(buffer.size))
      ]
    }
    return (0..<count).map { slice in
      VkDescriptorBufferInfo(
        buffer: buffer.handle, offset: VkDeviceSize(slice * bytes),
        range: VkDeviceSize(bytes))
    }
  }

  private static func texels(
    of buffer: Buffer, _ format: VkFormat
  ) throws(VulkanError) -> OwnedHandle {
    try OwnedHandle(
      buffer.device, "vkCreateBufferView", making: "a texel view of \(buffer.byteCount) bytes"
    ) { functions, handle, view in
      var info = VkBufferViewCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO
      info.buffer = buffer.handle
      info.format = format
      info.range = VK_WHOLE_SIZE
      return functions.createBufferView(handle, &info, nil, &view)
    } destroy: { functions, handle, view in
      functions.destroyBufferView(handle, view, nil)
    }
  }

  private static func pool(
    _ device: Device, _ bindings: [BindingKind], making: String
  ) throws(VulkanError) -> OwnedHandle {
    // A pool may not be without any size, even for a set without bindings.
    let kinds = bindings.isEmpty ? [.storageBuffer] : bindings
    return try OwnedHandle(device, "vkCreateDescriptorPool", making: making) {
      functions, handle, pool in
      withCallMemory { memory in
        let sizes = Dictionary(grouping: kinds, by: { $0.descriptorType.rawValue }).values.map {
          uses in
          VkDescriptorPoolSize(
            type: uses[0].descriptorType,
            descriptorCount: UInt32(uses.reduce(0) { $0 + $1.descriptorCount }))
        }
        var info = VkDescriptorPoolCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO
        info.maxSets = 1
        info.poolSizeCount = UInt32(sizes.count)
        info.pPoolSizes = memory.array(sizes).map { UnsafePointer($0) }
        return functions.createDescriptorPool(handle, &info, nil, &pool)
      }
    } destroy: { functions, handle, pool in
      functions.destroyDescriptorPool(handle, pool, nil)
    }
  }
}
