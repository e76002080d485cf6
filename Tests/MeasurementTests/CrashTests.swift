import FoundationEssentials
import Measurement
import Store
import Tables
import Testing
import Workloads

/// Kernels that take the machine with them. A copy of the store, made while a schedule first runs, is
/// what a process that ended there leaves behind.
@Suite struct `A kernel that ends its process` {
  /// The store that `times` processes leave behind which all end in the first run of a schedule for the
  /// plan's first workload.
  private func crashed(
    _ schedule: String, times: Int, _ plan: Plan, in folder: String,
    behaviour: ScriptedBackend.Behaviour
  ) throws -> Store {
    for time in 0..<times {
      let path = "\(folder)/\(time).sqlite"
      let backend = ScriptedBackend(behaviour)
      backend.behaviour.scheduleFailure = { [unowned backend] name, stage in
        let copy = "\(folder)/\(time + 1).sqlite"
        if name == schedule, stage == .prepare,
          backend.preparations.last?.workload == plan.workloads.first,
          !FileManager.default.fileExists(atPath: copy)
        {
          try? FileManager.default.copyItem(atPath: path, toPath: copy)
        }
        return nil
      }
      _ = try Campaign(plan: plan, backend: backend, store: try Store(path: path)).run()
    }
    return try Store(path: "\(folder)/\(times).sqlite")
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-crash-\(UInt64.random(in: 0...UInt64.max))").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `once is taken for a chance: the schedule is tried again, after the others`() throws {
    try withFolder { folder in
      let plan = try `A race`.plan(3)
      let store = try crashed("d", times: 1, plan, in: folder, behaviour: `A race`.behaviour())
      let backend = ScriptedBackend(`A race`.behaviour())
      var warnings: [String] = []
      let table = try Campaign(
        plan: plan, backend: backend, store: store,
        report: { if case .warning(let text) = $0 { warnings.append(text) } }
      ).run()
      #expect(table.rows.allSatisfy { $0.measurement?.schedule.name == "d" })
      let suspect = try #require(warnings.first { $0.contains("first ran d") })
      let last = try #require(plan.workloads.first { suspect.contains($0.name) })
      let order = backend.preparations.map(\.workload)
      let first = try #require(order.firstIndex(of: last))
      #expect(Set(order[..<first]).count == 2)
      let schedules = backend.preparations[first...].map(\.schedule)
      #expect(schedules.firstIndex(of: "d").map { $0 + 1 } == Set(schedules).count)
      #expect(try store.attempts(fingerprint: backend.fingerprint.unit) == [])
    }
  }

  @Test func `twice is a crash of the schedule, and another one wins`() throws {
    try withFolder { folder in
      let plan = try `A race`.plan(3)
      let store = try crashed("d", times: 2, plan, in: folder, behaviour: `A race`.behaviour())
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(`A race`.behaviour()), store: store
      ).run()
      #expect(table.complete)
      #expect(table.rows.allSatisfy { $0.measurement != nil })
      let failures = table.rows.flatMap(\.race).compactMap(\.failure)
      #expect(failures.map(\.kind) == [.crashed])
      #expect(failures.first?.reason.contains("2 processes ended") == true)

      // It stays so.
      let again = try Campaign(
        plan: plan, backend: ScriptedBackend(`A race`.behaviour()), store: store
      ).run()
      #expect(again.rows == table.rows)
    }
  }

  @Test func `on the only schedule of a row fails that row`() throws {
    try withFolder { folder in
      var plan = try `A race`.plan(2)
      plan.schedules = .standard
      let behaviour = ScriptedBackend.Behaviour()
      let store = try crashed("scripted", times: 2, plan, in: folder, behaviour: behaviour)
      let table = try Campaign(
        plan: plan, backend: ScriptedBackend(behaviour), store: store
      ).run()
      #expect(table.rows.compactMap(\.failure).map(\.kind) == [.crashed])
      #expect(table.rows.count { $0.measurement != nil } == 1)
    }
  }
}
