internal import Devices
public import Kernels
public import Measurement
public import Networks
public import Tables
internal import Workloads

/// A back end that executes whole networks too.
public protocol NetworkBackend: Backend {
  /// Limits that the maps of a network must keep; `nil` for the processor, which has none for its buffers.
  var mapLimits: DeviceLimits? { get }
  /// The device as it is open now: another object once it was opened again.
  var openDevice: AnyObject { get }
  /// Whether the steps of a network have schedules to choose from.
  var choosesSchedules: Bool { get }

  /// The schedule of each step of a network; `nil` where none is chosen.
  func schedules(of network: LoweredNetwork, by book: ScheduleBook) throws(Failure) -> [String]?
  /// A network ready to run.
  ///
  /// - Parameter programs: Pipelines made before, which are used again.
  func prepare(
    _ network: LoweredNetwork, by book: ScheduleBook, programs: NetworkPrograms
  ) throws(Failure) -> any ExecutableNetwork
}

extension VulkanBackend: NetworkBackend {
  public var mapLimits: DeviceLimits? { limits }
  public var openDevice: AnyObject { vulkan }
  public var choosesSchedules: Bool { true }

  public func schedules(
    of network: LoweredNetwork, by book: ScheduleBook
  ) throws(Failure) -> [String]? {
    try VulkanNetwork.schedules(of: network, on: self, schedule: { book.names[$0] })
  }

  public func prepare(
    _ network: LoweredNetwork, by book: ScheduleBook, programs: NetworkPrograms
  ) throws(Failure) -> any ExecutableNetwork {
    try VulkanNetwork(network, on: self, programs: programs, schedule: { book.names[$0] })
  }
}

/// XNNPACK runs a network as one graph.
extension XNNPACKBackend: NetworkBackend {
  public var mapLimits: DeviceLimits? { nil }
  public var openDevice: AnyObject { self }
  public var choosesSchedules: Bool { false }

  public func schedules(
    of network: LoweredNetwork, by book: ScheduleBook
  ) throws(Failure) -> [String]? { nil }

  public func prepare(
    _ network: LoweredNetwork, by book: ScheduleBook, programs: NetworkPrograms
  ) throws(Failure) -> any ExecutableNetwork {
    try ProcessorNetwork(network, on: self)
  }
}
