import CVulkan
import DeviceProtocol

/// Functions that need no instance.
struct GlobalFunctions {
  let enumerateInstanceVersion: PFN_vkEnumerateInstanceVersion
  let enumerateInstanceLayerProperties: PFN_vkEnumerateInstanceLayerProperties
  let enumerateInstanceExtensionProperties: PFN_vkEnumerateInstanceExtensionProperties
  let createInstance: PFN_vkCreateInstance

  init(_ loader: Loader) throws(VulkanError) {
    enumerateInstanceVersion = try loader.function("vkEnumerateInstanceVersion")
    enumerateInstanceLayerProperties = try loader.function("vkEnumerateInstanceLayerProperties")
    enumerateInstanceExtensionProperties = try loader.function(
      "vkEnumerateInstanceExtensionProperties")
    createInstance = try loader.function("vkCreateInstance")
  }
}

/// Functions of an instance and its physical devices.
struct InstanceFunctions {
  let destroyInstance: PFN_vkDestroyInstance
  let enumeratePhysicalDevices: PFN_vkEnumeratePhysicalDevices
  let getPhysicalDeviceProperties: PFN_vkGetPhysicalDeviceProperties
  let getPhysicalDeviceProperties2: PFN_vkGetPhysicalDeviceProperties2
  let getPhysicalDeviceFeatures2: PFN_vkGetPhysicalDeviceFeatures2
  let getPhysicalDeviceImageFormatProperties: PFN_vkGetPhysicalDeviceImageFormatProperties
  let getPhysicalDeviceMemoryProperties: PFN_vkGetPhysicalDeviceMemoryProperties
  let getPhysicalDeviceQueueFamilyProperties: PFN_vkGetPhysicalDeviceQueueFamilyProperties
  let enumerateDeviceExtensionProperties: PFN_vkEnumerateDeviceExtensionProperties
  let createDevice: PFN_vkCreateDevice
  let getDeviceProcAddr: PFN_vkGetDeviceProcAddr

  init(_ loader: Loader, instance: VkInstance) throws(VulkanError) {
    destroyInstance = try loader.function("vkDestroyInstance", of: instance)
    enumeratePhysicalDevices = try loader.function("vkEnumeratePhysicalDevices", of: instance)
    getPhysicalDeviceProperties = try loader.function("vkGetPhysicalDeviceProperties", of: instance)
    getPhysicalDeviceProperties2 = try loader.function(
      "vkGetPhysicalDeviceProperties2", of: instance)
    getPhysicalDeviceFeatures2 = try loader.function("vkGetPhysicalDeviceFeatures2", of: instance)
    getPhysicalDeviceImageFormatProperties = try loader.function(
      "vkGetPhysicalDeviceImageFormatProperties", of: instance)
    getPhysicalDeviceMemoryProperties = try loader.function(
      "vkGetPhysicalDeviceMemoryProperties", of: instance)
    getPhysicalDeviceQueueFamilyProperties = try loader.function(
      "vkGetPhysicalDeviceQueueFamilyProperties", of: instance)
    enumerateDeviceExtensionProperties = try loader.function(
      "vkEnumerateDeviceExtensionProperties", of: instance)
    createDevice = try loader.function("vkCreateDevice", of: instance)
    getDeviceProcAddr = try loader.function("vkGetDeviceProcAddr", of: instance)
  }
}

/// Functions of VK_EXT_debug_utils, there only under validation.
struct MessengerFunctions {
  let createDebugUtilsMessengerEXT: PFN_vkCreateDebugUtilsMessengerEXT
  let destroyDebugUtilsMessengerEXT: PFN_vkDestroyDebugUtilsMessengerEXT

  init(_ loader: Loader, instance: VkInstance) throws(VulkanError) {
    createDebugUtilsMessengerEXT = try loader.function(
      "vkCreateDebugUtilsMessengerEXT", of: instance)
    destroyDebugUtilsMessengerEXT = try loader.function(
      "vkDestroyDebugUtilsMessengerEXT", of: instance)
  }
}
