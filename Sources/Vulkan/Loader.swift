import CSystem
import CVulkan
import DeviceProtocol

/// The Vulkan loader library, opened at run time so that a program starts, and can say so, without
/// it.
///
/// It is never closed: drivers leave threads and thread-local destructors behind, and unloading
/// their code under those crashes.
struct Loader {
  /// Finds functions of an instance, or global ones without an instance.
  let instanceProcAddr: PFN_vkGetInstanceProcAddr

  /// Opens `path`, or the system's loader. Throws `.noLoader` with the linker's message.
  init(path: String?) throws(VulkanError) {
    SoftwareThreads.setDefault()
    // Android's has no version in its name.
    let names = path.map { [$0] } ?? ["libvulkan.so.1", "libvulkan.so"]
    var message: String?
    var opened: (name: String, library: UnsafeMutableRawPointer)?
    for name in names where opened == nil {
      opened = dlopen(name, RTLD_NOW | RTLD_LOCAL).map { (name, $0) }
      if opened == nil, message == nil { message = dlerror().map { String(cString: $0) } }
    }
    guard let (path, library) = opened else {
      throw VulkanError(
        .noLoader, call: "dlopen", making: "an instance", detail: message ?? names[0])
    }
    guard let symbol = dlsym(library, "vkGetInstanceProcAddr") else {
      throw VulkanError(
        .noLoader, call: "dlsym", making: "an instance",
        detail: "\(path) has no vkGetInstanceProcAddr")
    }
    instanceProcAddr = unsafeBitCast(symbol, to: PFN_vkGetInstanceProcAddr.self)
  }

  /// A function of `instance`, or a global one. Throws `.missingFunction`.
  func function<T>(_ name: String, of instance: VkInstance? = nil) throws(VulkanError) -> T {
    guard let function = instanceProcAddr(instance, name) else {
      throw VulkanError(
        .missingFunction(name), call: "vkGetInstanceProcAddr", making: "an instance")
    }
    return unsafeBitCast(function, to: T.self)
  }
}
