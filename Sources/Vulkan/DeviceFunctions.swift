import CVulkan
import DeviceProtocol

/// Functions of a device, found without the loader's dispatch in between.
struct DeviceFunctions {
  let destroyDevice: PFN_vkDestroyDevice
  let getDeviceQueue: PFN_vkGetDeviceQueue
  let queueSubmit: PFN_vkQueueSubmit
  let createBuffer: PFN_vkCreateBuffer
  let destroyBuffer: PFN_vkDestroyBuffer
  let getBufferMemoryRequirements: PFN_vkGetBufferMemoryRequirements
  let bindBufferMemory: PFN_vkBindBufferMemory
  let createBufferView: PFN_vkCreateBufferView
  let destroyBufferView: PFN_vkDestroyBufferView
  let createImage: PFN_vkCreateImage
  let destroyImage: PFN_vkDestroyImage
  let getImageMemoryRequirements: PFN_vkGetImageMemoryRequirements
  let getImageSubresourceLayout: PFN_vkGetImageSubresourceLayout
  let bindImageMemory: PFN_vkBindImageMemory
  let createImageView: PFN_vkCreateImageView
  let destroyImageView: PFN_vkDestroyImageView
  let allocateMemory: PFN_vkAllocateMemory
  let freeMemory: PFN_vkFreeMemory
  let mapMemory: PFN_vkMapMemory
  let flushMappedMemoryRanges: PFN_vkFlushMappedMemoryRanges
  let invalidateMappedMemoryRanges: PFN_vkInvalidateMappedMemoryRanges
  let createShaderModule: PFN_vkCreateShaderModule
  let destroyShaderModule: PFN_vkDestroyShaderModule
  let createDescriptorSetLayout: PFN_vkCreateDescriptorSetLayout
  let destroyDescriptorSetLayout: PFN_vkDestroyDescriptorSetLayout
  let createPipelineLayout: PFN_vkCreatePipelineLayout
  let destroyPipelineLayout: PFN_vkDestroyPipelineLayout
  let createComputePipelines: PFN_vkCreateComputePipelines
  let destroyPipeline: PFN_vkDestroyPipeline
  let createPipelineCache: PFN_vkCreatePipelineCache
  let destroyPipelineCache: PFN_vkDestroyPipelineCache
  let getPipelineCacheData: PFN_vkGetPipelineCacheData
  let createDescriptorPool: PFN_vkCreateDescriptorPool
  let destroyDescriptorPool: PFN_vkDestroyDescriptorPool
  let allocateDescriptorSets: PFN_vkAllocateDescriptorSets
  let updateDescriptorSets: PFN_vkUpdateDescriptorSets
  let createQueryPool: PFN_vkCreateQueryPool
  let destroyQueryPool: PFN_vkDestroyQueryPool
  let getQueryPoolResults: PFN_vkGetQueryPoolResults
  let createFence: PFN_vkCreateFence
  let destroyFence: PFN_vkDestroyFence
  let resetFences: PFN_vkResetFences
  let waitForFences: PFN_vkWaitForFences
  let createCommandPool: PFN_vkCreateCommandPool
  let destroyCommandPool: PFN_vkDestroyCommandPool
  let allocateCommandBuffers: PFN_vkAllocateCommandBuffers
  let beginCommandBuffer: PFN_vkBeginCommandBuffer
  let endCommandBuffer: PFN_vkEndCommandBuffer
  let cmdBindPipeline: PFN_vkCmdBindPipeline
  let cmdBindDescriptorSets: PFN_vkCmdBindDescriptorSets
  let cmdDispatch: PFN_vkCmdDispatch
  let cmdPipelineBarrier: PFN_vkCmdPipelineBarrier
  let cmdResetQueryPool: PFN_vkCmdResetQueryPool
  let cmdWriteTimestamp: PFN_vkCmdWriteTimestamp
  let cmdCopyBuffer: PFN_vkCmdCopyBuffer
  let cmdFillBuffer: PFN_vkCmdFillBuffer
  // VK_KHR_pipeline_executable_properties; nil on a device without it.
  let getPipelineExecutableProperties: PFN_vkGetPipelineExecutablePropertiesKHR?
  let getPipelineExecutableStatistics: PFN_vkGetPipelineExecutableStatisticsKHR?

  init(device: VkDevice, lookUp: PFN_vkGetDeviceProcAddr) throws(VulkanError) {
    func function<T>(_ name: String) throws(VulkanError) -> T {
      guard let function = lookUp(device, name) else {
        throw VulkanError(.missingFunction(name), call: "vkGetDeviceProcAddr", making: "a device")
      }
      return unsafeBitCast(function, to: T.self)
    }
    func optional<T>(_ name: String) -> T? {
      lookUp(device, name).map { unsafeBitCast($0, to: T.self) }
    }
    destroyDevice = try function("vkDestroyDevice")
    getDeviceQueue = try function("vkGetDeviceQueue")
    queueSubmit = try function("vkQueueSubmit")
    createBuffer = try function("vkCreateBuffer")
    destroyBuffer = try function("vkDestroyBuffer")
    getBufferMemoryRequirements = try function("vkGetBufferMemoryRequirements")
    bindBufferMemory = try function("vkBindBufferMemory")
    createBufferView = try function("vkCreateBufferView")
    destroyBufferView = try function("vkDestroyBufferView")
    createImage = try function("vkCreateImage")
    destroyImage = try function("vkDestroyImage")
    getImageMemoryRequirements = try function("vkGetImageMemoryRequirements")
    getImageSubresourceLayout = try function("vkGetImageSubresourceLayout")
    bindImageMemory = try function("vkBindImageMemory")
    createImageView = try function("vkCreateImageView")
    destroyImageView = try function("vkDestroyImageView")
    allocateMemory = try function("vkAllocateMemory")
    freeMemory = try function("vkFreeMemory")
    mapMemory = try function("vkMapMemory")
    flushMappedMemoryRanges = try function("vkFlushMappedMemoryRanges")
    invalidateMappedMemoryRanges = try function("vkInvalidateMappedMemoryRanges")
    createShaderModule = try function("vkCreateShaderModule")
    destroyShaderModule = try function("vkDestroyShaderModule")
    createDescriptorSetLayout = try function("vkCreateDescriptorSetLayout")
    destroyDescriptorSetLayout = try function("vkDestroyDescriptorSetLayout")
    createPipelineLayout = try function("vkCreatePipelineLayout")
    destroyPipelineLayout = try function("vkDestroyPipelineLayout")
    createComputePipelines = try function("vkCreateComputePipelines")
    destroyPipeline = try function("vkDestroyPipeline")
    createPipelineCache = try function("vkCreatePipelineCache")
    destroyPipelineCache = try function("vkDestroyPipelineCache")
    getPipelineCacheData = try function("vkGetPipelineCacheData")
    createDescriptorPool = try function("vkCreateDescriptorPool")
    destroyDescriptorPool = try function("vkDestroyDescriptorPool")
    allocateDescriptorSets = try function("vkAllocateDescriptorSets")
    updateDescriptorSets = try function("vkUpdateDescriptorSets")
    createQueryPool = try function("vkCreateQueryPool")
    destroyQueryPool = try function("vkDestroyQueryPool")
    getQueryPoolResults = try function("vkGetQueryPoolResults")
    createFence = try function("vkCreateFence")
    destroyFence = try function("vkDestroyFence")
    resetFences = try function("vkResetFences")
    waitForFences = try function("vkWaitForFences")
    createCommandPool = try function("vkCreateCommandPool")
    destroyCommandPool = try function("vkDestroyCommandPool")
    allocateCommandBuffers = try function("vkAllocateCommandBuffers")
    beginCommandBuffer = try function("vkBeginCommandBuffer")
    endCommandBuffer = try function("vkEndCommandBuffer")
    cmdBindPipeline = try function("vkCmdBindPipeline")
    cmdBindDescriptorSets = try function("vkCmdBindDescriptorSets")
    cmdDispatch = try function("vkCmdDispatch")
    cmdPipelineBarrier = try function("vkCmdPipelineBarrier")
    cmdResetQueryPool = try function("vkCmdResetQueryPool")
    cmdWriteTimestamp = try function("vkCmdWriteTimestamp")
    cmdCopyBuffer = try function("vkCmdCopyBuffer")
    cmdFillBuffer = try function("vkCmdFillBuffer")
    getPipelineExecutableProperties = optional("vkGetPipelineExecutablePropertiesKHR")
    getPipelineExecutableStatistics = optional("vkGetPipelineExecutableStatisticsKHR")
  }
}
