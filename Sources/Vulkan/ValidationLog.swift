import CVulkan
public import DeviceProtocol

/// What the validation layer said, kept until it is asked for and then thrown as an error.
///
/// It outlives its instance when it is held, so that messages about the end of the instance can be
/// read too.
public final class ValidationLog: Sendable {
  private let messages = Locked<[String]>([])

  init() {}

  /// Throws `.validation` with all messages since the last check, if there are any.
  public func check() throws(VulkanError) {
    try check(call: "earlier calls", making: "anything")
  }

  func check(call: String, making: @autoclosure () -> String) throws(VulkanError) {
    let pending = messages.withLock { messages in
      defer { messages.removeAll() }
      return messages
    }
    guard !pending.isEmpty else { return }
    throw VulkanError(
      .validation, call: call, making: making(), detail: pending.joined(separator: "; "))
  }

  fileprivate func append(_ message: String) {
    messages.withLock { $0.append(message) }
  }

  /// A messenger for warnings and errors of validation proper. What the loader chats about, and
  /// advice on performance, is left out. The log must live as long as the messenger.
  func messengerInfo() -> VkDebugUtilsMessengerCreateInfoEXT {
    var info = VkDebugUtilsMessengerCreateInfoEXT()
    info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT
    info.messageSeverity =
      VkDebugUtilsMessageSeverityFlagsEXT(
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT.rawValue
          | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT.rawValue)
    info.messageType =
      VkDebugUtilsMessageTypeFlagsEXT(VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT.rawValue)
    info.pUserData = Unmanaged.passUnretained(self).toOpaque()
    info.pfnUserCallback = { _, _, data, log in
      if let log, let message = data?.pointee.pMessage {
        Unmanaged<ValidationLog>.fromOpaque(log).takeUnretainedValue()
          .append(String(cString: message))
      }
      return VkBool32(VK_FALSE)
    }
    return info
  }
}
