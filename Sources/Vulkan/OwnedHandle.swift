import CVulkan
import DeviceProtocol

/// One Vulkan object and the duty to destroy it.
///
/// It holds the device, which thereby outlives it. What is made in several steps is composed of
/// several owners, so that a step that fails cleans up those before it.
struct OwnedHandle: ~Copyable {
  /// How an object of this kind is destroyed.
  typealias Destroy = (DeviceFunctions, VkDevice, OpaquePointer) -> Void

  let handle: OpaquePointer
  private let device: Device
  private let destroy: Destroy

  /// Makes an object with `create`, which returns the result of `call`.
  init(
    _ device: Device, _ call: String, making: @autoclosure () -> String,
    create: (DeviceFunctions, VkDevice, inout OpaquePointer?) -> VkResult,
    destroy: @escaping Destroy
  ) throws(VulkanError) {
    try device.requireUsable(call, making: making())
    var created: OpaquePointer?
    let result = create(device.functions, device.handle, &created)
    do throws(VulkanError) {
      try device.check(result, call, making: making())
    } catch {
      // Validation may object to what the driver has made.
      if result == VK_SUCCESS, let created { destroy(device.functions, device.handle, created) }
      throw error
    }
    guard let created else {
      throw VulkanError(.result(.unknown), call: call, making: making())
    }
    handle = created
    self.device = device
    self.destroy = destroy
  }

  deinit {
    // An abandoned device may still be using the object.
    if !device.isAbandoned { destroy(device.functions, device.handle, handle) }
  }
}
