import CVulkan
import Glibc

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
    let path = path ?? "libvulkan.so.1"
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let message = dlerror().map { String(cString: $0) } ?? path
      throw VulkanError(.noLoader, call: "dlopen", making: "an instance", detail: message)
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
