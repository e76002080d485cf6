import DeviceProtocol
import Testing
import Vulkan

@Suite struct LoaderTests {
  @Test("a loader that is not there is said to be missing, by its path")
  func noLoader() throws {
    let error = #expect(throws: VulkanError.self) {
      try Instance(loader: "/nowhere/libvulkan.so.1")
    }
    #expect(error?.reason == .noLoader)
    #expect(error?.description.contains("/nowhere/libvulkan.so.1") == true)
  }

  @Test("a library that is no loader counts as no loader")
  func notALoader() throws {
    let error = #expect(throws: VulkanError.self) { try Instance(loader: "libc.so.6") }
    #expect(error?.reason == .noLoader)
  }
}
