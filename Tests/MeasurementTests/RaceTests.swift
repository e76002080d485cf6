import FoundationEssentials
import Kernels
import Measurement
import Statistics
import Store
import Tables
import Testing
import Workloads

/// Races on a scripted device: who is fastest is known before.
@Suite struct `A race` {
  /// Costs by schedule: the standard one is neither best nor worst.
  static let costs = [
    "standard": 1.0, "b": 1.3, "c": 0.8, "d": 0.6, "e": 0.9, "f": 5, "g": 0.63, "h": 0.85,
  ]
  static let names = ["standard", "b", "c", "d", "e", "f", "g", "h"]

  static func behaviour() -> ScriptedBackend.Behaviour {
    var behaviour = ScriptedBackend.Behaviour()
    behaviour.schedules = { _, _ in names }
    behaviour.cost = { _, schedule in costs[schedule] ?? 1 }
    return behaviour
  }

  static func plan(
    _ workloads: Int = 1, schedules: Plan.Schedules = .raced(.quick)
  ) throws -> Plan {
    Plan(
      profile: "test", workloads: Array(try `A campaign`.workloads().prefix(workloads)),
      rule: StoppingRule(targetHalfWidth: 0.02, budgetSeconds: 2), schedules: schedules)
  }

  /// The only row of a campaign over one workload.
  static func row(
    _ behaviour: ScriptedBackend.Behaviour, _ store: Store,
    schedules: Plan.Schedules = .raced(.quick)
  ) throws -> (row: Row, backend: ScriptedBackend) {
    let backend = ScriptedBackend(behaviour)
    let table = try Campaign(
      plan: try plan(schedules: schedules), backend: backend, store: store
    ).run()
    return (try #require(table.rows.first), backend)
  }

  @Test func `compiles a candidate that the compiler says will lose, but does not run it`() throws {
    try `A campaign`.withStore { store in
      var behaviour = Self.behaviour()
      let statistics: [String: [String: Double]] = [
        "standard": ["spills": 0, "waves": 9], "b": ["waves": 4],
        // Faster, were they run.
        "d": ["spills": 216, "fills": 650], "g": ["waves": 3],
        // A few cost little.
        "c": ["spills": 5, "fills": 9], "e": ["scratchBytes": 512, "waves": 9],
      ]
      behaviour.statistics = { statistics[$0] }
      let (row, _) = try Self.row(behaviour, store)
      #expect(row.measurement?.schedule.name == "c")
      let notRun = row.race.filter { $0.failure?.reason.hasPrefix("not run: ") ?? false }
      #expect(Set(notRun.map(\.schedule)) == ["d", "e", "g"])
      #expect(notRun.allSatisfy { $0.nanoseconds == nil && $0.failure?.kind == .overLimit })
    }
  }

  @Test func `is not run again where only the samples are thrown away`() throws {
    try `A campaign`.withStore { store in
      let first = try Self.row(Self.behaviour(), store).row
      var behaviour = Self.behaviour()
      // Another schedule would win now.
      behaviour.cost = { _, schedule in schedule == "c" ? 0.1 : Self.costs[schedule] ?? 1 }
      for (start, winner) in [(Plan.Start.resumed, "d"), (.remeasured, "d"), (.fresh, "c")] {
        var plan = try Self.plan()
        plan.start = start
        let backend = ScriptedBackend(behaviour)
        let table = try Campaign(plan: plan, backend: backend, store: store).run()
        let row = try #require(table.rows.first)
        #expect(row.measurement?.schedule.name == winner)
        if start == .resumed { #expect(row.measurement?.latency == first.measurement?.latency) }
      }
    }
  }

  func candidate(_ name: String, _ row: Row) throws -> Race.Candidate {
    try #require(row.race.first { $0.schedule == name })
  }

  @Test(arguments: [Schedule.Effort.quick, .full])
  func `is won by the fastest schedule, and the row is measured by it`(effort: Schedule.Effort)
    throws
  {
    try `A campaign`.withStore { store in
      let (row, backend) = try Self.row(Self.behaviour(), store, schedules: .raced(effort))
      let schedule = try #require(row.measurement?.schedule)
      #expect(schedule.name == "d")
      #expect(schedule.tuning?.rawValue == effort.rawValue)
      #expect(schedule.candidates == 8)
      #expect(row.race.map(\.schedule) == Self.names)
      let expected = backend.behaviour.dispatchNanoseconds(row.workload) * 0.6
      let latency = try #require(row.measurement?.latency)
      #expect(abs(latency.undisturbedNanoseconds / expected - 1) < 1e-6)
      let winner = try candidate("d", row)
      #expect(try abs(#require(winner.nanoseconds) / expected - 1) < 0.01)
      // Only the winner's pipeline is held when the race is over.
      #expect(backend.held[row.workload] == ["d"])
    }
  }

  @Test func `is won by one that is within a few per cent of the best on a noisy device`() throws {
    for seed in UInt64(0)..<5 {
      try `A campaign`.withStore { store in
        var behaviour = Self.behaviour()
        behaviour.interference = { random in
          random.below(2) == 0 ? 0 : Double(random.below(1000)) / 2000
        }
        let backend = ScriptedBackend(behaviour)
        backend.random = SplitMix64(state: seed)
        let table = try Campaign(plan: try Self.plan(), backend: backend, store: store).run()
        let name = try #require(table.rows.first?.measurement?.schedule.name)
        #expect(["d", "g"].contains(name))
      }
    }
  }

  @Test func `sends a hopeless candidate home before it has run a chain`() throws {
    try `A campaign`.withStore { store in
      var runs = 0
      var behaviour = Self.behaviour()
      behaviour.scheduleFailure = { schedule, stage in
        if schedule == "f", stage == .run { runs += 1 }
        return nil
      }
      let (row, _) = try Self.row(behaviour, store)
      #expect(runs == 2)
      #expect(try candidate("f", row).rounds == 1)
      #expect(try candidate("f", row).failure == nil)
    }
  }

  @Test(
    arguments: [
      (.identity, .overLimit), (.prepare, .notCompiled), (.check, .wrongOutput),
      (.run, .deviceLost), (.run, .timedOut),
    ] as [(ScriptedBackend.Stage, Failure.Kind)])
  func `keeps a candidate that fails with its reason, and goes on`(
    stage: ScriptedBackend.Stage, kind: Failure.Kind
  ) throws {
    try `A campaign`.withStore { store in
      var behaviour = Self.behaviour()
      behaviour.scheduleFailure = { schedule, at in
        ["d", "standard"].contains(schedule) && at == stage ? Failure(kind, "as scripted") : nil
      }
      let (row, backend) = try Self.row(behaviour, store)
      #expect(row.measurement?.schedule.name == "g")
      for name in ["d", "standard"] {
        #expect(try candidate(name, row).failure == Failure(kind, "as scripted"))
      }
      // What loses the device is tried three times, what hangs once.
      #expect(backend.reopenings == (stage == .run ? kind == .deviceLost ? 6 : 2 : 0))
    }
  }

  @Test func `gives up a candidate that takes for ever, long before the device's patience`() throws
  {
    try `A campaign`.withStore { store in
      var behaviour = Self.behaviour()
      behaviour.cost = { _, schedule in schedule == "b" ? 4000 : Self.costs[schedule] ?? 1 }
      let (row, backend) = try Self.row(behaviour, store)
      #expect(try candidate("b", row).failure?.kind == .timedOut)
      #expect(row.measurement?.schedule.name == "d")
      #expect(backend.reopenings == 1)
    }
  }

  @Test func `fails the row only if all fail, with the reason of the standard one`() throws {
    try `A campaign`.withStore { store in
      var behaviour = Self.behaviour()
      behaviour.scheduleFailure = { schedule, stage in
        stage == .check ? Failure(.wrongOutput, "\(schedule) is wrong") : nil
      }
      let (row, _) = try Self.row(behaviour, store)
      #expect(row.failure == Failure(.wrongOutput, "standard is wrong"))
      #expect(row.race.count == 8)
      // It is raced again the next time.
      let (again, _) = try Self.row(Self.behaviour(), store)
      #expect(again.measurement?.schedule.name == "d")
    }
  }

  @Test func `runs schedules that are the same to the driver once`() throws {
    try `A campaign`.withStore { store in
      var behaviour = Self.behaviour()
      behaviour.identity = { ["c", "d", "e"].contains($0) ? "same" : $0 }
      let (row, backend) = try Self.row(behaviour, store)
      #expect(!backend.preparations.contains { ["d", "e"].contains($0.schedule) })
      #expect(row.race.map(\.schedule) == ["standard", "b", "c", "f", "g", "h"])
    }
  }

  @Test func `measures the runner-up when the winner turns out wrong`() throws {
    try `A campaign`.withStore { store in
      var checks = 0
      var behaviour = Self.behaviour()
      behaviour.scheduleFailure = { schedule, stage in
        guard schedule == "d", stage == .check else { return nil }
        checks += 1
        return checks > 3 ? Failure(.wrongOutput, "when hot") : nil
      }
      let (row, _) = try Self.row(behaviour, store)
      #expect(row.measurement?.schedule.name == "g")
      #expect(try candidate("d", row).failure?.reason == "when hot")
    }
  }

  @Test func `takes the same course with the same seed`() throws {
    func course(_ seed: UInt64) throws -> [String] {
      try `A campaign`.withStore { store in
        var plan = try Self.plan(3)
        plan.seed = seed
        let backend = ScriptedBackend(Self.behaviour())
        _ = try Campaign(plan: plan, backend: backend, store: store).run()
        return backend.preparations.map { "\($0)" }
      }
    }
    #expect(try course(1) == course(1))
    #expect(try (2..<8).contains { try course($0) != course(1) })
  }

  @Test func `starts from the winners of its neighbours, and is shorter where they agree`() throws {
    try `A campaign`.withStore { store in
      let backend = ScriptedBackend(Self.behaviour())
      let table = try Campaign(plan: try Self.plan(3), backend: backend, store: store).run()
      #expect(table.rows.allSatisfy { $0.measurement?.schedule.name == "d" })
      let raced = table.rows.map(\.race)
      #expect(raced.count { $0.first?.schedule == "standard" && $0.count == 8 } == 1)
      #expect(raced.count { $0.first?.schedule == "d" } == 2)
      #expect(raced.count { $0.count == 3 } == 1)
    }
  }

  /// One layer on three maps.
  private static func planOfTwins() throws -> Plan {
    var plan = try plan()
    plan.workloads = try [20, 30, 40].map {
      try Workload(
        .convolution(Convolution(kernel: 1, inputs: 16, outputs: 16)), height: $0, width: 30)
    }
    return plan
  }

  /// The last row of a plan of twins, measured after the others have said what wins.
  private static func lastTwin(
    _ behaviour: ScriptedBackend.Behaviour, of plan: Plan, _ store: Store
  ) throws -> Row {
    var first = plan
    first.workloads = Array(plan.workloads.prefix(2))
    let backend = ScriptedBackend(behaviour)
    _ = try Campaign(plan: first, backend: backend, store: store).run()
    let table = try Campaign(plan: plan, backend: backend, store: store).run()
    return try #require(table.rows.first { $0.workload == plan.workloads[2] })
  }

  @Test func `of a layer that won alike on other maps looks at two`() throws {
    try `A campaign`.withStore { store in
      let plan = try Self.planOfTwins()
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(Self.behaviour()), store: store
      ).run()
      #expect(table.rows.allSatisfy { $0.measurement?.schedule.name == "d" })
      #expect(table.rows.count { $0.race.count == 2 } == 1)
    }
  }

  @Test func `of a layer with other channels looks at three, however near`() throws {
    try `A campaign`.withStore { store in
      var plan = try Self.plan()
      plan.workloads = try [24, 26, 28].map {
        try Workload(
          .convolution(Convolution(kernel: 1, inputs: $0, outputs: $0)), height: 20, width: 30)
      }
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(Self.behaviour()), store: store
      ).run()
      #expect(table.rows.count { $0.race.count == 3 } == 1)
      #expect(table.rows.allSatisfy { $0.race.count > 2 })
    }
  }

  @Test func `falls back on the standard schedule where all that raced are wrong afterwards`()
    throws
  {
    try `A campaign`.withStore { store in
      let plan = try Self.planOfTwins()
      let last = plan.workloads[2]
      var behaviour = Self.behaviour()
      var checked: Workload?
      var preparations: [String: Int] = [:]
      behaviour.checkFailure = { workload, _ in
        checked = workload
        return nil
      }
      behaviour.preparationFailure = {
        checked = $0
        return nil
      }
      behaviour.scheduleFailure = { schedule, stage in
        guard checked == last, schedule != "standard" else { return nil }
        if stage == .prepare { preparations[schedule, default: 0] += 1 }
        // Right while it races, and wrong in the visits after that.
        let isVisit = preparations[schedule, default: 0] > 2
        return stage == .check && isVisit ? Failure(.wrongOutput, "it is wrong") : nil
      }
      let row = try Self.lastTwin(behaviour, of: plan, store)
      #expect(row.measurement?.schedule.name == "standard", "\(row)")
    }
  }

  @Test func `runs the standard schedule where all that neighbours know fail`() throws {
    try `A campaign`.withStore { store in
      let plan = try Self.planOfTwins()
      let last = plan.workloads[2]
      var behaviour = Self.behaviour()
      behaviour.dispatchNanoseconds = { $0 == last ? 9e6 : 1e6 }
      var preparing: Workload?
      behaviour.preparationFailure = {
        preparing = $0
        return nil
      }
      behaviour.scheduleFailure = { schedule, stage in
        stage == .prepare && preparing == last && schedule != "standard"
          ? Failure(.notCompiled, "this does not compile") : nil
      }
      let row = try Self.lastTwin(behaviour, of: plan, store)
      #expect(row.measurement?.schedule.name == "standard", "\(row)")
      #expect(row.race.count { $0.failure == nil } == 1)
    }
  }

  @Test func `learns from devices of the same kind, and believes its own races more`() throws {
    let elsewhere = try Self.plan().workloads.map {
      Race(
        workload: $0, effort: .quick,
        candidates: [
          Race.Candidate(schedule: "g", nanoseconds: 1e6, rounds: 2),
          Race.Candidate(schedule: "d", nanoseconds: 1.1e6, rounds: 2),
        ])
    }
    try `A campaign`.withStore { store in
      let table = try Campaign(
        plan: try Self.plan(), backend: ScriptedBackend(Self.behaviour()), store: store,
        racesElsewhere: { elsewhere }
      ).run()
      let row = try #require(table.rows.first)
      #expect(row.race.prefix(2).map(\.schedule) == ["g", "d"])
      #expect(row.race.count == 3)
      #expect(row.measurement?.schedule.name == "d")
    }
  }

  /// Each row's back end offers another schedule beside the standard one, and one of them is best for both.
  @Test func `is run again for those who could not know what was found later`() throws {
    var changed = 0
    for seed in UInt64(0)..<4 {
      try `A campaign`.withStore { store in
        var behaviour = Self.behaviour()
        behaviour.schedules = { workload, _ in
          ["standard", workload.name.contains("32->32") ? "d" : "c"]
        }
        var plan = try Self.plan(2)
        plan.seed = seed
        let backend = ScriptedBackend(behaviour)
        let table = try Campaign(
          plan: plan, backend: backend, store: store,
          report: { if case .rescheduled(let count) = $0 { changed += count } }
        ).run()
        for row in table.rows {
          let measurement = try #require(row.measurement)
          #expect(measurement.schedule.name == "d")
          #expect(measurement.schedule.candidates == row.race.count)
          let expected = behaviour.dispatchNanoseconds(row.workload) * 0.6
          #expect(abs(measurement.latency.undisturbedNanoseconds / expected - 1) < 1e-6)
          #expect(backend.held[row.workload] == ["d"])
        }
        // The store has what the table says.
        let idle = ScriptedBackend(behaviour)
        let again = try Campaign(plan: plan, backend: idle, store: store).run()
        #expect(again.rows == table.rows)
        #expect(idle.preparations.isEmpty)
      }
    }
    // Who races second knows the first one's winner, so that the order of a seed decides.
    #expect(1..<4 ~= changed, "\(changed)")
  }

  /// The back end offers the dense row another schedule than the pruned ones, which agree on a slower one.
  @Test func `of a pruned row has the dense one's winner in it, which can run over zeros`() throws {
    let dense = Convolution(kernel: 3, inputs: 16, outputs: 16)
    let all = try [dense] + [2, 3, 4].map { try dense.pruned(.unstructured, rate: $0) }
    for seed in UInt64(0)..<4 {
      try `A campaign`.withStore { store in
        var behaviour = Self.behaviour()
        behaviour.schedules = { workload, _ in ["standard", workload.isPruned ? "e" : "h"] }
        var plan = try Self.plan()
        plan.workloads = try all.map { try Workload(.convolution($0), height: 20, width: 30) }
        plan.seed = seed
        let table = try Campaign(plan: plan, backend: ScriptedBackend(behaviour), store: store)
          .run()
        #expect(table.rows.map { $0.measurement?.schedule.name } == ["h", "h", "h", "h"])
      }
    }
  }

  @Test func `leaves alone the neighbours' schedules that do not fit`() throws {
    try `A campaign`.withStore { store in
      let workloads = try `A campaign`.workloads()
      var behaviour = Self.behaviour()
      behaviour.schedules = { workload, _ in
        workload == workloads[0] ? Self.names : ["standard", "x", "y"]
      }
      behaviour.scheduleFailure = { schedule, stage in
        schedule == "d" && stage == .identity ? Failure(.unsupported, "no fit") : nil
      }
      var plan = try Self.plan()
      _ = try Self.row(Self.behaviour(), store)
      plan.workloads = workloads
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(behaviour), store: store
      ).run()
      for row in table.rows where row.workload != workloads[0] {
        #expect(!row.race.contains { $0.schedule == "d" })
        #expect(row.measurement != nil)
      }
    }
  }

  @Test func `stopped in the middle leaves nothing behind, and is run again`() throws {
    try `A campaign`.withStore { store in
      let backend = ScriptedBackend(Self.behaviour())
      let campaign = Campaign(
        plan: try Self.plan(), backend: backend, store: store,
        shouldStop: { backend.preparations.count >= 4 })
      #expect(try campaign.run().rows.isEmpty)
      let scope = try #require(campaign.table.unit)
      #expect(try store.attempts(fingerprint: scope) == [])
      let (row, _) = try Self.row(Self.behaviour(), store)
      #expect(row.measurement?.schedule.name == "d")
      #expect(row.race.count == 8)
    }
  }
}

@Suite struct `The choice of a schedule` {
  @Test func `is kept for the next time, and by a full race for good`() throws {
    try `A campaign`.withStore { store in
      let (first, _) = try `A race`.row(`A race`.behaviour(), store)
      let (again, idle) = try `A race`.row(`A race`.behaviour(), store)
      #expect(again == first)
      #expect(idle.preparations.isEmpty)

      // A full race knows one that is faster: its row begins afresh.
      var behaviour = `A race`.behaviour()
      behaviour.schedules = { _, effort in `A race`.names + (effort == .full ? ["z"] : []) }
      behaviour.cost = { _, schedule in schedule == "z" ? 0.3 : `A race`.costs[schedule] ?? 1 }
      let (full, backend) = try `A race`.row(behaviour, store, schedules: .raced(.full))
      #expect(full.measurement?.schedule == .init(name: "z", tuning: .full, candidates: 9))
      let expected = backend.behaviour.dispatchNanoseconds(full.workload) * 0.3
      let latency = try #require(full.measurement?.latency)
      #expect(abs(latency.p90Nanoseconds / expected - 1) < 1e-6)

      // Less effort than was spent needs no race.
      let (quick, resting) = try `A race`.row(behaviour, store)
      #expect(quick == full)
      #expect(resting.preparations.isEmpty)
    }
  }

  @Test func `is made anew for another catalogue`() throws {
    try `A campaign`.withStore { store in
      _ = try `A race`.row(`A race`.behaviour(), store)
      let backend = ScriptedBackend(`A race`.behaviour(), catalogue: "1")
      let table = try Campaign(
        plan: try `A race`.plan(), backend: backend, store: store
      ).run()
      #expect(Set(backend.preparations.map(\.schedule)) == Set(`A race`.names))
      #expect(table.rows.first?.measurement?.schedule.name == "d")
    }
  }

  @Test(
    arguments: [(.standard, "standard", .off), (.named("c"), "c", .fixed)]
      as [(Plan.Schedules, String, Tuning)])
  func `needs no race when it is given`(
    schedules: Plan.Schedules, name: String, tuning: Tuning
  ) throws {
    try `A campaign`.withStore { store in
      let raced = try `A race`.row(`A race`.behaviour(), store).row
      let (row, backend) = try `A race`.row(`A race`.behaviour(), store, schedules: schedules)
      #expect(row.measurement?.schedule == .init(name: name, tuning: tuning))
      #expect(row.race.isEmpty)
      #expect(Set(backend.preparations.map(\.schedule)) == [name])
      // Each keeps its own samples.
      let (again, idle) = try `A race`.row(`A race`.behaviour(), store)
      #expect(again == raced)
      #expect(idle.preparations.isEmpty)
    }
  }

  @Test func `fails the row by name when it does not fit`() throws {
    try `A campaign`.withStore { store in
      var behaviour = `A race`.behaviour()
      behaviour.scheduleFailure = { schedule, stage in
        schedule == "c" && stage == .prepare ? Failure(.unsupported, "its tile is too wide") : nil
      }
      let (row, _) = try `A race`.row(behaviour, store, schedules: .named("c"))
      #expect(row.failure == Failure(.unsupported, "its tile is too wide"))
    }
  }

  @Test func `is no race where there is one schedule`() throws {
    try `A campaign`.withStore { store in
      let (row, _) = try `A race`.row(ScriptedBackend.Behaviour(), store)
      #expect(row.measurement?.schedule == .init(name: "scripted", tuning: .quick, candidates: 1))
      #expect(row.race.isEmpty)
    }
  }
}
