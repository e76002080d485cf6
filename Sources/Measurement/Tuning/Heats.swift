import Tables
import Workloads

/// Runs races: every candidate is looked at once, then rounds in which those who are left take turns.
struct Heats {
  let ledger: Ledger
  let device: DeviceUnderTest
  let draws: Draws
  let shouldStop: () -> Bool

  private var backend: any Backend { device.backend }
  private var stopwatch: Stopwatch { device.stopwatch }
  private var ringSize: Int { ledger.plan.ringSize }

  /// Looks, then rounds. Stopped in the middle, they say nothing.
  ///
  /// - Parameter lookSeconds: Seconds after which no further candidate is looked at.
  func run(_ course: inout Course, lookSeconds: Double) throws(Campaign.Stop) {
    try look(&course, until: stopwatch.timeSpent.totalSeconds + lookSeconds)
    try ledger.attempts.end()
    if shouldStop() { return }
    try rounds(&course, until: stopwatch.timeSpent.totalSeconds + course.rule.seconds)
  }

  /// Runs each candidate for the first time: a warm-up dispatch, a check, and a short chain.
  private func look(_ course: inout Course, until end: Double) throws(Campaign.Stop) {
    var looked = 0
    var end = end
    for index in course.contenders.indices {
      ledger.report(
        .tuning(
          course.workload, looked: index, of: course.contenders.count, best: course.best?.candidate,
          ledger.progress))
      guard course.contenders[index].failure == nil else { continue }
      let isLate = stopwatch.timeSpent.totalSeconds > end && course.best != nil
      if shouldStop() || (looked >= RaceRule.fewest && isLate) { return }
      looked += 1
      let start = stopwatch.timeSpent.totalSeconds
      var setbacks = Setbacks.candidate
      while let failure = try attemptLook(&course, index) {
        if shouldStop() { return }
        let isOver = !setbacks.allowAnotherTry(after: failure)
        if isOver { course.contenders[index].fail(failure) }
        try ledger.attempts.end()
        try device.recover(from: failure)
        // A candidate that does not compile takes no time from the others.
        if failure.kind == .notCompiled { end += stopwatch.timeSpent.totalSeconds - start }
        if isOver { break }
      }
    }
  }

  /// Runs a candidate for the first time, and notes in the store that it does. Returns how that failed.
  private func attemptLook(
    _ course: inout Course, _ index: Int
  ) throws(Campaign.Stop) -> Failure? {
    do throws(Campaign.Interruption) {
      try ledger.attempts.begin(course.workload, course.contenders[index].schedule)
      do throws(Failure) {
        try look(&course, index)
      } catch {
        throw .failure(error)
      }
      return nil
    } catch {
      switch error {
      case .stop(let stop): throw stop
      case .failure(let failure): return failure
      }
    }
  }

  private func look(_ course: inout Course, _ index: Int) throws(Failure) {
    let contender = course.contenders[index]
    let prepared = try backend.prepare(
      course.workload, schedule: contender.schedule, ringSize: ringSize,
      compiling: contender.deadline)
    let statistics = prepared.compiled?.statistics
    if let loss = course.loss(by: statistics) { throw loss }
    course.contenders[index].statistics = statistics
    try prepared.poison()
    // The driver may compile inside the first dispatch.
    _ = try stopwatch.time(prepared, 1, patience: patience(course, length: 1))
    try stopwatch.awaken()
    let single = try stopwatch.time(prepared, 1, patience: patience(course, length: 1))
      .planningNanoseconds
    // A short dispatch that is alone waits for more than itself: a chain tells how long it takes among
    // others.
    let probeNanoseconds = RaceRule.probeNanoseconds(on: backend.device.type)
    let probe = max(1, min(Int(probeNanoseconds / max(single, 1)), ChainPlan.longest))
    let chain =
      probe == 1
      ? single
      : try stopwatch.time(prepared, probe, patience: patience(course, length: probe)).nanoseconds
    course.contenders[index].rounds = 1
    let submission = stopwatch.submissionNanoseconds
    if let best = course.best?.nanoseconds,
      chain - 2 * submission > RaceRule.hopeless * best * Double(probe)
    {
      // A longer chain would only take long.
      return course.contenders[index].add((chain - submission) / Double(probe))
    }
    if course.length == nil {
      course.length = try stopwatch.chainPlan(for: prepared, single: single).lengths[0]
    }
    let length = course.length ?? 1
    for _ in 0..<2 { try time(prepared, length, &course.contenders[index], course) }
    for _ in min(1 + probe + 2 * length, ringSize)..<ringSize {
      _ = try stopwatch.time(prepared, 1)
    }
    _ = try prepared.check()
  }

  /// Halves the field until the finalists are left, and lets those race until one is clearly best.
  private func rounds(_ course: inout Course, until end: Double) throws(Campaign.Stop) {
    var finals = 0
    while true {
      let field = course.field
      let staying = Array(
        field.prefix(
          course.rule.staying(in: field.map { course.contenders[$0] }, after: course.round)))
      guard staying.count > 1, finals < course.rule.finals, !shouldStop() else { return }
      // The first round is always run, since looks are not interleaved.
      if course.round > 1, stopwatch.timeSpent.totalSeconds > end { return }
      course.round += 1
      if staying.count <= RaceRule.finalists { finals += 1 }
      try round(&course, staying)
    }
  }

  /// A few passes over a field, each in random order, with operands laid out anew.
  private func round(_ course: inout Course, _ field: [Int]) throws(Campaign.Stop) {
    var prepared: [Int: any PreparedWorkload] = [:]
    for _ in 0...course.rule.passes {
      for index in draws.shuffled(field)
      where course.contenders[index].failure == nil && !shouldStop() {
        do throws(Failure) {
          if let ready = prepared[index] {
            try time(ready, course.length ?? 1, &course.contenders[index], course)
          } else {
            prepared[index] = try warmed(course, index)
            course.contenders[index].rounds = course.round
          }
        } catch {
          if shouldStop() { return }
          if !course.contenders[index].setbacks.allowAnotherTry(after: error) {
            course.contenders[index].fail(error)
          }
          if try device.recover(from: error) { prepared = [:] }
        }
      }
    }
  }

  /// A contender's kernel after its first chain.
  private func warmed(_ course: Course, _ index: Int) throws(Failure) -> any PreparedWorkload {
    let contender = course.contenders[index]
    let prepared = try backend.prepare(
      course.workload, schedule: contender.schedule, ringSize: ringSize,
      compiling: contender.deadline)
    try stopwatch.awaken()
    _ = try stopwatch.time(prepared, max(course.length ?? 1, ringSize))
    return prepared
  }

  private func time(
    _ prepared: any PreparedWorkload, _ length: Int, _ contender: inout Contender, _ course: Course
  ) throws(Failure) {
    let time = try stopwatch.time(prepared, length, patience: patience(course, length: length))
      .nanoseconds
    contender.add(max(time - stopwatch.submissionNanoseconds, time / 10) / Double(length))
  }

  /// How long a chain may take: far more than the best one's, but time enough to compile.
  private func patience(_ course: Course, length: Int) -> Double {
    guard let best = course.best?.nanoseconds else { return .infinity }
    return (backend.device.type == .cpu ? 20e9 : 2e9) + 20 * best * Double(length)
  }
}
