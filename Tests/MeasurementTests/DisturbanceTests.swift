import Measurement
import Statistics
import Store
import Tables
import Testing
import Workloads

/// Disturbances that are played to a campaign, and the conclusion that it must come to.
@Suite struct `A campaign that is disturbed` {
  /// Three convolutions, bound by arithmetic, and three additions, bound by memory.
  private static func workloads() throws -> [Workload] {
    try `A campaign`.workloads()
      + [16, 32, 48].map { try Workload(.add(channels: $0), height: 90, width: 160) }
  }

  private static func isOfMemory(_ workload: Workload) -> Bool { workload.macs == 0 }

  /// Runs a campaign on a device of which the ceilings are known.
  private static func table(
    of workloads: [Workload]? = nil, seconds: Double = 2,
    _ change: (inout ScriptedBackend.Behaviour) -> Void
  ) throws -> LatencyTable {
    try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      change(&behaviour)
      let backend = ScriptedBackend(behaviour)
      try store.record(
        Ceilings(fp32GigaflopsPerSecond: 1, copyGigabytesPerSecond: 10),
        in: backend.scope(at: .inNetwork))
      let plan = Plan(
        profile: "test", workloads: try workloads ?? Self.workloads(),
        rule: StoppingRule(targetHalfWidth: 0.02, budgetSeconds: seconds))
      return try Campaign(plan: plan, backend: backend, store: store).run()
    }
  }

  private func expectRight(_ table: LatencyTable, within share: Double) throws {
    let dispatchNanoseconds = ScriptedBackend.Behaviour().dispatchNanoseconds
    #expect(table.complete && table.rows.count == 6)
    for row in table.rows {
      let latency = try #require(row.measurement?.latency, "\(row)")
      let expected = dispatchNanoseconds(row.workload)
      #expect(abs(latency.undisturbedNanoseconds / expected - 1) < share, "\(row)")
    }
  }

  @Test func `by neighbours that take bandwidth discards samples of what memory bounds alone`()
    throws
  {
    let table = try Self.table(seconds: 6) {
      $0.slownessOf = { Self.isOfMemory($0) && 8..<24 ~= $1 ? 1.3 : 1 }
    }
    try expectRight(table, within: 0.02)
    #expect(table.speed.discardedShare > 0.05)
    for row in table.rows where !Self.isOfMemory(row.workload) {
      #expect(row.measurement?.latency.stable == true, "\(row)")
    }
    #expect(table.speed.arithmetic.medianOverUndisturbed < 1.01)
    #expect(table.speed.memory != nil)
  }

  @Test func `by bandwidth that never comes back says at which speed memory was`() throws {
    // So many rows that most are never seen at full speed.
    let additions = try (1...20).map { try Workload(.add(channels: $0), height: 90, width: 160) }
    let table = try Self.table(of: additions) {
      $0.slownessOf = { Self.isOfMemory($0) && $1 > 6 ? 1.5 : 1 }
    }
    #expect(try #require(table.speed.memory).relativeSpeed < 0.75)
    #expect(table.speed.arithmetic.relativeSpeed == 1)
    #expect(table.warnings.contains { $0.contains("its memory ran at 66 %") }, "\(table.warnings)")
    #expect(!table.warnings.contains { $0.contains("the device ran at") })
  }

  @Test func `by a clock that drops for a while discards samples of what arithmetic bounds alone`()
    throws
  {
    let table = try Self.table(seconds: 6) {
      $0.slownessOf = { !Self.isOfMemory($0) && 8..<24 ~= $1 ? 1.3 : 1 }
    }
    try expectRight(table, within: 0.02)
    #expect(table.speed.discardedShare > 0.05)
    #expect(try #require(table.speed.memory).medianOverUndisturbed < 1.01)
  }

  @Test func `by bursts has undisturbed figures, and medians that say what a user sees`() throws {
    let table = try Self.table(seconds: 6) {
      // Six of ten chains wait for others.
      $0.interference = { random in random.below(10) < 6 ? 0.5 + Double(random.below(100)) / 100 : 0
      }
    }
    try expectRight(table, within: 0.02)
    for row in table.rows {
      let latency = try #require(row.measurement?.latency)
      #expect(latency.medianNanoseconds > 1.3 * latency.undisturbedNanoseconds, "\(row)")
    }
  }

  @Test func `by a slow start has the figures of the device once it is warm`() throws {
    let table = try Self.table(seconds: 4) { $0.slowness = { max(1, 1.8 - $0 / 2) } }
    try expectRight(table, within: 0.02)
  }

  @Test func `by a drift has intervals that hold the time of the quiet device`() throws {
    let table = try Self.table { $0.slowness = { 1 + $0 * 0.002 } }
    try expectRight(table, within: 0.05)
    for row in table.rows {
      let latency = try #require(row.measurement?.latency)
      let quiet = ScriptedBackend.Behaviour().dispatchNanoseconds(row.workload)
      #expect(latency.lowNanoseconds <= quiet && quiet <= latency.highNanoseconds, "\(row)")
    }
    #expect(table.speed.arithmetic.medianOverUndisturbed > 1.005)
  }

  @Test(arguments: [Failure.Kind.outOfMemory, .wrongOutput, .crashed, .timedOut, .deviceLost])
  func `by a driver that cannot add up large maps is measured by arithmetic alone`(
    kind: Failure.Kind
  ) throws {
    let table = try Self.table {
      $0.failure = { workload, _ in
        Self.isOfMemory(workload) && workload.width == 320 ? Failure(kind, "scripted") : nil
      }
    }
    try expectRight(table, within: 1e-6)
    #expect(table.speed.memory == nil)
    #expect(
      table.warnings.contains { $0.contains("reference kernel of memory") }, "\(table.warnings)")
  }

  @Test(arguments: [1.3, 3])
  func `at each visit to a row remembers that its race saw it faster`(slowness: Double) throws {
    let target = try Self.workloads()[1]
    let table = try Self.table { behaviour in
      behaviour.schedules = { _, _ in ["standard", "other"] }
      behaviour.cost = { _, schedule in schedule == "other" ? 1 : 1.5 }
      behaviour.slownessOf = { $0 == target && $1 > 4 ? slowness : 1 }
    }
    let row = try #require(table.rows.first { $0.workload == target })
    if slowness > 2 {
      #expect(row.failure?.kind == .tooNoisy, "\(row)")
    } else {
      let latency = try #require(row.measurement?.latency)
      #expect(!latency.stable)
      let expected = ScriptedBackend.Behaviour().dispatchNanoseconds(target)
      #expect(latency.lowNanoseconds < expected * 1.05)
    }
    for row in table.rows where row.workload != target {
      #expect(row.measurement?.latency.stable == true, "\(row)")
    }
  }
}
