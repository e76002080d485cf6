public import DeviceProtocol

/// The Vulkan drivers of a place, reached through a worker there.
public final class Instance {
  private let worker: Worker
  /// Whether a device has the worker to itself.
  private var isClaimed = false
  private let isInterrupted: @Sendable () -> Bool
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
    self.isInterrupted = isInterrupted
    self.validation = validation
  }

  /// The place of the drivers as `--device` names it, such as "ssh:pi5"; empty for this machine.
  public var place: String { worker.transport.place }

  /// The machine that the drivers are on; `nil` for this one.
  public var remoteHost: HostFacts? { isRemote ? worker.hello.host : nil }

  /// Whether the drivers are on another machine.
  public var isRemote: Bool { !place.isEmpty }

  /// Takes a device for this process where another host may reach it too, by a name of hexadecimal digits.
  /// False where another host has it.
  public func takeLock(_ name: String) -> Bool { !isRemote || worker.takeLock(name) }

  /// A worker for a device: the first one has that of the instance, others have one of their own.
  func claim() throws(VulkanError) -> Worker {
    guard isClaimed else {
      isClaimed = true
      return worker
    }
    do throws(ConnectionError) {
      return try Worker(worker.transport, isInterrupted: isInterrupted)
    } catch {
      throw VulkanError(
        .linkLost, call: "connect", making: "another device", detail: error.description)
    }
  }

  /// All devices with Vulkan 1.1 or later, in the order of the drivers.
  ///
  /// Throws `.noLoader`, `.noDriver`, `.missingLayer`, or the result of the call that failed.
  public func physicalDevices() throws(VulkanError) -> [PhysicalDevice] {
    try worker.physicalDevices(validation: validation)
  }
}

extension Worker {
  /// The devices of its drivers.
  func physicalDevices(validation: Bool) throws(VulkanError) -> [PhysicalDevice] {
    let reply = try request(
      .devices, OpenRequest(validation: validation).bytes, generation: generation,
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
