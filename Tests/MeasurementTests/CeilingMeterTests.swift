import FoundationEssentials
import Kernels
import Measurement
import Store
import Tables
import Testing
import Workloads

@Suite(.serialized) struct `What a device can do at best` {
  @Test func `is measured on both software drivers, silently under validation`() throws {
    for backend in try SoftwareDevices.backends() {
      var meter = CeilingMeter(backend)
      var ceilings = try meter.launch()
      let notes = try meter.addRates(to: &ceilings)
      #expect(notes.isEmpty, "\(notes)")
      #expect(try #require(ceilings.emptyDispatchNanoseconds) > 0)
      #expect(try #require(ceilings.fp32GigaflopsPerSecond) > 0.01)
      #expect((ceilings.fp16GigaflopsPerSecond != nil) == backend.limits.shaderFloat16)
      let paths = try #require(ceilings.copyPaths)
      #expect(paths.keys.sorted() == ["storage", "texel"])
      #expect(ceilings.copyGigabytesPerSecond == paths.values.max())
      let footprints = try #require(ceilings.copyFootprints)
      #expect(footprints.keys.min() == 4 << 20)
      #expect(footprints[footprints.keys.max() ?? 0] == ceilings.copyGigabytesPerSecond)
    }
  }

  /// A kernel that does less than it should looks fast; its output tells.
  @Test(arguments: [
    ("ceiling_multiply_add.comp", "trip < trips.x", "trip + 1u < trips.x", "arithmetic"),
    ("ceiling_copy.comp", "i < TEXELS; ++i) output_", "i + 1 < TEXELS; ++i) output_", "copying"),
  ])
  func `is not what a loop that ends early seems to do`(
    shader: String, text: String, replacement: String, what: String
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-ceilings-\(UInt64.random(in: 0...UInt64.max))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let source = try ShaderLibrary().text(of: shader)
    let parts = source.split(separator: text, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    try Data(parts.joined(separator: replacement).utf8).write(to: folder.appending(path: shader))
    for backend in try SoftwareDevices.backends(
      library: try ShaderLibrary(overridingWith: folder.path))
    {
      var ceilings = Ceilings(emptyDispatchNanoseconds: 1, submissionNanoseconds: 1)
      let notes = try CeilingMeter(backend).addRates(to: &ceilings)
      let arithmetic = what == "arithmetic"
      #expect((ceilings.fp32GigaflopsPerSecond == nil) == arithmetic)
      #expect((ceilings.copyGigabytesPerSecond == nil) == !arithmetic)
      #expect(notes.contains { $0.contains(what) && $0.contains("not written, or is wrong") })
    }
  }

  /// A campaign on a scripted device with ceilings that the store has from before.
  private func table(
    fp32: Double, _ change: (inout ScriptedBackend.Behaviour) -> Void = { _ in }
  ) throws -> LatencyTable {
    try `A campaign`.withStore { store in
      var behaviour = ScriptedBackend.Behaviour()
      change(&behaviour)
      let backend = ScriptedBackend(behaviour)
      let plan = try `A campaign`.plan()
      _ = try store.keep(
        Ceilings(fp32GigaflopsPerSecond: fp32, copyGigabytesPerSecond: 1e6), of: backend)
      return try Campaign(plan: plan, backend: backend, store: store).run()
    }
  }

  @Test(arguments: Method.Temperature.allCases)
  func `is measured by the first campaign, or before it, and by no later one`(
    temperature: Method.Temperature
  ) throws {
    for isKnown in [false, true] {
      try `A campaign`.withStore { store in
        let backend = ScriptedBackend()
        if isKnown {
          _ = try store.keep(
            Ceilings(fp32GigaflopsPerSecond: 100, copyGigabytesPerSecond: 1e6), of: backend)
        }
        var plan = try `A campaign`.plan()
        plan.temperature = temperature
        _ = try Campaign(plan: plan, backend: backend, store: store).run()
        #expect((backend.ratesAsked == 0) == isKnown)
      }
    }
  }

  @Test func `is the best that was ever measured, figure by figure`() throws {
    try `A campaign`.withStore { store in
      let backend = ScriptedBackend()
      let scope = backend.scope(at: .inNetwork)
      // Another text would lose what stores hold.
      #expect(scope.condition == "deviceTimestamps inNetwork ring 4")
      let first = Ceilings(emptyDispatchNanoseconds: 10, fp32GigaflopsPerSecond: 100)
      let kept = try store.keep(first, of: backend)
      #expect(kept == first)
      let second = Ceilings(emptyDispatchNanoseconds: 20, fp32GigaflopsPerSecond: 200)
      let best = Ceilings(emptyDispatchNanoseconds: 10, fp32GigaflopsPerSecond: 200)
      let keptNow = try store.keep(second, of: backend)
      #expect(keptNow == best)
      let (stored, device) = (
        try store.ceilings(in: scope), try store.device(fingerprint: scope.fingerprint)
      )
      #expect(stored == best)
      #expect(device == backend.device)
    }
  }

  @Test func `is kept in the store and used again, and rows say what share of them they reach`()
    throws
  {
    let table = try table(fp32: 100)
    #expect(table.ceilings.fp32GigaflopsPerSecond == 100)
    for row in table.rows {
      let efficiency = try #require(row.measurement?.efficiency)
      let share = try #require(efficiency.ofCeiling)
      #expect(efficiency.bound == .compute)
      #expect(abs(share - efficiency.gigaflopsPerSecond / 100) < 1e-6)
    }
    #expect(!table.warnings.contains { $0.contains("ceilings") })
  }

  @Test func `is exceeded only by an error of measurement, which the table names`() throws {
    let table = try table(fp32: 1e-6)
    #expect(table.rows.allSatisfy { ($0.measurement?.efficiency.ofCeiling ?? 0) > 1 })
    let warning = try #require(table.warnings.first { $0.contains("ceilings") })
    #expect(warning.contains(table.rows[0].workload.name))
    #expect(warning.contains("2 more"))
  }

  @Test func `is not needed to say that a driver executes nothing`() throws {
    let table = try table(fp32: 100) {
      $0.checkFailure = { _, _ in Failure(.wrongOutput, "nothing was written") }
    }
    #expect(table.complete)
    #expect(table.rows.count == 3)
    for row in table.rows {
      #expect(row.failure == Failure(.wrongOutput, "nothing was written"))
    }
    #expect(table.warnings.contains { $0.contains("cannot run the reference kernel") })
  }
}
