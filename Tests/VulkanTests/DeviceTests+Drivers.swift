import DeviceProtocol
import Glibc
import ShaderCompiler
import Testing
import Vulkan

extension DeviceTests {
  @Test("a loader without any driver is told from a missing loader")
  func noDriver() async throws {
    // The loader reads its variables once, so that this takes a process of its own.
    await #expect(processExitsWith: .exitCode(3)) {
      for name in ["VK_ICD_FILENAMES", "VK_DRIVER_FILES"] { setenv(name, "/nowhere.json", 1) }
      do throws(VulkanError) {
        _ = try Instance().physicalDevices()
      } catch {
        exit(error.reason == .noDriver ? 3 : 1)
      }
    }
  }
}
