import CVulkan
public import DeviceProtocol

/// Memory that shaders see, with the host's ways to write and read it.
///
/// Contents start undefined. Every access by the host waits until it is done.
public final class Buffer {
  /// What shaders may see it as.
  public typealias Usage = BufferUsage
  /// Where the memory lies.
  public typealias Placement = BufferPlacement

  /// The device it was made on.
  public let device: Device
  /// Size in bytes, as asked for.
  public let byteCount: Int
  /// What shaders may see it as.
  public let usage: Usage
  /// Whether the host writes and reads it directly, and not through a copy by the device.
  public var isMapped: Bool { mapped != nil }

  /// `byteCount` rounded up to whole words.
  let size: Int
  let owned: OwnedHandle
  let mapped: UnsafeMutableRawPointer?
  let memory: OwnedHandle
  /// Index of the memory's type, and its size.
  let memoryType: Int
  let allocatedBytes: Int
  private let coherent: Bool

  var handle: VkBuffer { owned.handle }

  /// Allocates a buffer with memory of its own.
  ///
  /// With `mapping` false, device memory is reached by copies even where it could be mapped, as it
  /// is on devices without unified memory. Throws `.limit` naming the limit that `byteCount`
  /// exceeds, `.argument` for a size below one byte, or the result of the call that failed.
  public init(
    device: Device, byteCount: Int, usage: Usage, placement: Placement = .device,
    mapping: Bool = true
  ) throws(VulkanError) {
    let making = Self.phrase(byteCount: byteCount, usage: usage, placement: placement)
    let size = try Self.checkedSize(
      byteCount, usage: usage, limits: device.physicalDevice.limits, making: making)
    let owned = try OwnedHandle(device, "vkCreateBuffer", making: making) {
      functions, handle, buffer in
      var info = VkBufferCreateInfo()
      info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO
      info.size = VkDeviceSize(size)
      info.usage = usage.flags
      info.sharingMode = VK_SHARING_MODE_EXCLUSIVE
      return functions.createBuffer(handle, &info, nil, &buffer)
    } destroy: { functions, handle, buffer in
      functions.destroyBuffer(handle, buffer, nil)
    }

    var needs = VkMemoryRequirements()
    device.functions.getBufferMemoryRequirements(device.handle, owned.handle, &needs)
    let type = try device.memoryType(for: placement, among: needs.memoryTypeBits, making: making)
    let allocated = Int(needs.size) + (usage.contains(.linearImage) ? Self.imageTail : 0)
    let memory = try OwnedHandle(device, "vkAllocateMemory", making: making) {
      functions, handle, memory in
      var info = VkMemoryAllocateInfo()
      info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO
      info.allocationSize = VkDeviceSize(allocated)
      info.memoryTypeIndex = UInt32(type)
      return functions.allocateMemory(handle, &info, nil, &memory)
    } destroy: { functions, handle, memory in
      functions.freeMemory(handle, memory, nil)
    }
    try device.check(
      device.functions.bindBufferMemory(device.handle, owned.handle, memory.handle, 0),
      "vkBindBufferMemory", making: making)

    let flags = device.memoryTypes[type].propertyFlags
    let visible = flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT.rawValue != 0
    var mapped: UnsafeMutableRawPointer?
    if visible && (mapping || placement == .staging) {
      try device.check(
        device.functions.mapMemory(
          device.handle, memory.handle, 0, VK_WHOLE_SIZE, 0, &mapped),
        "vkMapMemory", making: making)
    }
    self.device = device
    self.byteCount = byteCount
    self.size = size
    self.usage = usage
    self.owned = owned
    self.memory = memory
    memoryType = type
    allocatedBytes = allocated
    self.mapped = mapped
    coherent = flags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue != 0
  }

  /// Bytes that an image over a buffer may need behind its end: the last row is whole, and some drivers
  /// want a multiple of four rows.
  private static let imageTail = 1 << 20

  /// Makes what the host wrote to mapped memory visible to the device.
  func flush() throws(VulkanError) {
    guard !coherent else { return }
    var range = mappedRange
    try device.check(
      device.functions.flushMappedMemoryRanges(device.handle, 1, &range),
      "vkFlushMappedMemoryRanges", making: "a write of \(byteCount) bytes")
  }

  /// Makes what the device wrote visible to the host in mapped memory.
  func invalidate() throws(VulkanError) {
    guard !coherent else { return }
    var range = mappedRange
    try device.check(
      device.functions.invalidateMappedMemoryRanges(device.handle, 1, &range),
      "vkInvalidateMappedMemoryRanges", making: "a read of \(byteCount) bytes")
  }

  private var mappedRange: VkMappedMemoryRange {
    var range = VkMappedMemoryRange()
    range.sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE
    range.memory = memory.handle
    range.size = VK_WHOLE_SIZE
    return range
  }

  private static func phrase(byteCount: Int, usage: Usage, placement: Placement) -> String {
    var words: [String] = []
    if usage.contains(.storage) { words.append("storage") }
    if !usage.isDisjoint(with: [.uniform, .uniformSlices]) { words.append("uniform") }
    if usage.contains(.uniformTexel) { words.append("texel") }
    if usage.contains(.linearImage) { words.append("image") }
    if placement == .staging { words.append("staging") }
    if words.isEmpty { words.append("transfer") }
    return "a \(words.joined(separator: " ")) buffer of \(byteCount) bytes"
  }

  /// The size rounded up to whole words, which filling needs, if the device can have it.
  private static func checkedSize(
    _ byteCount: Int, usage: Usage, limits: PhysicalDevice.Limits, making: String
  ) throws(VulkanError) -> Int {
    guard byteCount > 0, byteCount <= Int.max - 3 else {
      throw VulkanError(
        .argument, call: "vkCreateBuffer", making: making,
        detail: "the size must be at least one byte and fit an address")
    }
    let size = (byteCount + 3) & ~3
    func require(
      _ asked: Int, atMost allowed: Int, _ name: String, unit: String
    ) throws(VulkanError) {
      guard asked > allowed else { return }
      throw VulkanError(
        .limit(name), call: "vkCreateBuffer", making: making,
        detail: "\(allowed) \(unit) allowed, \(asked) asked")
    }
    if usage.contains(.storage) {
      try require(
        size, atMost: limits.maxStorageBufferRange, "maxStorageBufferRange", unit: "bytes")
    }
    if usage.contains(.uniform) {
      try require(
        size, atMost: limits.maxUniformBufferRange, "maxUniformBufferRange", unit: "bytes")
    }
    if usage.contains(.uniformTexel) {
      try require(
        size / 16, atMost: limits.maxTexelBufferElements, "maxTexelBufferElements", unit: "texels")
    }
    try require(
      size, atMost: Int(clamping: limits.maxMemoryAllocationSize), "maxMemoryAllocationSize",
      unit: "bytes")
    return size
  }
}

extension Buffer.Usage {
  fileprivate var flags: VkBufferUsageFlags {
    var flags =
      VK_BUFFER_USAGE_TRANSFER_SRC_BIT.rawValue | VK_BUFFER_USAGE_TRANSFER_DST_BIT.rawValue
    if contains(.storage) { flags |= VK_BUFFER_USAGE_STORAGE_BUFFER_BIT.rawValue }
    if !isDisjoint(with: [.uniform, .uniformSlices]) {
      flags |= VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT.rawValue
    }
    if contains(.uniformTexel) { flags |= VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT.rawValue }
    return flags
  }
}

extension Device {
  /// The best of the memory types that a buffer can have; drivers list faster ones first.
  fileprivate func memoryType(
    for placement: Buffer.Placement, among bits: UInt32, making: String
  ) throws(VulkanError) -> Int {
    let local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT.rawValue
    let visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT.rawValue
    let coherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue
    let cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT.rawValue
    // Memory that only special clients may or should use.
    let unusable =
      VK_MEMORY_PROPERTY_PROTECTED_BIT.rawValue | VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT.rawValue
      | VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD.rawValue
    let wishes: [(wanted: UInt32, unwanted: UInt32)] =
      switch placement {
      case .device where physicalDevice.unifiedMemory: [(local | visible, 0), (local, 0), (0, 0)]
      // A window through which the host reaches a discrete device's memory is often small.
      case .device: [(local, visible), (local, 0), (0, 0)]
      case .staging:
        [(visible | coherent | cached, 0), (visible | cached, 0), (visible, 0)]
      }
    for wish in wishes {
      for (index, type) in memoryTypes.enumerated() where bits >> UInt32(index) & 1 == 1 {
        let flags = type.propertyFlags
        if flags & wish.wanted == wish.wanted && flags & (wish.unwanted | unusable) == 0 {
          return index
        }
      }
    }
    throw VulkanError(
      .result(.featureNotPresent), call: "vkGetPhysicalDeviceMemoryProperties", making: making,
      detail: "no memory type fits")
  }
}
