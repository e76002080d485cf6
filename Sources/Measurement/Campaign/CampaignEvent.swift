public import Tables
public import Workloads

/// What a campaign tells while it runs.
public enum CampaignEvent: Sendable {
  /// Rows and samples of earlier runs that stay: rows done, rows begun, of all rows.
  case resumed(done: Int, begun: Int, total: Int)
  /// How quiet the device is before rows are measured, and how exact they are likely to be.
  case listened(Forecast)
  /// Schedules race for a row: candidates looked at so far, of how many, and the best.
  case tuning(Workload, looked: Int, of: Int, best: Race.Candidate?, Progress)
  /// A row got samples.
  case sampled(Workload, Latency?, Progress)
  /// A row is done.
  case finished(Row, Progress)
  /// Done rows need more samples, since the device proved to be faster than when they were taken.
  case reopened(count: Int)
  /// Done rows whose samples scatter get the time that others left.
  case prolonged(count: Int)
  /// Done rows are measured by another schedule: one that did well for similar rows proved faster.
  case rescheduled(count: Int)
  /// The driver has been compiling a kernel for so many seconds.
  case compiling(seconds: Double)
  /// The connection to the device is lost, and made anew for a while; why, as a sentence.
  case reconnecting(String)
  /// The device is too hot, and the campaign waits until it is not: Android's thermal status.
  case cooling(status: Int)
  /// Something a reader of the table must know; also kept in its header.
  case warning(String)
}

/// How far a campaign is.
public struct Progress: Hashable, Sendable {
  public var done: Int
  public var total: Int
  /// Share of the work that is done, from 0 to 1.
  public var share: Double
  /// Upper estimate of the time left, in seconds.
  public var secondsLeft: Double

  public init(done: Int, total: Int, share: Double, secondsLeft: Double) {
    self.done = done
    self.total = total
    self.share = share
    self.secondsLeft = secondsLeft
  }
}
