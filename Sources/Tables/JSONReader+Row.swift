package import Files
internal import Workloads

/// The parts of a row, from the tokens of its value.
extension JSONReader {
  /// The row at token 0, its name compared with its workload.
  func row() throws(TableError.Problem) -> Row {
    guard tokens[0].kind == .object else { throw .wrongType("row", "not an object") }
    let workload = try object("workload", of: 0, workload)
    let found = try string("name", of: 0)
    let name = workload.name
    guard found == name else { throw .wrongName("name", found: found, expected: name) }
    return Row(
      workload: workload, result: try result(),
      race: member("race", of: 0) == nil ? [] : try array("race", of: 0, candidates))
  }

  /// The result in the object at token 0.
  package func result() throws(TableError.Problem) -> Row.Result {
    let word = try string("status", of: 0)
    switch Row.Result.Status(rawValue: word) {
    case .failed: return .failed(try object("failure", of: 0, failure))
    case .measured:
      return .measured(
        Measurement(
          latency: try object("latency", of: 0, latency),
          schedule: try object("schedule", of: 0, schedule),
          compiled: try optional("compiled", of: 0, compiled).flatMap(\.self),
          check: try object("check", of: 0, check),
          efficiency: try object("efficiency", of: 0, efficiency)))
    case nil: throw .wrongType("status", "'\(word)', not 'measured' or 'failed'")
    }
  }

  /// A schedule that raced, in the object at a token.
  func candidate(_ it: Int) throws(TableError.Problem) -> Race.Candidate {
    let nanoseconds =
      member("nanoseconds", of: it) == nil ? nil : try double("nanoseconds", of: it)
    if let nanoseconds, !(Bounds.nanoseconds ~= nanoseconds) {
      throw .implausible("nanoseconds", "is \(nanoseconds), and a time is above zero")
    }
    return Race.Candidate(
      schedule: try string("schedule", of: it), nanoseconds: nanoseconds,
      failure: member("failure", of: it) == nil ? nil : try object("failure", of: it, failure),
      rounds: try int("rounds", of: it, in: Bounds.count))
  }

  /// The candidates of a race, in the array at a token.
  package func candidates(_ it: Int) throws(TableError.Problem) -> [Race.Candidate] {
    let candidates = try elements(of: it, candidate)
    guard candidates.count <= Bounds.candidates else {
      throw .implausible("", "\(candidates.count) candidates are more than there are schedules")
    }
    return candidates
  }

  private func schedule(_ it: Int) throws(TableError.Problem) -> Measurement.Schedule {
    Measurement.Schedule(
      name: try string("name", of: it),
      tuning: member("tuning", of: it) == nil
        ? nil : try word("tuning", of: it, "a way to choose a schedule") { Tuning(rawValue: $0) },
      candidates: member("candidates", of: it) == nil
        ? nil : try int("candidates", of: it, in: Bounds.count))
  }

  private func failure(_ it: Int) throws(TableError.Problem) -> Failure {
    let word = try string("kind", of: it)
    let reason = try string("reason", of: it)
    // Later minor versions may add kinds.
    guard let kind = Failure.Kind(rawValue: word) else {
      return Failure(.driver, "\(word): \(reason)")
    }
    return Failure(kind, reason)
  }

  private func latency(_ it: Int) throws(TableError.Problem) -> Latency {
    let latency = Latency(
      undisturbedNanoseconds: try double("undisturbedNanoseconds", of: it),
      lowNanoseconds: try double("lowNanoseconds", of: it),
      highNanoseconds: try double("highNanoseconds", of: it),
      medianNanoseconds: try double("medianNanoseconds", of: it),
      p90Nanoseconds: try double("p90Nanoseconds", of: it),
      samples: try int("samples", of: it), stable: try bool("stable", of: it))
    try latency.validate()
    return latency
  }

  /// What the compiler made; `nil` where it is nothing, which tables of the processor said before 1.6.0 by
  /// a hash of zeros.
  private func compiled(_ it: Int) throws(TableError.Problem) -> Measurement.Compiled? {
    let compiled = Measurement.Compiled(
      spirvHash: try string("spirvHash", of: it),
      spirvBytes: try int("spirvBytes", of: it, in: Bounds.count),
      pipelineNanoseconds: try double("pipelineNanoseconds", of: it, in: Bounds.derived),
      statistics: try optional("statistics", of: it) { (it) throws(TableError.Problem) in
        Measurement.Compiled.Statistics(
          normal: try numbers("normal", of: it), raw: try numbers("raw", of: it))
      })
    return compiled.spirvHash == "0000000000000000" ? nil : compiled
  }

  private func check(_ it: Int) throws(TableError.Problem) -> Measurement.Check {
    Measurement.Check(
      maxRelativeError: try double("maxRelativeError", of: it, in: Bounds.derived),
      tolerance: try double("tolerance", of: it, in: Bounds.derived),
      points: try int("points", of: it, in: Bounds.count))
  }

  private func efficiency(_ it: Int) throws(TableError.Problem) -> Measurement.Efficiency {
    Measurement.Efficiency(
      macs: try int("macs", of: it, in: Bounds.count),
      bytes: try int("bytes", of: it, in: Bounds.count),
      gigaflopsPerSecond: try double("gigaflopsPerSecond", of: it, in: Bounds.derived),
      gigabytesPerSecond: try double("gigabytesPerSecond", of: it, in: Bounds.derived),
      ofCeiling: member("ofCeiling", of: it) == nil
        ? nil : try double("ofCeiling", of: it, in: Bounds.derived),
      bound: try bound(it))
  }
}

extension JSONReader {
  private func bound(_ it: Int) throws(TableError.Problem) -> Bound? {
    guard member("bound", of: it) != nil else { return nil }
    let word = try string("bound", of: it)
    guard let bound = Bound(rawValue: word) else {
      let bounds = Bound.allCases.map(\.rawValue).joined(separator: ", ")
      throw .wrongType("bound", "'\(word)', not one of \(bounds)")
    }
    return bound
  }
}

extension Latency {
  /// Throws what makes these figures impossible.
  func validate() throws(TableError.Problem) {
    let times: [(String, Double)] = [
      ("undisturbedNanoseconds", undisturbedNanoseconds), ("lowNanoseconds", lowNanoseconds),
      ("highNanoseconds", highNanoseconds), ("medianNanoseconds", medianNanoseconds),
      ("p90Nanoseconds", p90Nanoseconds),
    ]
    for (key, time) in times where !(Bounds.nanoseconds ~= time) {
      throw .implausible(
        key,
        "is \(time), and a latency is above zero, and no shorter or longer than can be measured")
    }
    if lowNanoseconds > undisturbedNanoseconds {
      throw .implausible(
        "lowNanoseconds",
        "is \(lowNanoseconds), above the undisturbed \(undisturbedNanoseconds)")
    }
    if highNanoseconds < undisturbedNanoseconds {
      throw .implausible(
        "highNanoseconds",
        "is \(highNanoseconds), below the undisturbed \(undisturbedNanoseconds)")
    }
    guard samples > 0, Bounds.count ~= samples else {
      throw .implausible("samples", "is \(samples), and a row has at least one")
    }
  }
}
