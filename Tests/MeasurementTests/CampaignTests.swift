import FoundationEssentials
import Measurement
import Statistics
import Store
import Tables
import Testing
import Workloads

/// Campaigns on a scripted device: what comes out is known before.
@Suite struct `A campaign` {
  static let small = [16, 32, 48]

  /// The workloads every test measures: three convolutions.
  static func workloads() throws -> [Workload] {
    try small.map {
      try Workload(
        .convolution(Convolution(kernel: 1, inputs: $0, outputs: $0)), height: 20, width: 30)
    }
  }

  static func plan(start: Plan.Start = .resumed, seconds: Double = 2) throws -> Plan {
    Plan(
      profile: "test", workloads: try workloads(),
      rule: StoppingRule(targetHalfWidth: 0.02, budgetSeconds: seconds), start: start)
  }

  /// A store in a folder of its own that goes away with the test.
  static func withStore<Value>(_ body: (Store) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-test-\(UInt64.random(in: 0...UInt64.max))")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(try Store(path: folder.path + "/store.sqlite"))
  }

  /// A device on which each chain of one workload takes another time.
  private static func scattering(
    _ scattered: Workload, from least: Double, by span: Double
  ) -> ScriptedBackend.Behaviour {
    var behaviour = ScriptedBackend.Behaviour()
    var random = SplitMix64(state: 5)
    behaviour.cost = { workload, _ in
      workload == scattered ? least + span * Double(random.below(1000)) / 1000 : 1
    }
    return behaviour
  }

  func error(of row: Row, from expected: Double) throws -> Double {
    let latency = try #require(row.measurement?.latency)
    return abs(latency.undisturbedNanoseconds - expected) / expected
  }

  @Test func `finds the time of a dispatch on a quiet device`() throws {
    try Self.withStore { store in
      let backend = ScriptedBackend()
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      #expect(table.complete)
      #expect(table.rows.count == 3)
      for row in table.rows {
        #expect(
          try error(of: row, from: backend.behaviour.dispatchNanoseconds(row.workload)) < 1e-6)
        #expect(row.measurement?.latency.stable == true)
      }
      let submission = try #require(table.ceilings.submissionNanoseconds)
      #expect(abs(submission - 100_000) < 1)
      let dispatch = try #require(table.ceilings.emptyDispatchNanoseconds)
      #expect(abs(dispatch - 1000) < 1)
    }
  }

  @Test func `writes no figure of a row whose chains take now long and now short`() throws {
    try Self.withStore { store in
      let wild = try Self.workloads()[1]
      let behaviour = Self.scattering(wild, from: 0.3, by: 3)
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      #expect(table.complete)
      let row = try #require(table.rows.first { $0.workload == wild })
      #expect(row.failure?.kind == .tooNoisy, "\(row)")
      #expect(row.failure?.reason.contains("lie too far apart") == true)
      #expect(table.rows.count { $0.measurement != nil } == 2)
    }
  }

  @Test func `gives the time that quiet rows leave to those that scatter`() throws {
    try Self.withStore { store in
      let scattered = try Self.workloads()[1]
      let behaviour = Self.scattering(scattered, from: 1, by: 0.4)
      var prolonged = 0
      let backend = ScriptedBackend(behaviour)
      let plan = try Self.plan()
      let table = try Campaign(
        plan: plan, backend: backend, store: store,
        report: { if case .prolonged(let count) = $0 { prolonged += count } }
      ).run()
      #expect(prolonged > 0)
      let samples = table.rows.compactMap { row in
        row.measurement.map { (row.workload, $0.latency.samples) }
      }
      let most = try #require(samples.max { $0.1 < $1.1 })
      #expect(most.0 == scattered)
      // No more than what was promised altogether, and the last visit.
      #expect(backend.busySeconds < plan.samplingSeconds * 1.3)
      #expect(table.rows.count { $0.measurement?.latency.stable == true } >= 2)
    }
  }

  @Test func `keeps the figures of rows that are measured on, also where it is stopped`() throws {
    try Self.withStore { store in
      let scattered = try Self.workloads()[1]
      let behaviour = Self.scattering(scattered, from: 1, by: 0.4)
      var isStopped = false
      var sampled = 0
      let stopped = Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store,
        shouldStop: { isStopped },
        report: { event in
          switch event {
          case .prolonged: sampled = 0
          case .sampled: sampled += 1
          default: break
          }
          if case .sampled(_, _, let progress) = event, progress.done == progress.total,
            sampled == 2
          {
            isStopped = true
          }
        })
      let table = try stopped.run()
      #expect(isStopped && table.complete && table.rows.allSatisfy { $0.measurement != nil })
      // The store has the figures of the table.
      let again = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store
      ).run()
      #expect(again.rows == table.rows)
    }
  }

  @Test(arguments: [0, 0.1, 0.4])
  func `foretells how exact its rows will be`(disturbance: Double) throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.interference = { random in
        disturbance * Double(random.below(1000)) / 1000
      }
      var plan = try Self.plan()
      plan.workloads = try (1...40).map { try Workload(.add(channels: $0), height: 9, width: 9) }
      // Every row takes its whole budget.
      plan.rule.targetHalfWidth = 0
      var forecast: Forecast?
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(behaviour), store: store,
        report: { if case .listened(let it) = $0 { forecast = it } }
      ).run()
      let foretold = try #require(forecast)
      #expect(abs(foretold.quietness.medianExcess - disturbance / 2) < 0.1 * disturbance + 1e-6)
      let widths = table.rows.compactMap { $0.measurement?.latency.relativeHalfWidth }.sorted()
      let median = try #require(quantile(0.5, ofSorted: widths))
      #expect(foretold.halfWidth < median * 2 && foretold.halfWidth > median / 2, "\(median)")
      #expect(foretold.longerHalfWidth <= foretold.halfWidth)
    }
  }

  @Test func `finds it on a noisy device, where half the chains take up to half longer`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.interference = { random in
        random.below(2) == 0 ? 0 : Double(random.below(1000)) / 2000
      }
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      for row in table.rows {
        let latency = try #require(row.measurement?.latency)
        let error = try error(of: row, from: backend.behaviour.dispatchNanoseconds(row.workload))
        #expect(error <= latency.relativeHalfWidth && error < 0.05)
        #expect(latency.medianNanoseconds >= latency.undisturbedNanoseconds)
        #expect(latency.lowNanoseconds <= latency.undisturbedNanoseconds)
        #expect(latency.highNanoseconds >= latency.undisturbedNanoseconds)
      }
    }
  }

  @Test func `does not count what a device did while it was slow for a while`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      // A quarter slower half the time that twenty rows take.
      behaviour.slowness = { 6..<28 ~= $0 ? 1.25 : 1 }
      let backend = ScriptedBackend(behaviour)
      var plan = try Self.plan()
      plan.workloads = try (1...20).map { try Workload(.add(channels: $0), height: 9, width: 9) }
      let table = try Campaign(plan: plan, backend: backend, store: store).run()
      #expect(table.speed.discardedShare > 0.2)
      for row in table.rows {
        let latency = try #require(row.measurement?.latency)
        let expected = backend.behaviour.dispatchNanoseconds(row.workload)
        #expect(try error(of: row, from: expected) < 0.02)
        // Slow samples would show here, where the low quantile hides them.
        #expect(latency.medianNanoseconds < expected * 1.05)
      }
    }
  }

  @Test func `says so when a device throttles and stays slow`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.slowness = { $0 > 6 ? 1.5 : 1 }
      let backend = ScriptedBackend(behaviour)
      var plan = try Self.plan()
      // So many rows that most are never seen at full speed.
      plan.workloads = try (1...20).map { try Workload(.add(channels: $0), height: 9, width: 9) }
      let table = try Campaign(plan: plan, backend: backend, store: store).run()
      #expect(table.complete)
      #expect(table.speed.arithmetic.relativeSpeed < 0.75)
      // Figures are those of one speed or the other, not of a mixture, but for the one row that was
      // being visited when the speed changed.
      let mixed = table.rows.count { row in
        let time = row.measurement?.latency.undisturbedNanoseconds ?? 0
        return abs(time - 2e6) > 1e3 && abs(time - 3e6) > 1e3
      }
      #expect(mixed <= 1)
      #expect(table.warnings.contains { $0.contains("fastest speed seen") })
    }
  }

  @Test func `shows a slow drift in the header, and stays between its ends`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.slowness = { 1 + $0 * 0.004 }
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      let drift = backend.busySeconds * 0.004
      #expect(table.speed.arithmetic.medianOverUndisturbed > 1 + drift / 4)
      for row in table.rows {
        #expect(
          try error(of: row, from: backend.behaviour.dispatchNanoseconds(row.workload)) <= drift)
        let latency = try #require(row.measurement?.latency)
        #expect(latency.relativeHalfWidth >= drift / 4)
      }
    }
  }

  @Test func `goes on when the device is lost while the reference kernel runs`() throws {
    try Self.withStore { store in
      let backend = ScriptedBackend()
      backend.behaviour.failure = { [unowned backend] workload, _ in
        workload == backend.references.first && backend.busySeconds > 2 && backend.reopenings == 0
          ? Failure(.deviceLost, "scripted") : nil
      }
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      #expect(backend.reopenings == 1)
      #expect(table.rows.allSatisfy { $0.measurement != nil })
    }
  }

  @Test func `gives up a submission that the watchdog ends`() throws {
    try Self.withStore { store in
      let bad = try Self.workloads()[0]
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.dispatchNanoseconds = { $0 == bad ? 1e12 : 1e6 }
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      #expect(table.rows.first { $0.workload == bad }?.failure?.kind == .timedOut)
      #expect(backend.reopenings == 2)
      #expect(table.rows.count { $0.measurement != nil } == 2)
    }
  }

  @Test(arguments: 0..<4)
  func `fails the row whose output is wrong at any of its checks, and no other`(
    check: Int
  ) throws {
    try Self.withStore { store in
      let bad = try Self.workloads()[1]
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.checkFailure = { workload, before in
        workload == bad && before == check ? Failure(.wrongOutput, "as scripted") : nil
      }
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store
      ).run()
      #expect(table.complete)
      #expect(table.rows.first { $0.workload == bad }?.failure?.kind == .wrongOutput)
      #expect(table.rows.count { $0.measurement != nil } == 2)
    }
  }

  @Test func `goes on after the device was lost in the middle, which costs samples alone`() throws {
    try Self.withStore { store in
      let bad = try Self.workloads()[2]
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.failure = { workload, before in
        workload == bad && before == 9 ? Failure(.deviceLost, "as scripted") : nil
      }
      let backend = ScriptedBackend(behaviour)
      let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      #expect(backend.reopenings == 1)
      #expect(table.rows.count { $0.measurement != nil } == 3)
      #expect(table.warnings.contains { $0.contains("lost") })
    }
  }

  @Test(arguments: [Failure.Kind.crashed, .linkLost])
  func `goes on after a crash or a lost connection, and says which`(kind: Failure.Kind) throws {
    try Self.withStore { store in
      let bad = try Self.workloads()[2]
      var behaviour = ScriptedBackend.Behaviour()
      behaviour.failure = { workload, before in
        workload == bad && (before == 9 || before == 40) ? Failure(kind, "as scripted") : nil
      }
      let backend = ScriptedBackend(behaviour)
      backend.isLostAfterCrash = true
      var reconnections = 0
      let table = try Campaign(
        plan: try Self.plan(), backend: backend, store: store,
        report: { if case .reconnecting = $0 { reconnections += 1 } }
      ).run()
      #expect(backend.reopenings > 1)
      #expect(table.rows.count { $0.measurement != nil } == 3)
      #expect(
        table.warnings.contains { $0.contains(kind == .crashed ? "crashed" : "connection") })
      #expect((reconnections > 0) == (kind == .linkLost))
    }
  }

  @Test func `waits for a device that is too hot, and keeps what it read`() throws {
    try Self.withStore { store in
      let backend = ScriptedBackend()
      backend.thermalStatuses = [0, 3, 2, 1]
      var statuses: [Int] = []
      let table = try Campaign(
        plan: try Self.plan(), backend: backend, store: store,
        report: { if case .cooling(let status) = $0 { statuses.append(status) } }
      ).run()
      #expect(table.complete)
      #expect(table.telemetry?.first == ["clock": "0"])
      #expect(table.telemetry?.unreadable == ["temperature"])
      // A campaign of a scripted device may be over before its second reading.
      if let last = table.telemetry?.last["clock"], last != "0" {
        #expect(statuses == [3])
        #expect(table.telemetry?.highestThermalStatus == 3)
      }
    }
  }

  @Test func `ends with the rows it has when the device does not open again`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      let bad = try Self.workloads()[0]
      behaviour.failure = { workload, before in
        workload == bad && before == 4 ? Failure(.timedOut, "as scripted") : nil
      }
      behaviour.reopens = false
      let campaign = Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store)
      #expect(throws: Campaign.Stop.self) { try campaign.run() }
      // The row may still be measured, once the device is there again.
      #expect(!campaign.table.complete)
      #expect(!campaign.table.rows.contains { $0.workload == bad })
    }
  }

  @Test func `keeps what does not compile as a failed row`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      let bad = try Self.workloads()[0]
      behaviour.preparationFailure = { $0 == bad ? Failure(.notCompiled, "line 3") : nil }
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store
      ).run()
      #expect(table.rows.first { $0.workload == bad }?.failure?.reason == "line 3")
    }
  }

  @Test(arguments: [0.0, -5, .nan])
  func `refuses a time that cannot be`(dispatch: Double) throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      let bad = try Self.workloads()[0]
      behaviour.submissionNanoseconds = 0
      behaviour.dispatchNanoseconds = { $0 == bad ? dispatch : 1e6 }
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store
      ).run()
      #expect(
        table.rows.first { $0.workload == bad }?.failure?.kind == .implausibleTime)
    }
  }

  @Test func `carries on from the samples of a run that stopped in the middle of a row`() throws {
    try Self.withStore { store in
      let first = ScriptedBackend()
      let campaign = Campaign(
        plan: try Self.plan(), backend: first, store: store,
        shouldStop: { first.busySeconds > 1.5 })
      let partial = try campaign.run()
      #expect(!partial.complete)

      let second = ScriptedBackend()
      var kept: (done: Int, begun: Int)?
      let table = try Campaign(
        plan: try Self.plan(), backend: second, store: store,
        report: { if case .resumed(let done, let begun, _) = $0 { kept = (done, begun) } }
      ).run()
      #expect(table.complete)
      let resumed = try #require(kept)
      #expect(resumed.done + resumed.begun > 0)
      #expect(resumed.done == partial.rows.count)
    }
  }

  @Test func `measures nothing again when all rows are there, unless asked to`() throws {
    try Self.withStore { store in
      let first = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(), store: store
      ).run()
      let idle = ScriptedBackend()
      let again = try Campaign(plan: try Self.plan(), backend: idle, store: store).run()
      #expect(again == first)
      #expect(idle.chainsRun.isEmpty)
      var stricter = try Self.plan()
      stricter.rule.fewestVisits = 20
      stricter.rule.budgetSeconds = 20
      let asked = ScriptedBackend()
      _ = try Campaign(plan: stricter, backend: asked, store: store).run()
      #expect(asked.chainsRun.count == 5)
      let busy = ScriptedBackend()
      _ = try Campaign(plan: try Self.plan(start: .fresh), backend: busy, store: store).run()
      #expect(busy.chainsRun.count == 5)
    }
  }

  @Test func `tries a failed row again the next time`() throws {
    try Self.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      let bad = try Self.workloads()[0]
      behaviour.preparationFailure = { $0 == bad ? Failure(.outOfMemory, "full") : nil }
      _ = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(behaviour), store: store
      ).run()
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(), store: store
      ).run()
      #expect(table.rows.allSatisfy { $0.measurement != nil })
    }
  }

  @Test func `lays operands out anew for each visit`() throws {
    try Self.withStore { store in
      let backend = ScriptedBackend()
      _ = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
      for workload in try Self.workloads() { #expect(backend.prepared[workload, default: 0] >= 5) }
    }
  }

  @Test func `warns that wall-clock times are less exact`() throws {
    try Self.withStore { store in
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(clock: .wallClock), store: store
      ).run()
      #expect(table.method.clock == .wallClock)
      #expect(table.warnings.contains { $0.contains("wall clock") })
    }
  }

  @Test func `finishes the first rows of a large plan before it begins the last`() throws {
    try Self.withStore { store in
      var plan = try Self.plan(seconds: 0.5)
      plan.workloads = try (1...200).map { try Workload(.add(channels: $0), height: 9, width: 9) }
      let backend = ScriptedBackend()
      let campaign = Campaign(
        plan: plan, backend: backend, store: store, shouldStop: { backend.busySeconds > 50 })
      let table = try campaign.run()
      #expect(!table.complete)
      let begun = plan.workloads.count { backend.prepared[$0] != nil }
      #expect(table.rows.count > 0 && begun < 200)
      #expect(begun - table.rows.count <= 48)
    }
  }

  @Test func `visits rows in an order that the seed decides`() throws {
    func order(_ seed: UInt64) throws -> [Workload] {
      try Self.withStore { store in
        var plan = try Self.plan()
        plan.seed = seed
        var visited: [Workload] = []
        _ = try Campaign(
          plan: plan, backend: ScriptedBackend(), store: store,
          report: {
            switch $0 {
            case .finished(let row, _): visited.append(row.workload)
            case .sampled(let workload, _, _): visited.append(workload)
            default: break
            }
          }
        ).run()
        return visited
      }
    }
    #expect(try order(1) == order(1))
    #expect(try (2..<8).contains { try order($0) != order(1) })
  }
}
