import Measurement
import Tables
import Testing
import Workloads

/// Known races on a scripted device, each left out in turn.
@Suite struct `Races that are left out` {
  private func race(
    _ channels: Int, _ times: KeyValuePairs<String, Double?>, effort: Tuning = .quick
  ) throws -> Race {
    Race(
      workload: try Workload(
        .convolution(Convolution(kernel: 1, inputs: channels, outputs: channels)), height: 20,
        width: 30),
      effort: effort,
      candidates: times.map { schedule, nanoseconds in
        Race.Candidate(
          schedule: schedule, nanoseconds: nanoseconds,
          failure: nanoseconds == nil ? Failure(.wrongOutput, "it is wrong") : nil, rounds: 1)
      })
  }

  private func leftOut(
    _ races: [Race], listed: [String] = ["standard", "b", "c", "d"],
    identity: @escaping (String) -> String = { $0 }
  ) -> LeftOutRaces {
    var behaviour = ScriptedBackend.Behaviour()
    behaviour.schedules = { _, _ in listed }
    behaviour.identity = identity
    return LeftOutRaces(races, on: ScriptedBackend(behaviour), looks: 3)
  }

  /// Only the last one's race tried what is best for it, and the back end does not list that.
  @Test func `say for how many workloads the others know what is near the best`() throws {
    let usual: KeyValuePairs<String, Double?> = ["standard": 100, "b": 130, "c": 80, "d": 60]
    let races = leftOut([
      try race(16, usual), try race(32, usual),
      try race(48, ["standard": 100, "b": 130, "c": 80, "d": 60, "x": 30]),
    ])
    #expect(
      races.outcomes.map { $0.looks.map(\.schedule) } == [
        ["x", "d", "c"], ["x", "d", "c"], ["d", "c", "standard"],
      ])
    #expect(races.untried(first: 1) == 2)
    #expect(races.share(within: 0.1, first: 1) == 0)
    #expect(races.share(within: 0.1, first: 2) == 2.0 / 3)
    let worst = try #require(races.worst(first: 3).first)
    #expect(worst.winner == "x" && worst.ratio(first: 3) == 2)
  }

  @Test func `know a schedule by what the driver is given`() throws {
    let races = leftOut(
      [try race(16, ["d": 60, "standard": 100])], listed: ["e", "standard"],
      identity: { $0 == "e" ? "d" : $0 })
    #expect(races.outcomes.first?.looks.first?.ratio == 1)
    #expect(races.untried(first: 2) == 0)
  }

  @Test func `count what failed as tried, and as far from the best`() throws {
    let races = leftOut(
      [try race(16, ["standard": nil, "b": 10])], listed: ["standard", "b"])
    let looks = try #require(races.outcomes.first?.looks)
    #expect(looks.map(\.wasTried) == [true, true])
    #expect(looks.map(\.ratio) == [nil, 1])
  }

  @Test func `of one workload count once, the full one`() throws {
    let races = leftOut([
      try race(16, ["standard": 1, "b": 2], effort: .full), try race(16, ["standard": 2, "b": 1]),
      try race(32, ["standard": nil]),
    ])
    #expect(races.outcomes.map(\.winner) == ["standard"])
    #expect(races.outcomes.map(\.isFull) == [true])
  }

  @Test func `put what failed for similar workloads behind what no race knows`() throws {
    let failed: KeyValuePairs<String, Double?> = ["standard": nil, "b": 10]
    let races = leftOut([try race(16, failed), try race(32, failed)])
    #expect(races.outcomes.first?.looks.map(\.schedule) == ["b", "c", "d"])
  }
}
