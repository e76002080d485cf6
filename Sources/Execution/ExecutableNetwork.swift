public import Measurement
public import Networks
public import Tables
internal import Workloads

/// A network on a device, ready to run: a chain whose dispatches are whole frames.
public protocol ExecutableNetwork: TimedChain {
  var network: LoweredNetwork { get }
  /// The schedule of each step; none where a network runs as one graph.
  var schedules: [String] { get }
  /// Device memory of activations and learned numbers.
  var memoryBytes: Int { get }
  /// Sets the image, `[c, h, w]` row-major.
  func load(_ image: [Float]) throws(Failure)
  /// The image that came out last, `[c, h, w]` row-major.
  func result() throws(Failure) -> [Float]
  /// Runs one frame with a timestamp behind each step: nanoseconds by step. `nil` where the device has no
  /// timestamps.
  func runByStep(watchdogNanoseconds: Double) throws(Failure) -> [Double]?
}

extension ExecutableNetwork {
  public var schedules: [String] { [] }

  /// Throws unless an image has as many numbers, and the network as many affines, as its input needs.
  func requireSize(of image: [Float]) throws(Failure) {
    let shape = network.inputShape
    guard image.count == shape.count, network.inputAffine.count == shape.channels else {
      throw Failure(.unsupported, "an image of \(image.count) numbers for \(shape.count)")
    }
  }
}
