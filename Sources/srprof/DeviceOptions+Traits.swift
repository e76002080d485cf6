internal import Measurement
internal import Tables

extension DeviceOptions {
  /// What is known of the device's back end before it is opened.
  var traits: BackendTraits { isProcessor ? XNNPACKBackend.traits : VulkanBackend.traits }
}
