import Measurement
import Statistics
import Store
import Tables
import Testing
import Workloads

/// Campaigns on a scripted device that loses itself, or whose clock gives no times.
@Suite struct `A device with faults` {
  private func table(
    seconds: Double = 2, _ change: (inout ScriptedBackend.Behaviour) -> Void
  ) throws -> (LatencyTable, ScriptedBackend) {
    try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      change(&behaviour)
      let backend = ScriptedBackend(behaviour)
      let campaign = Campaign(
        plan: try `A campaign`.plan(seconds: seconds), backend: backend, store: store)
      return (try campaign.run(), backend)
    }
  }

  private func expectRight(_ table: LatencyTable, _ backend: ScriptedBackend) throws {
    #expect(table.complete)
    for row in table.rows {
      let latency = try #require(row.measurement?.latency, "\(row.failure?.reason ?? "")")
      let expected = backend.behaviour.dispatchNanoseconds(row.workload)
      #expect(abs(latency.undisturbedNanoseconds / expected - 1) < 0.01)
    }
  }

  @Test(arguments: [Failure.Kind.deviceLost, .outOfMemory, .driver])
  func `that fails at two submissions in a hundred costs samples, not rows`(
    kind: Failure.Kind
  ) throws {
    let (table, backend) = try table {
      $0.submissionFailure = { random in
        random.below(50) == 0 ? Failure(kind, "as scripted") : nil
      }
    }
    try expectRight(table, backend)
    #expect((backend.reopenings > 0) == (kind == .deviceLost))
  }

  @Test func `that is lost whenever one workload runs fails that row alone, and the campaign ends`()
    throws
  {
    let bad = try `A campaign`.workloads()[1]
    let (table, _) = try table {
      $0.failure = { workload, before in
        workload == bad && before > 1 ? Failure(.deviceLost, "as scripted") : nil
      }
    }
    #expect(table.complete)
    #expect(table.rows.filter { $0.failure != nil }.map(\.workload) == [bad])
  }

  @Test(arguments: [0, -1e9, Double.nan, 1e18])
  func `whose clock now and then gives what is no time is read again, and it is told`(
    reading: Double
  ) throws {
    let (table, backend) = try table {
      $0.reading = { time, random in random.below(30) == 0 ? reading : time }
    }
    try expectRight(table, backend)
    #expect(table.warnings.contains { $0.contains("readings of the clock were no times") })
  }

  @Test func `whose clock gives some times of half a chain is believed for the others`() throws {
    let (table, backend) = try table {
      $0.reading = { time, random in random.below(12) == 0 ? time / 2 : time }
    }
    // Chains by which lengths are chosen may be among them.
    try expectRight(table, backend)
  }

  @Test(arguments: [1.4e6, 1.6e6])
  func
    `whose clock gives some times of a tenth of a chain is believed for the others, short as they are`(
      dispatch: Double
    ) throws
  {
    try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.dispatchNanoseconds = { _ in dispatch }
      behaviour.reading = { time, random in random.below(6) == 0 ? time / 10 : time }
      // Chains of one dispatch are timed on the processor.
      let backend = ScriptedBackend(behaviour, type: .cpu)
      let table = try Campaign(
        plan: try `A campaign`.plan(), backend: backend, store: store
      ).run()
      try expectRight(table, backend)
    }
  }

  @Test(arguments: [0.5, 0.1])
  func `whose clock gives a part of the time has no rows, nor samples for the next campaign`(
    part: Double
  ) throws {
    try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.reading = { time, _ in time * part }
      let plan = try `A campaign`.plan()
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: plan, backend: backend, store: store).run()
      #expect(table.complete)
      for row in table.rows {
        #expect(row.failure?.kind == .implausibleTime)
        #expect(row.failure?.reason.contains("--clock wall") == true)
      }
      let stored = try store.stored(in: backend.scope(at: .inNetwork))
      #expect(stored.values.flatMap(\.values).allSatisfy { $0.samples.isEmpty })
    }
  }

  @Test func `whose clock stands still is refused before its chains grow long`() throws {
    let (table, backend) = try table { $0.reading = { _, _ in 1000 } }
    #expect(table.rows.allSatisfy { $0.failure?.kind == .implausibleTime })
    // Chains of 4,096 dispatches would keep it busy for minutes.
    #expect(backend.busySeconds < 30)
  }

  @Test func `that fails the reference kernel once is tried again`() throws {
    let (table, backend) = try `A campaign`.withStore { store in
      let backend = ScriptedBackend()
      var failed = false
      backend.behaviour.checkFailure = { [unowned backend] workload, _ in
        if failed || workload != backend.references.first { return nil }
        failed = true
        return Failure(.wrongOutput, "once")
      }
      let campaign = Campaign(
        plan: try `A campaign`.plan(), backend: backend, store: store)
      return (try campaign.run(), backend)
    }
    try expectRight(table, backend)
  }

  @Test func `whose clock stops in the middle does not keep a campaign from its end`() throws {
    let table = try `A campaign`.withStore { store in
      let backend = ScriptedBackend()
      backend.behaviour.reading = { [unowned backend] time, _ in
        backend.busySeconds > 2.5 ? 0 : time
      }
      let campaign = Campaign(
        plan: try `A campaign`.plan(), backend: backend, store: store,
        shouldStop: { backend.busySeconds > 500 })
      return try campaign.run()
    }
    #expect(table.complete)
    #expect(table.rows.contains { $0.failure?.kind == .implausibleTime })
  }

  @Test func `that becomes faster for a while has its first rows measured again, and that is told`()
    throws
  {
    var reopened = 0
    let table = try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      // 4 % faster for each second of the first twenty.
      behaviour.slowness = { busy in 1 - 0.04 * min(busy, 20).rounded(.down) }
      let backend = ScriptedBackend(behaviour)
      let campaign = Campaign(
        plan: try `A campaign`.plan(), backend: backend, store: store,
        shouldStop: { backend.busySeconds > 500 },
        report: { if case .reopened(let count) = $0 { reopened += count } })
      return try campaign.run()
    }
    #expect(table.complete)
    #expect(reopened > 0)
    #expect(reopened <= 3 * table.rows.count)
  }
}
