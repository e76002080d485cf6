import CVulkan
public import DeviceProtocol

/// A compute shader compiled for a device, with its bindings in descriptor set 0.
public final class ComputePipeline {
  /// The device it was made on.
  public let device: Device
  /// The bindings, by number.
  public let bindings: [BindingKind]
  /// Nanoseconds that `vkCreateComputePipelines` took; little when the pipeline was in the cache.
  public let compileNanoseconds: Double
  /// Whether the driver was asked to keep what its compiler says; see `executables()`.
  public let capturesStatistics: Bool

  let pipeline: OwnedHandle
  let layout: OwnedHandle
  let setLayout: OwnedHandle

  /// Compiles `spirv`.
  ///
  /// `constants` are the specialization constants with ids 0, 1, …, four bytes each.
  /// `capturingStatistics` does nothing on a device without `pipelineExecutableInfo`. Throws
  /// `.limit` for more storage buffers than a shader may see, or the result of the call that failed.
  public init(
    device: Device, spirv: [UInt32], entryPoint: String = "main", bindings: [BindingKind],
    constants: [UInt32] = [], capturingStatistics: Bool = false
  ) throws(VulkanError) {
    let making = "a compute pipeline with \(bindings.count) bindings"
    let storageCount = bindings.count { $0 == .storageBuffer }
    let allowed = device.physicalDevice.limits.maxPerStageDescriptorStorageBuffers
    guard storageCount <= allowed else {
      throw VulkanError(
        .limit("maxPerStageDescriptorStorageBuffers"), call: "vkCreateDescriptorSetLayout",
        making: making, detail: "\(allowed) allowed, \(storageCount) asked")
    }
    guard !spirv.isEmpty else {
      throw VulkanError(
        .argument, call: "vkCreateShaderModule", making: making, detail: "the shader is empty")
    }
    let setLayout = try Self.setLayout(device, bindings, making: making)
    let layout = try OwnedHandle(device, "vkCreatePipelineLayout", making: making) {
      functions, handle, layout in
      withCallMemory { memory in
        var info = VkPipelineLayoutCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO
        info.setLayoutCount = 1
        info.pSetLayouts = UnsafePointer(memory.one(Optional(setLayout.handle)))
        return functions.createPipelineLayout(handle, &info, nil, &layout)
      }
    } destroy: { functions, handle, layout in
      functions.destroyPipelineLayout(handle, layout, nil)
    }
    // Its owner ends with this initializer: a pipeline does not need it once made.
    let shader = try OwnedHandle(device, "vkCreateShaderModule", making: making) {
      functions, handle, shader in
      withCallMemory { memory in
        var info = VkShaderModuleCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO
        info.codeSize = spirv.count * 4
        info.pCode = memory.array(spirv).map { UnsafePointer($0) }
        return functions.createShaderModule(handle, &info, nil, &shader)
      }
    } destroy: { functions, handle, shader in
      functions.destroyShaderModule(handle, shader, nil)
    }
    let captures =
      capturingStatistics && device.physicalDevice.features.pipelineExecutableInfo
    var nanoseconds: UInt64 = 0
    let pipeline = try OwnedHandle(device, "vkCreateComputePipelines", making: making) {
      functions, handle, pipeline in
      withCallMemory { memory in
        var stage = VkPipelineShaderStageCreateInfo()
        stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO
        stage.stage = VK_SHADER_STAGE_COMPUTE_BIT
        stage.module = shader.handle
        stage.pName = memory.text(entryPoint)
        if !constants.isEmpty {
          stage.pSpecializationInfo = UnsafePointer(
            memory.one(Self.specialization(constants, memory)))
        }
        var info = VkComputePipelineCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO
        if captures {
          info.flags = VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR.rawValue
        }
        info.stage = stage
        info.layout = layout.handle
        info.basePipelineIndex = -1
        let start = monotonicNanoseconds()
        defer { nanoseconds = monotonicNanoseconds() - start }
        return functions.createComputePipelines(
          handle, device.pipelineCache, 1, &info, nil, &pipeline)
      }
    } destroy: { functions, handle, pipeline in
      functions.destroyPipeline(handle, pipeline, nil)
    }
    self.device = device
    self.bindings = bindings
    self.setLayout = setLayout
    self.layout = layout
    self.pipeline = pipeline
    compileNanoseconds = Double(nanoseconds)
    capturesStatistics = captures
  }

  private static func setLayout(
    _ device: Device, _ bindings: [BindingKind], making: String
  ) throws(VulkanError) -> OwnedHandle {
    try OwnedHandle(device, "vkCreateDescriptorSetLayout", making: making) {
      functions, handle, layout in
      withCallMemory { memory in
        let list = bindings.enumerated().map { index, kind in
          var binding = VkDescriptorSetLayoutBinding()
          binding.binding = UInt32(index)
          binding.descriptorType = kind.descriptorType
          binding.descriptorCount = UInt32(kind.descriptorCount)
          binding.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT.rawValue
          return binding
        }
        var info = VkDescriptorSetLayoutCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO
        info.bindingCount = UInt32(list.count)
        info.pBindings = memory.array(list).map { UnsafePointer($0) }
        return functions.createDescriptorSetLayout(handle, &info, nil, &layout)
      }
    } destroy: { functions, handle, layout in
      functions.destroyDescriptorSetLayout(handle, layout, nil)
    }
  }

  private static func specialization(
    _ constants: [UInt32], _ memory: CallMemory
  ) -> VkSpecializationInfo {
    let entries = constants.indices.map {
      VkSpecializationMapEntry(constantID: UInt32($0), offset: UInt32($0 * 4), size: 4)
    }
    var info = VkSpecializationInfo()
    info.mapEntryCount = UInt32(entries.count)
    info.pMapEntries = memory.array(entries).map { UnsafePointer($0) }
    info.dataSize = constants.count * 4
    info.pData = memory.array(constants).map { UnsafeRawPointer($0) }
    return info
  }
}

extension BindingKind {
  /// How a buffer's texels are read; `nil` for buffers without texels.
  var texelFormat: VkFormat? {
    switch self {
    case .storageBuffer, .uniformBuffer, .uniformSlices: nil
    case .uniformTexelBuffer, .linearImage: VK_FORMAT_R32G32B32A32_SFLOAT
    case .uniformTexelBuffer16, .linearImage16: VK_FORMAT_R16G16B16A16_SFLOAT
    }
  }

  /// Texels in a row of the image; `nil` for what is no image.
  var imageWidth: Int? {
    switch self {
    case .linearImage(let width), .linearImage16(let width): width
    default: nil
    }
  }

  /// Descriptors of the binding.
  var descriptorCount: Int {
    if case .uniformSlices(let count, _) = self { count } else { 1 }
  }

  var descriptorType: VkDescriptorType {
    switch self {
    case .storageBuffer: VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
    case .uniformBuffer, .uniformSlices: VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER
    case .uniformTexelBuffer, .uniformTexelBuffer16: VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER
    case .linearImage, .linearImage16: VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE
    }
  }
}
