public import DeviceProtocol

/// The Vulkan drivers of a place, reached through a worker there.
public final class Instance {
  /// The worker that answers.
  public let worker: Worker
  /// Whether everything runs under the validation layer, whose messages become errors of the call at hand.
  public let validation: Bool

  /// Starts a worker. Throws where there is no way to it.
  ///
  /// - Parameter isInterrupted: Asked while something is waited for; true gives it up within a second.
  public init(
    validation: Bool = false, transport: any Transport = LocalTransport(),
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(ConnectionError) {
    worker = try Worker(transport, isInterrupted: isInterrupted)
    self.validation = validation
  }

  /// All devices with Vulkan 1.1 or later, in the order of the drivers.
  ///
  /// Throws `.noLoader`, `.noDriver`, `.missingLayer`, or the result of the call that failed.
  public func physicalDevices() throws(VulkanError) -> [PhysicalDevice] {
    let reply = try worker.request(
      .devices, OpenRequest(validation: validation).bytes, generation: worker.generation,
      call: "vkEnumeratePhysicalDevices", making: "the list of devices")
    return try answer(reply, "the list of devices") {
      bytes throws(MalformedFrame) in try ValueList<PhysicalDevice>(payload: bytes).values
    }
  }
}

/// Reads a reply. Throws `.linkLost` for one that cannot be understood.
func answer<Value>(
  _ reply: [UInt8], _ making: @autoclosure () -> String,
  _ read: ([UInt8]) throws(MalformedFrame) -> Value
) throws(VulkanError) -> Value {
  do throws(MalformedFrame) { return try read(reply) } catch {
    throw VulkanError(
      .linkLost, call: "a reply", making: making(), detail: "the worker sent \(error.phrase)")
  }
}
