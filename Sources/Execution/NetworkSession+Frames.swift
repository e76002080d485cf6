public import Images
internal import Measurement
public import Networks
internal import Tables

extension NetworkSession {
  /// Undisturbed nanoseconds of each step of a network, by timestamps behind it, and the schedules of the steps;
  /// `nil` where the device has no timestamps, and none where it has no schedules.
  ///
  /// - Parameter seconds: Of submissions.
  public func steps(
    of network: LoweredNetwork, seconds: Double
  ) throws(Stop) -> (nanoseconds: [Double]?, schedules: [String]) {
    do throws(Failure) {
      return try backend.persisting { () throws(Failure) in
        let ready = try make(network, visit: 1)
        return (
          try meter.stepTimes(ready, seconds: seconds),
          ready.schedules
        )
      }
    } catch {
      throw .device(error)
    }
  }

  /// A picture through a network that it fits; see ``PictureNetwork``.
  ///
  /// - Parameter isImage: Whether it holds colours or grey, and not what a network takes as it is.
  public func upscale(
    _ picture: Tensor, isImage: Bool, through network: PictureNetwork
  ) throws(Stop) -> Tensor {
    do throws(Failure) {
      return try backend.persisting { () throws(Failure) in
        try network.upscale(
          picture, isImage: isImage, by: try make(network.lowered, visit: 0),
          watchdogNanoseconds: meter.budget.watchdogNanoseconds, shouldStop: shouldStop)
      }
    } catch {
      throw .device(error)
    }
  }
}
