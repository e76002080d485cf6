internal import Measurement
internal import Statistics
public import Store

/// A timed submission of frames, and the steps of its frame where they were timed too.
public struct FrameSample: Sendable {
  public var sample: Sample
  /// Nanoseconds of each step of the network; `nil` where frames were timed as a whole.
  public var steps: [Double]?
}

extension [FrameSample] {
  /// What a frame takes when nothing interferes, as the sum of what each of its steps does then, and the half
  /// width of its 95 % interval as a share; `nil` where steps were not timed.
  ///
  /// On a processor that others use, a frame of a tenth of a second is hardly ever left alone from end to
  /// end, each of its steps often is; they were all timed inside the frame.
  func undisturbedSteps(
    at low: Double
  ) -> (nanoseconds: Double, relativeHalfWidth: Double, agreement: VisitAgreement)? {
    let frames = compactMap { frame in frame.steps.map { (frame.sample.visit, $0) } }
    guard frames.count == count, let count = frames.first?.1.count else { return nil }
    func sum(_ frames: [[Double]]) -> Double? {
      frames.isEmpty
        ? nil
        : (0..<count).reduce(0) { sum, step in
          sum + (quantile(low, ofSorted: frames.map { $0[step] }.sorted()) ?? 0)
        }
    }
    guard let nanoseconds = sum(frames.map(\.1)), nanoseconds > 0 else { return nil }
    let visits = Dictionary(grouping: frames, by: \.0).sorted { $0.key < $1.key }
      .map { $0.value.map(\.1) }
    let agreement = VisitAgreement(
      shortest: visits.map { frames in
        (0..<count).reduce(0) { sum, step in sum + (frames.map { $0[step] }.min() ?? 0) }
      }, figure: nanoseconds)
    guard visits.count > 2 else {
      return (nanoseconds, SlopeEstimate.fewVisitsHalfWidth, agreement)
    }
    let interval = Bootstrap.interval(clusters: visits, seed: 1, resamples: 100) {
      sum($0.flatMap(\.self))
    }
    let half = interval.map { Swift.max($0.high - nanoseconds, nanoseconds - $0.low, 0) } ?? 0
    return (nanoseconds, half / nanoseconds, agreement)
  }
}
