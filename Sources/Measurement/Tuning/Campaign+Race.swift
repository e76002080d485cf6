internal import Kernels
internal import Statistics
internal import Store
import Tables
import Workloads

/// Races: every candidate is looked at once, then rounds in which those who are left take turns.
extension Campaign {
  /// Finds a row's schedule. The row fails only if all candidates fail, with the reason of the standard
  /// one. Stopped in the middle, nothing is kept.
  func race(_ workload: Workload, by rule: RaceRule) throws(Stop) {
    let neighbours = Neighbours(of: workload, among: races.values) {
      backend.adapted($0, to: workload)
    }
    var entrants: Entrants
    do throws(Failure) {
      entrants = try Entrants(workload, on: backend, rule: rule, neighbours: neighbours) {
        self.isSuspect(workload, $0)
      }
    } catch {
      return try finish(workload, .failed(error))
    }
    var course = Course(workload: workload, rule: rule, contenders: entrants.contenders)
    try run(&course, lookSeconds: rule.lookSeconds(neighbours: neighbours))
    if shouldStop() { return }
    let race = Race(
      workload: workload, effort: Tuning(rule.effort),
      candidates: course.contenders.filter(\.hasRun).map(\.candidate))
    guard try keep(race) else { return }
    if let schedule = race.schedule { return take(schedule, for: workload) }
    let failed =
      race.candidates.first { $0.schedule == entrants.standard } ?? race.candidates.first
    let failure = failed?.failure ?? Failure(.driver, "no schedule could be run")
    try finish(workload, .failed(failure))
  }

  /// Looks, then rounds. Stopped in the middle, they say nothing.
  func run(_ course: inout Course, lookSeconds: Double) throws(Stop) {
    try look(&course, until: timeSpent.totalSeconds + lookSeconds)
    try endAttempt()
    if shouldStop() { return }
    try rounds(&course, until: timeSpent.totalSeconds + course.rule.seconds)
  }

  /// Keeps a race, and lets go of the losers' pipelines. False if it was interrupted.
  func keep(_ race: Race) throws(Stop) -> Bool {
    let reading = try readingAfter()
    if shouldStop() { return false }
    remember(race)
    if let session {
      try stopping { () throws(StoreError) in
        try store.record(race, readings: reading.map { [$0] } ?? [], session: session)
      }
    }
    backend.release(race.workload, except: race.winner?.schedule)
    return true
  }

  /// Runs each candidate for the first time: a warm-up dispatch, a check, and a short chain.
  private func look(_ course: inout Course, until end: Double) throws(Stop) {
    var looked = 0
    for index in course.contenders.indices {
      report(
        .tuning(
          course.workload, looked: index, of: course.contenders.count, best: course.best?.candidate,
          progress))
      guard course.contenders[index].failure == nil else { continue }
      if shouldStop() || (looked >= RaceRule.fewest && timeSpent.totalSeconds > end) { return }
      looked += 1
      var setbacks = Setbacks.candidate
      while let failure = try attemptLook(&course, index) {
        if shouldStop() { return }
        let isOver = !setbacks.allowAnotherTry(after: failure)
        if isOver { course.contenders[index].fail(failure) }
        try endAttempt()
        try recover(from: failure)
        if isOver { break }
      }
    }
  }

  /// Runs a candidate for the first time, and notes in the store that it does. Returns how that failed.
  private func attemptLook(_ course: inout Course, _ index: Int) throws(Stop) -> Failure? {
    do throws(Interruption) {
      try beginAttempt(course.workload, course.contenders[index].schedule)
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
    let prepared = try backend.prepare(
      course.workload, schedule: course.contenders[index].schedule, ringSize: plan.ringSize)
    try prepared.poison()
    // The driver may compile inside the first dispatch.
    _ = try timed(prepared, 1, patience: patience(course, length: 1))
    try awaken()
    let single = try timed(prepared, 1, patience: patience(course, length: 1)).planningNanoseconds
    // A short dispatch that is alone waits for more than itself: a chain tells how long it takes among
    // others.
    let probeNanoseconds = RaceRule.probeNanoseconds(on: backend.device.type)
    let probe = max(1, min(Int(probeNanoseconds / max(single, 1)), ChainPlan.longest))
    let chain =
      probe == 1
      ? single : try timed(prepared, probe, patience: patience(course, length: probe)).nanoseconds
    course.contenders[index].rounds = 1
    if let best = course.best?.nanoseconds,
      chain - 2 * submissionNanoseconds > RaceRule.hopeless * best * Double(probe)
    {
      // A longer chain would only take long.
      return course.contenders[index].add((chain - submissionNanoseconds) / Double(probe))
    }
    if course.length == nil { course.length = try plan(prepared, single).lengths[0] }
    let length = course.length ?? 1
    for _ in 0..<2 { try time(prepared, length, &course.contenders[index], course) }
    for _ in min(1 + probe + 2 * length, plan.ringSize)..<plan.ringSize {
      _ = try timed(prepared, 1)
    }
    _ = try prepared.check()
  }

  /// Halves the field until the finalists are left, and lets those race until one is clearly best.
  private func rounds(_ course: inout Course, until end: Double) throws(Stop) {
    var finals = 0
    while true {
      let field = course.field
      let staying = Array(
        field.prefix(
          course.rule.staying(in: field.map { course.contenders[$0] }, after: course.round)))
      guard staying.count > 1, finals < course.rule.finals, !shouldStop() else { return }
      // The first round is always run, since looks are not interleaved.
      if course.round > 1, timeSpent.totalSeconds > end { return }
      course.round += 1
      if staying.count <= RaceRule.finalists { finals += 1 }
      try round(&course, staying)
    }
  }

  /// A few passes over a field, each in random order, with operands laid out anew.
  private func round(_ course: inout Course, _ field: [Int]) throws(Stop) {
    var prepared: [Int: any PreparedWorkload] = [:]
    for _ in 0...course.rule.passes {
      for index in field.shuffled(using: &random)
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
          if try recover(from: error) { prepared = [:] }
        }
      }
    }
  }

  /// A contender's kernel after its first chain.
  private func warmed(_ course: Course, _ index: Int) throws(Failure) -> any PreparedWorkload {
    let prepared = try backend.prepare(
      course.workload, schedule: course.contenders[index].schedule, ringSize: plan.ringSize)
    try awaken()
    _ = try timed(prepared, max(course.length ?? 1, plan.ringSize))
    return prepared
  }

  private func time(
    _ prepared: any PreparedWorkload, _ length: Int, _ contender: inout Contender, _ course: Course
  ) throws(Failure) {
    let time = try timed(prepared, length, patience: patience(course, length: length)).nanoseconds
    contender.add(max(time - submissionNanoseconds, time / 10) / Double(length))
  }

  /// How long a chain may take: far more than the best one's, but time enough to compile.
  private func patience(_ course: Course, length: Int) -> Double {
    guard let best = course.best?.nanoseconds else { return .infinity }
    return (backend.device.type == .cpu ? 20e9 : 2e9) + 20 * best * Double(length)
  }

  private var submissionNanoseconds: Double { ceilings.submissionNanoseconds ?? 0 }
}

extension Race {
  /// The winner, for the row to be measured by.
  var schedule: Measurement.Schedule? {
    winner.map {
      Measurement.Schedule(name: $0.schedule, tuning: effort, candidates: candidates.count)
    }
  }
}
