/// The limits of a device that decide which schedule fits, by their names in the Vulkan specification.
public struct DeviceLimits: Hashable, Sendable {
  public var maxTexelBufferElements: Int
  public var maxUniformBufferRange: Int

  public init(maxTexelBufferElements: Int, maxUniformBufferRange: Int) {
    self.maxTexelBufferElements = maxTexelBufferElements
    self.maxUniformBufferRange = maxUniformBufferRange
  }
}
