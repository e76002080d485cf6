public import Prediction
internal import Statistics

/// The latency that candidates must meet, and with which confidence.
public struct LatencyLimit: Hashable, Sendable {
  public let nanoseconds: Double
  /// Probability with which a candidate shall meet the limit by the interval of its prediction, from 0.5 to
  /// below 1: the end of the two-sided interval of that confidence counts. `nil` compares the prediction itself.
  public let confidence: Double?
  /// Half the interval of the confidence over half the 95 % interval.
  private let widening: Double

  /// - Parameter confidence: From 0.5 to 0.9999; others are brought there.
  public init(nanoseconds: Double, confidence: Double? = nil) {
    self.nanoseconds = nanoseconds
    self.confidence = confidence.map { min(max($0, 0.5), 0.9999) }
    widening = self.confidence.map { normalQuantile((1 + $0) / 2) / normalQuantile(0.975) } ?? 0
  }

  /// The latency of a network that is compared with the limit.
  public func compared(_ prediction: NetworkPrediction) -> Double {
    high(prediction.nanoseconds) { prediction.highNanoseconds - prediction.nanoseconds }
  }

  /// The latency that is compared with the limit.
  ///
  /// - Parameter halfWidth: From the latency to the upper end of its 95 % interval.
  func high(_ latency: Double, halfWidth: () -> Double) -> Double {
    widening > 0 && latency < .infinity ? latency + widening * halfWidth() : latency
  }
}

/// No network of a space meets the limit.
public struct UnreachableLatency: Error, Hashable, CustomStringConvertible {
  public let limitNanoseconds: Double
  /// The latency of the fastest network; `nil` if the device runs none.
  public let reachableNanoseconds: Double?

  public var description: String {
    func milliseconds(_ nanoseconds: Double) -> String {
      "\((nanoseconds / 1e3).rounded(.up) / 1e3) ms"
    }
    let limit = "no network of the space meets \(milliseconds(limitNanoseconds))"
    return reachableNanoseconds.map { "\(limit); the fastest takes \(milliseconds($0))" }
      ?? "\(limit): the device runs none of them"
  }
}
