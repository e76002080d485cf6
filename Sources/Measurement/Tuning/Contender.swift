import Tables

/// A schedule in a race.
struct Contender {
  let schedule: String
  /// How long the driver may compile it.
  let deadline: CompileDeadline
  /// Times of chains of equal length, for each dispatch and without the submission.
  private var times: [Double] = []
  private(set) var failure: Failure?
  /// Figures of the device's compiler, once it is compiled.
  var statistics: Measurement.Compiled.Statistics?
  /// Rounds it was timed in.
  var rounds = 0
  /// Failures in rounds, after which it was tried again.
  var setbacks = Setbacks.candidate

  init(_ schedule: String, deadline: CompileDeadline = .patient, failure: Failure? = nil) {
    self.schedule = schedule
    self.deadline = deadline
    self.failure = failure
  }

  /// Undisturbed time of a dispatch so far: the shortest, since there are few; `nil` before the first.
  var nanoseconds: Double? { times.min() }

  /// Whether anything is known of it.
  var hasRun: Bool { failure != nil || !times.isEmpty }

  mutating func add(_ nanoseconds: Double) {
    times.append(nanoseconds.toPicoseconds)
    setbacks.gain()
  }

  /// It cannot win any more.
  mutating func fail(_ failure: Failure) {
    self.failure = failure
  }

  /// What is kept of it.
  var candidate: Race.Candidate {
    Race.Candidate(schedule: schedule, nanoseconds: nanoseconds, failure: failure, rounds: rounds)
  }
}
