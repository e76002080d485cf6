/// Time of a campaign by the host's monotonic clock, and how much of it went into submissions.
struct StopWatch {
  private let start = ContinuousClock.now
  private var submissions = 0.0

  /// Seconds since the start.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Counts the time since `moment` (in ``seconds``) as spent in a submission.
  mutating func addSubmission(since moment: Double) {
    submissions += seconds - moment
  }

  var spent: TimeSpent {
    var spent = TimeSpent()
    spent.total = seconds
    spent.submissions = submissions
    return spent
  }
}
