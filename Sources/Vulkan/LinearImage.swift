import CVulkan
import DeviceProtocol

/// A buffer's memory seen as a two-dimensional image of texels in rows, one row behind the other, so
/// that shaders read it through the texture units.
///
/// It holds the buffer. What is written to the buffer is what the image shows: the driver must lay rows
/// of the image out without gaps.
final class LinearImage {
  let view: OwnedHandle
  private let buffer: Buffer
  private let image: OwnedHandle

  /// Sees `buffer`, made with ``Buffer/Usage/linearImage``, as rows of `width` texels.
  ///
  /// Throws `.limit` for more rows than the device allows, `.formatNotSupported` where rows or memory
  /// are not what the buffer has, or the result of the call that failed.
  init(of buffer: Buffer, format: VkFormat, width: Int) throws(VulkanError) {
    let device = buffer.device
    let texelBytes = format == VK_FORMAT_R16G16B16A16_SFLOAT ? 8 : 16
    let height = (buffer.byteCount + width * texelBytes - 1) / (width * texelBytes)
    let making = "an image of \(width)x\(height) texels over a buffer of \(buffer.byteCount) bytes"
    let allowed = device.physicalDevice.limits.maxLinearImageDimension
    guard max(width, height) <= allowed else {
      throw VulkanError(
        .limit("maxLinearImageDimension"), call: "vkCreateImage", making: making,
        detail: "\(allowed) allowed")
    }
    let image = try OwnedHandle(device, "vkCreateImage", making: making) {
      functions, handle, image in
      var info = VkImageCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO
      info.imageType = VK_IMAGE_TYPE_2D
      info.format = format
      info.extent = VkExtent3D(width: UInt32(width), height: UInt32(height), depth: 1)
      info.mipLevels = 1
      info.arrayLayers = 1
      info.samples = VK_SAMPLE_COUNT_1_BIT
      info.tiling = VK_IMAGE_TILING_LINEAR
      info.usage = VK_IMAGE_USAGE_SAMPLED_BIT.rawValue
      info.sharingMode = VK_SHARING_MODE_EXCLUSIVE
      info.initialLayout = VK_IMAGE_LAYOUT_PREINITIALIZED
      return functions.createImage(handle, &info, nil, &image)
    } destroy: { functions, handle, image in
      functions.destroyImage(handle, image, nil)
    }
    var whole = VkImageSubresource()
    whole.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT.rawValue
    var layout = VkSubresourceLayout()
    device.functions.getImageSubresourceLayout(device.handle, image.handle, &whole, &layout)
    var needs = VkMemoryRequirements()
    device.functions.getImageMemoryRequirements(device.handle, image.handle, &needs)
    guard layout.offset == 0, layout.rowPitch == width * texelBytes,
      needs.size <= buffer.allocatedBytes,
      needs.memoryTypeBits >> UInt32(buffer.memoryType) & 1 == 1
    else {
      throw VulkanError(
        .result(.formatNotSupported), call: "vkGetImageSubresourceLayout", making: making,
        detail: "rows of \(layout.rowPitch) bytes from \(layout.offset) on, \(needs.size) bytes of "
          + "memory needed, \(buffer.allocatedBytes) there")
    }
    try device.check(
      device.functions.bindImageMemory(device.handle, image.handle, buffer.memory.handle, 0),
      "vkBindImageMemory", making: making)
    let view = try OwnedHandle(device, "vkCreateImageView", making: making) {
      functions, handle, view in
      var info = VkImageViewCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO
      info.image = image.handle
      info.viewType = VK_IMAGE_VIEW_TYPE_2D
      info.format = format
      info.subresourceRange = Self.wholeRange
      return functions.createImageView(handle, &info, nil, &view)
    } destroy: { functions, handle, view in
      functions.destroyImageView(handle, view, nil)
    }
    try Self.prepare(image.handle, device, making: making)
    self.buffer = buffer
    self.image = image
    self.view = view
  }

  /// Brings the image into the layout in which it and the buffer are one; keeps what is in them.
  private static func prepare(
    _ image: VkImage, _ device: Device, making: String
  ) throws(VulkanError) {
    let commands = try Commands(device: device, making: making) { functions, commands in
      var barrier = VkImageMemoryBarrier()
      barrier.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER
      barrier.srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT.rawValue
      barrier.dstAccessMask = VK_ACCESS_MEMORY_READ_BIT.rawValue
      barrier.oldLayout = VK_IMAGE_LAYOUT_PREINITIALIZED
      barrier.newLayout = VK_IMAGE_LAYOUT_GENERAL
      barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED
      barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED
      barrier.image = image
      barrier.subresourceRange = wholeRange
      let all = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT.rawValue
      functions.cmdPipelineBarrier(commands, all, all, 0, 0, nil, 0, nil, 1, &barrier)
    }
    _ = try commands.run(timeoutNanoseconds: 60_000_000_000)
  }

  private static var wholeRange: VkImageSubresourceRange {
    VkImageSubresourceRange(
      aspectMask: VK_IMAGE_ASPECT_COLOR_BIT.rawValue, baseMipLevel: 0, levelCount: 1,
      baseArrayLayer: 0, layerCount: 1)
  }
}
