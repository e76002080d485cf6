import FoundationEssentials
import Store
import TableExamples
import Tables
import Testing
import Workloads

private let scope = Store.Scope(fingerprint: "llvmpipe-1", condition: "method 1, hot")
private let otherScope = Store.Scope(fingerprint: "llvmpipe-2", condition: "method 1, hot")
private let workload = exampleWorkloads[0]

private func sample(_ nanoseconds: Double) -> Sample {
  Sample(
    chainLength: 8, nanoseconds: nanoseconds, wallNanoseconds: 2e6,
    speed: SpeedReading(arithmeticNanoseconds: 1.5e6))
}

private func race(_ effort: Tuning, winner: Double = 2e6) -> Race {
  Race(
    workload: workload, effort: effort,
    candidates: [
      .init(schedule: "standard", nanoseconds: 3e6, rounds: 2),
      .init(schedule: "wide", nanoseconds: winner, rounds: 3),
      .init(schedule: "huge", failure: Failure(.overLimit, "the limit is 7"), rounds: 0),
      .init(schedule: "wrong", nanoseconds: 1e6, failure: Failure(.wrongOutput, "off"), rounds: 1),
    ])
}

@Suite("Schedules in the store")
struct StoreRaceTests {
  @Test("samples and results of different schedules never mix")
  func apart() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let session = try store.startSession(in: scope)
      try store.append([sample(1)], to: workload, schedule: "a", session: session)
      try store.append([sample(2)], to: workload, schedule: "b", session: session)
      try store.append([sample(3)], to: workload, schedule: "a", session: session)
      try store.finish(workload, schedule: "b", result: measured(workload), in: scope)
      var stored = try #require(try store.stored(in: scope)[workload])
      #expect(stored["a"]?.samples == [sample(1), sample(3)])
      #expect(stored["a"]?.result == nil)
      #expect(stored["b"]?.samples == [sample(2)])
      #expect(stored["b"]?.result == measured(workload))
      try store.finish(workload, schedule: "b", result: exampleFailure, in: scope)
      stored = try #require(try store.stored(in: scope)[workload])
      #expect(stored["a"]?.samples.count == 2)
      #expect(stored["b"]?.samples == [])
    }
  }

  @Test(
    "schedules that were measured, or timed in a race and right, are checked ones of their scope")
  func checked() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let session = try store.startSession(in: scope)
      try store.append([sample(1)], to: workload, schedule: "begun", session: session)
      try store.finish(workload, schedule: "done", result: measured(workload), in: scope)
      try store.finish(workload, schedule: "failed", result: exampleFailure, in: scope)
      #expect(try store.checkedSchedules(in: scope) == [workload: ["done"]])
      try store.record(race(.quick), session: session)
      #expect(try store.checkedSchedules(in: scope) == [workload: ["done", "standard", "wide"]])
      #expect(try store.checkedSchedules(in: otherScope).isEmpty)
    }
  }

  @Test("a race is there again whole, in its scope, and replaces the one of the same effort")
  func races() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      do {
        let store = try Store(path: path)
        let session = try store.startSession(in: scope)
        try store.record(
          race(.quick), readings: [SpeedReading(arithmeticNanoseconds: 1.5e6)], session: session)
        try store.record(race(.full), session: session)
        try store.record(race(.quick, winner: 1.5e6), session: session)
      }
      let store = try Store(path: path)
      #expect(try store.races(in: scope) == [race(.full), race(.quick, winner: 1.5e6)])
      #expect(try store.readings(in: scope).map(\.arithmeticNanoseconds) == [1.5e6])
      #expect(try store.races(in: otherScope) == [])
      try store.erase([exampleWorkloads[1]], in: scope)
      #expect(try store.races(in: scope).count == 2)
      try store.erase([workload], in: scope)
      #expect(try store.races(in: scope) == [])
    }
  }

  @Test("the winner is the fastest of those that went farthest and did not fail")
  func winner() throws {
    #expect(race(.quick).winner?.schedule == "wide")
    #expect(race(.quick).ranking.map(\.schedule) == ["wide", "standard"])
    var lost = race(.quick)
    lost.candidates.removeFirst(2)
    #expect(lost.winner == nil)
  }

  @Test("an attempt that did not end is left over, counted, and can be given up")
  func attempts() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      for count in 1...2 {
        let store = try Store(path: path)
        let session = try store.startSession(in: scope)
        try store.begin(workload, schedule: "good", session: session)
        // The next attempt says that the one before has ended.
        try store.begin(workload, schedule: "bad", session: session)
        let left = try store.attempts(fingerprint: scope.fingerprint)
        #expect(left.map(\.schedule) == ["bad"])
        #expect(left.first?.workload == workload.name)
        #expect(left.first?.count == count)
        #expect(try store.attempts(fingerprint: otherScope.fingerprint) == [])
      }
      let store = try Store(path: path)
      let session = try store.startSession(in: scope)
      try store.begin(workload, schedule: "good", session: session)
      try store.endAttempt(of: session)
      #expect(try store.attempts(fingerprint: scope.fingerprint).map(\.schedule) == ["bad"])
    }
  }

  @Test("an attempt that goes well the second time is forgotten")
  func secondTime() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let killed = try store.startSession(in: scope)
      try store.begin(workload, schedule: "a", session: killed)
      let again = try store.startSession(in: scope)
      try store.begin(workload, schedule: "a", session: again)
      try store.endAttempt(of: again)
      #expect(try store.attempts(fingerprint: scope.fingerprint) == [])
    }
  }

  @Test("a store of version 1 opens with everything in it, by the schedules of its rows")
  func versionOne() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      try FileManager.default.copyItem(atPath: fixturePath("store-1.sqlite"), toPath: path)
      let store = try Store(path: path)
      let old = Store.Scope(
        fingerprint: "dc64a417e656440d", condition: "deviceTimestamps inNetwork ring 4")
      let stored = try store.stored(in: old)
      var found: [String: (schedule: String, samples: Int, status: String?)] = [:]
      for (workload, rows) in stored {
        for (schedule, row) in rows {
          let status: String? =
            switch row.result {
            case .measured: "measured"
            case .failed: "failed"
            case nil: nil
            }
          found[workload.name] = (schedule, row.samples.count, status)
        }
      }
      #expect(found.count == 3)
      let convolution = try #require(found["conv3x3 8->8 24x40 relu"])
      #expect(convolution == ("direct/4x2x8/wg8x4/in:texel/w:uniform", 12, "measured"))
      let begun = try #require(found["add 12 24x40"])
      #expect(begun == ("", 9, nil))
      let failed = try #require(found["conv11x11 4->4 16x16"])
      #expect(failed == ("", 0, "failed"))
      #expect(try store.device(fingerprint: old.fingerprint)?.name.contains("llvmpipe") == true)
      #expect(try store.ceilings(in: old)?.submissionNanoseconds != nil)
      #expect(try store.races(in: old) == [])
      #expect(try store.attempts(fingerprint: old.fingerprint) == [])
      // What is new goes beside what was there.
      let session = try store.startSession(in: old)
      for workload in stored.keys {
        try store.append([sample(1)], to: workload, schedule: "new", session: session)
      }
      #expect(try store.stored(in: old).values.allSatisfy { $0["new"]?.samples.count == 1 })
    }
  }
}
