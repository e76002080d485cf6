/// Where a campaign's time went.
public struct TimeSpent: Sendable {
  private let start = ContinuousClock.now

  /// Seconds inside submissions whose times were taken or which warmed the device up, those of the
  /// reference kernel included. The campaign's own clock: it stands still while nothing runs.
  public private(set) var submissionSeconds = 0.0

  /// Seconds in races, compilation included.
  public private(set) var raceSeconds = 0.0

  /// Races that have ended.
  public private(set) var races = 0

  /// Seconds since the campaign began.
  public var totalSeconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Share of the time spent inside submissions.
  public var submissionShare: Double { submissionSeconds / max(totalSeconds, 1e-9) }

  /// Share of the time spent in races.
  public var raceShare: Double { raceSeconds / max(totalSeconds, 1e-9) }

  /// Seconds that a race takes, from what it usually takes and from those that have ended.
  func secondsOfRace(usually: Double) -> Double {
    let weight = 2.0
    return (weight * usually + raceSeconds) / (weight + Double(races))
  }

  /// Counts a race that began when ``totalSeconds`` was `start`, and has just ended.
  mutating func addRace(since start: Double) {
    raceSeconds += totalSeconds - start
    races += 1
  }

  /// Counts a submission.
  mutating func add(_ time: ChainTime) {
    submissionSeconds += time.wallNanoseconds / 1e9
  }
}
