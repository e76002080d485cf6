public import Workloads

/// How a row's schedule was chosen.
public enum Tuning: String, Hashable, Sendable, Codable, CaseIterable {
  /// By rule, without measuring.
  case off
  /// By the user, by name.
  case fixed
  /// It won a race of the most promising schedules.
  case quick
  /// It won a race of all schedules.
  case full
}

/// How the schedules of a workload did against each other on a device.
public struct Race: Hashable, Sendable {
  public var workload: Workload
  /// ``Tuning/quick`` or ``Tuning/full``.
  public var effort: Tuning
  /// All that took part, the winner of a similar workload first.
  public var candidates: [Candidate]

  public init(workload: Workload, effort: Tuning, candidates: [Candidate]) {
    self.workload = workload
    self.effort = effort
    self.candidates = candidates
  }

  /// A schedule and what came of it.
  public struct Candidate: Hashable, Sendable, Encodable {
    /// The name of the schedule.
    public var schedule: String
    /// Undisturbed time of one dispatch, as far as the race went; `nil` if it was never timed.
    public var nanoseconds: Double?
    /// The same, unless it cannot win.
    public var validNanoseconds: Double? { failure == nil ? nanoseconds : nil }
    /// Why it cannot win, in the race or when it was measured afterwards.
    public var failure: Failure?
    /// Rounds it was timed in, the first look included.
    public var rounds: Int

    public init(
      schedule: String, nanoseconds: Double? = nil, failure: Failure? = nil, rounds: Int = 0
    ) {
      self.schedule = schedule
      self.nanoseconds = nanoseconds
      self.failure = failure
      self.rounds = rounds
    }
  }

  /// Candidates that did not fail, the best first: who stayed in the race longer is better, since
  /// first looks are not exact.
  public var ranking: [Candidate] {
    candidates.filter { $0.validNanoseconds != nil }.sorted {
      ($1.rounds, $0.nanoseconds ?? .infinity) < ($0.rounds, $1.nanoseconds ?? .infinity)
    }
  }

  /// The best candidate; `nil` if all failed.
  public var winner: Candidate? { ranking.first }
}
