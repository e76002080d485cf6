import DeviceProtocol
import ShaderCompiler
import Testing
import Vulkan

extension DeviceTests {
  @Test("statistics are asked only of a device that has them, and of pipelines made for it")
  func statistics() throws {
    let device = try Self.device()
    let spirv = try GLSLCompiler.spirv(
      from: Shader.add, preamble: "#define TYPE float\n", name: "add")
    for capturing in [false, true] {
      let pipeline = try ComputePipeline(
        device: device, spirv: spirv, bindings: [.storageBuffer, .storageBuffer, .storageBuffer],
        constants: [16, 16], capturingStatistics: capturing)
      let executables = try pipeline.executables()
      if capturing, device.physicalDevice.features.pipelineExecutableInfo {
        #expect(!executables.isEmpty)
      } else {
        #expect(executables.isEmpty)
      }
    }
    try device.instance.checkValidation()
  }
}
