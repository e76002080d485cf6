/// Why something could not be done on a device: which call failed, how, and what was being made.
public struct VulkanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Reason: Equatable, Sendable {
    /// A call returned an error code.
    case result(ResultCode)
    /// The Vulkan loader library could not be opened.
    case noLoader
    /// The loader is there, but no driver offers a device with Vulkan 1.1.
    case noDriver
    /// The loader or the driver lacks a function of this name.
    case missingFunction(String)
    /// The validation layer, or the extension its messages need, is not installed.
    case missingLayer(String)
    /// The validation layer had something to say: `detail` holds its text.
    case validation
    /// The work did not finish in the time given; the device cannot be used any more.
    case timedOut
    /// A request beyond this limit of the device, named as in `VkPhysicalDeviceLimits`.
    case limit(String)
    /// A request that no device could fulfil, such as a buffer of zero bytes.
    case argument
    /// The driver ended the process that it ran in; `detail` says with which signal.
    case crashed
    /// The connection to the device's worker was lost.
    case linkLost
  }

  /// The kind of failure.
  public let reason: Reason
  /// The call that failed or, for a request refused beforehand, would have been made.
  public let call: String
  /// The thing that was being made or done, as a phrase: "a storage buffer of 4194304 bytes".
  public let making: String
  /// More about it: the limit and what was asked, or the messages of the validation layer.
  public let detail: String?

  /// An error with its parts.
  public init(_ reason: Reason, call: String, making: String, detail: String? = nil) {
    self.reason = reason
    self.call = call
    self.making = making
    self.detail = detail
  }

  /// The result code, where a call returned one.
  public var code: ResultCode? {
    if case .result(let code) = reason { code } else { nil }
  }

  /// One line of text.
  public var description: String {
    let what =
      switch reason {
      case .result(let code): "\(call) failed with \(code) while making \(making)"
      case .noLoader: "no Vulkan loader"
      case .noDriver: "no Vulkan driver with a usable device"
      case .missingFunction(let name): "\(name) is missing while making \(making)"
      case .missingLayer(let name): "\(name) is not installed; it is needed for \(making)"
      case .validation: "validation of \(call) while making \(making)"
      case .timedOut: "\(call) timed out while making \(making)"
      case .limit(let name): "\(name) exceeded by \(making)"
      case .argument: "cannot make \(making)"
      case .crashed: "the driver crashed in \(call) while making \(making)"
      case .linkLost: "the connection to the device was lost while making \(making)"
      }
    guard let detail else { return Self.oneLine(what) }
    return Self.oneLine("\(what): \(detail)")
  }

  /// Text of drivers and layers may hold line breaks; a row's reason may not.
  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: { $0.isNewline }).joined(separator: " ")
  }
}
