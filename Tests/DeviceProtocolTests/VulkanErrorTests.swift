import DeviceProtocol
import Testing

@Suite struct VulkanErrorTests {
  @Test("an error is one line that names the call, the code and what was made")
  func description() {
    let error = VulkanError(
      .result(.outOfDeviceMemory), call: "vkAllocateMemory",
      making: "a storage buffer of 4194304 bytes")
    #expect(
      error.description
        == "vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY while making "
        + "a storage buffer of 4194304 bytes")
    #expect(error.code == .outOfDeviceMemory)
  }

  @Test(
    "every reason fits on one line, whatever the driver says",
    arguments: [
      .result(ResultCode(rawValue: -42)), .noLoader, .noDriver, .missingFunction("vkX"),
      .missingLayer("VK_LAYER_X"), .validation, .timedOut, .limit("maxX"), .argument,
    ] as [VulkanError.Reason])
  func oneLine(reason: VulkanError.Reason) {
    let error = VulkanError(reason, call: "vkX", making: "x", detail: "first\nsecond\r\nthird\n")
    #expect(!error.description.utf8.contains(10))
    #expect(error.description.hasSuffix("first second third"))
  }

  @Test(
    "result codes read as in the specification",
    arguments: [
      (0, "VK_SUCCESS"), (2, "VK_TIMEOUT"), (-4, "VK_ERROR_DEVICE_LOST"), (-42, "VkResult -42"),
    ] as [(Int32, String)])
  func resultCode(value: Int32, name: String) {
    #expect(ResultCode(rawValue: value).description == name)
  }
}
