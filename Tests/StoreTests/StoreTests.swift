import FoundationEssentials
import GRDB
import Store
import TableExamples
import Tables
import Testing
import Workloads

private let schedule = "direct/4x2x16/wg8x4/in:texel/w:uniform"
private let scope = Store.Scope(fingerprint: "llvmpipe-1", condition: "method 1, hot")
private let otherScope = Store.Scope(fingerprint: "llvmpipe-1", condition: "method 2, hot")
private let workload = exampleWorkloads[0]

private func samples(_ count: Int, from start: Int = 0) -> [Sample] {
  (start..<start + count).map {
    Sample(
      chainLength: 8 << ($0 % 3), nanoseconds: 1e6 + 0.125 * Double($0), wallNanoseconds: 2e6,
      speed: SpeedReading(arithmeticNanoseconds: 1.5e6, memoryNanoseconds: 2.5e6))
  }
}

@Suite("The store")
struct StoreTests {
  @Test("what is recorded is there, also after opening again")
  func roundTrip() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/data/srprof/store.sqlite"
      let failing = exampleWorkloads[4]
      do {
        let store = try Store(path: path)
        try store.record(device: exampleDevice, fingerprint: scope.fingerprint)
        let session = try store.startSession(in: scope)
        try store.append(
          samples(5), to: workload, schedule: schedule,
          readings: [
            SpeedReading(arithmeticNanoseconds: 1.5e6, memoryNanoseconds: 3e6),
            .init(arithmeticNanoseconds: 1.25e6),
          ], session: session)
        try store.append(samples(3, from: 5), to: workload, schedule: schedule, session: session)
        try store.append(
          [], to: workload, schedule: schedule,
          readings: [SpeedReading(arithmeticNanoseconds: 1.75e6)], session: session)
        try store.finish(workload, schedule: schedule, result: measured(workload), in: scope)
        try store.finish(failing, schedule: schedule, result: exampleFailure, in: scope)
        try store.append(samples(2), to: exampleWorkloads[1], schedule: schedule, session: session)
      }
      let store = try Store(path: path)
      #expect(try store.device(fingerprint: scope.fingerprint) == exampleDevice)
      #expect(try store.device(fingerprint: "another") == nil)
      let readings = try store.readings(in: scope)
      #expect(readings.map(\.arithmeticNanoseconds) == [1.5e6, 1.25e6, 1.75e6])
      #expect(readings.map(\.memoryNanoseconds) == [3e6, 0, 0])
      #expect(try store.readings(in: otherScope) == [])
      let stored = try store.stored(in: scope)
      #expect(stored.count == 3)
      #expect(stored[workload]?[schedule]?.samples == samples(8))
      #expect(stored[workload]?[schedule]?.result == measured(workload))
      #expect(stored[failing]?[schedule]?.result == exampleFailure)
      #expect(stored[failing]?[schedule]?.samples == [])
      #expect(stored[exampleWorkloads[1]]?[schedule]?.result == nil)
      #expect(stored[exampleWorkloads[1]]?[schedule]?.samples == samples(2))
      #expect(try store.stored(in: otherScope) == [:])
    }
  }

  @Test("a new store has the permissions that the mask leaves")
  func newPermissions() throws {
    try inTemporaryFolder { folder in
      // A file made by the standard library has them too.
      try Data().write(to: URL(filePath: "\(folder)/plain"))
      _ = try Store(path: "\(folder)/s.sqlite")
      let modes = try ["plain", "s.sqlite"].map { name in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        return "\(attributes[.posixPermissions] ?? 0)"
      }
      #expect(Set(modes).count == 1, "\(modes)")
    }
  }

  @Test("every workload and result is the same when read back")
  func everyRow() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      for row in exampleTable.rows {
        try store.finish(row.workload, schedule: schedule, result: row.result, in: scope)
      }
      let stored = try store.stored(in: scope)
      #expect(stored.count == exampleTable.rows.count)
      for row in exampleTable.rows {
        #expect(stored[row.workload]?[schedule]?.result == row.result)
      }
    }
  }

  @Test("a workload measured again has one row, with the later result")
  func again() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      try store.finish(workload, schedule: schedule, result: exampleFailure, in: scope)
      try store.finish(workload, schedule: schedule, result: measured(workload), in: scope)
      try store.finish(workload, schedule: schedule, result: exampleFailure, in: otherScope)
      let stored = try store.stored(in: scope)
      #expect(stored.count == 1)
      #expect(stored[workload]?[schedule]?.result == measured(workload))
    }
  }

  @Test("samples stay with a measured row, and go with a failed one")
  func samplesOfDoneRows() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let session = try store.startSession(in: scope)
      try store.append(samples(2), to: workload, schedule: schedule, session: session)
      try store.append(samples(1, from: 2), to: workload, schedule: schedule, session: session)
      try store.finish(workload, schedule: schedule, result: measured(workload), in: scope)
      #expect(try store.stored(in: scope)[workload]?[schedule]?.samples == samples(3))
      try store.finish(workload, schedule: schedule, result: exampleFailure, in: scope)
      #expect(try store.stored(in: scope)[workload]?[schedule]?.samples == [])
    }
  }

  @Test("ceilings are those recorded last")
  func ceilings() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      #expect(try store.ceilings(in: scope) == nil)
      try store.record(Ceilings(emptyDispatchNanoseconds: 1), in: scope)
      try store.record(Ceilings(emptyDispatchNanoseconds: 2, submissionNanoseconds: 3), in: scope)
      #expect(
        try store.ceilings(in: scope)
          == Ceilings(emptyDispatchNanoseconds: 2, submissionNanoseconds: 3))
      #expect(try store.ceilings(in: otherScope) == nil)
    }
  }

  @Test("what is erased is gone, and nothing else")
  func erase() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let session = try store.startSession(in: scope)
      let other = try store.startSession(in: otherScope)
      try store.append(
        samples(3), to: workload, schedule: schedule,
        readings: [SpeedReading(arithmeticNanoseconds: 1)], session: session)
      try store.append(samples(3), to: exampleWorkloads[1], schedule: schedule, session: session)
      try store.append(
        samples(2), to: workload, schedule: schedule,
        readings: [SpeedReading(arithmeticNanoseconds: 2)], session: other)
      try store.erase([workload, exampleWorkloads[2]], in: scope)
      #expect(try Array(store.stored(in: scope).keys) == [exampleWorkloads[1]])
      #expect(try store.readings(in: scope) == [])
      try store.erase([exampleWorkloads[1]], in: scope)
      #expect(try store.stored(in: scope) == [:])
      #expect(try store.readings(in: scope) == [])
      #expect(try store.stored(in: otherScope)[workload]?[schedule]?.samples == samples(2))
      #expect(try store.readings(in: otherScope).map(\.arithmeticNanoseconds) == [2])
    }
  }

  @Test("a store left in the middle of its work is one file with everything that was recorded")
  func left() throws {
    try inTemporaryFolder { folder in
      let store = try Store(path: "\(folder)/store.sqlite")
      let session = try store.startSession(in: scope)
      for index in 0..<20 {
        try store.append(
          samples(1, from: index), to: workload, schedule: schedule, session: session)
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: folder) == ["store.sqlite"])
      }
      // The copy is what a process killed now leaves behind.
      try FileManager.default.copyItem(
        atPath: "\(folder)/store.sqlite", toPath: "\(folder)/copy.sqlite")
      let copy = try Store(path: "\(folder)/copy.sqlite")
      #expect(try copy.stored(in: scope)[workload]?[schedule]?.samples == samples(20))
      try copy.append(
        samples(1, from: 20), to: workload, schedule: schedule,
        session: copy.startSession(in: scope))
      #expect(try copy.stored(in: scope)[workload]?[schedule]?.samples == samples(21))
    }
  }

  @Test("a store killed inside a write is as it was before that write")
  func killedInside() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/store.sqlite"
      let store = try Store(path: path)
      let session = try store.startSession(in: scope)
      try store.append(samples(500), to: workload, schedule: schedule, session: session)
      // A small cache makes SQLite write pages of a transaction that is never committed.
      let writer = try DatabaseQueue(path: path)
      try writer.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA cache_size = 1; BEGIN; UPDATE sample SET nanoseconds = 7")
        for end in ["", "-journal"] {
          try FileManager.default.copyItem(
            atPath: path + end, toPath: "\(folder)/killed.sqlite\(end)")
        }
        try db.execute(sql: "ROLLBACK")
      }
      let killed = try Store(path: "\(folder)/killed.sqlite")
      #expect(try killed.stored(in: scope)[workload]?[schedule]?.samples == samples(500))
    }
  }

  @Test("two stores on one file write at the same time, and neither loses anything")
  func concurrent() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/srprof-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/store.sqlite"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          let store = try Store(path: path, patience: 60)
          let own = Store.Scope(fingerprint: "device \(writer)", condition: "c")
          let session = try store.startSession(in: own)
          for index in 0..<50 {
            try store.append(
              samples(1, from: index), to: workload, schedule: schedule,
              readings: [SpeedReading(arithmeticNanoseconds: 1)],
              session: session)
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try Store(path: path)
    for writer in 0..<2 {
      let own = Store.Scope(fingerprint: "device \(writer)", condition: "c")
      #expect(try store.stored(in: own)[workload]?[schedule]?.samples == samples(50))
      #expect(try store.readings(in: own).count == 50)
    }
  }
}
