import TableExamples
import Tables
import Testing
import Workloads

@Suite("Tables that are merged")
struct MergedTableTests {
  private static let name = "conv3x3 32->32 180x320 relu"

  /// The example with one row, which takes these times.
  private static func table(
    _ nanoseconds: Double, plusMinus: Double, samples: Int = 10, schedule: String = "direct"
  ) throws -> LatencyTable {
    var table = exampleTable
    table.rows = [try #require(table.rows.first { $0.workload.name == name })]
    var measurement = try #require(table.rows[0].measurement)
    measurement.latency = Latency(
      undisturbedNanoseconds: nanoseconds, lowNanoseconds: nanoseconds - plusMinus,
      highNanoseconds: nanoseconds + plusMinus, medianNanoseconds: nanoseconds,
      p90Nanoseconds: nanoseconds, samples: samples, stable: true)
    measurement.schedule.name = schedule
    table.rows[0].result = .measured(measurement)
    return table
  }

  private static func merged(_ tables: [LatencyTable]) throws -> MergedTable {
    let inputs = tables.enumerated().map { MergedTable.Input("\($0 + 1).json", $1) }
    return try MergedTable(inputs[0], Array(inputs.dropFirst()))
  }

  /// The one row of tables that are merged in both orders.
  private static func latency(_ tables: [LatencyTable]) throws -> Latency {
    let merged = try merged(tables)
    #expect(try Self.merged(tables.reversed()).table.rows == merged.table.rows)
    return try #require(merged.table.rows[0].measurement).latency
  }

  /// The example in three shards.
  private static func shards() throws -> [LatencyTable] {
    let workloads = exampleTable.rows.map(\.workload)
    return try (1...3).map { index in
      let shard = try #require(Shard(index: index, of: 3))
      let part = shard.part(of: workloads)
      var table = exampleTable
      (table.shard, table.sweep) = (shard, Sweep(workloads))
      table.rows = table.rows.filter { part.contains($0.workload) }
      return table
    }
  }

  @Test("as all shards of a profile are the whole table")
  func whole() throws {
    var expected = exampleTable
    expected.sweep = Sweep(exampleTable.rows.map(\.workload))
    let merged = try Self.merged(try Self.shards().reversed()).table
    #expect(merged.rows == expected.rows)
    #expect(merged.complete && merged.shard == nil && merged.sweep == expected.sweep)
    #expect(merged.profile == "quick" && merged.warnings == expected.warnings)
    #expect(try LatencyTable(json: merged.json()) == merged)
  }

  @Test("are complete with the last row that was promised, and not before")
  func completeness() throws {
    let shards = try Self.shards()
    var two = try Self.merged([shards[0], shards[2]]).table
    #expect(!two.complete && two.sweep == shards[0].sweep && two.shard == nil)
    #expect(try Self.merged([two, shards[1]]).table.complete)
    var interrupted = shards[1]
    interrupted.complete = false
    interrupted.rows.removeLast()
    #expect(try !Self.merged([two, interrupted]).table.complete)
    #expect(try Self.merged([interrupted, two, shards[1]]).table.complete)
    // Of another profile, all of it: what is missing of the first is missing still.
    let other = try Self.table(1000, plusMinus: 10)
    #expect(try !Self.merged([two, other]).table.complete)
    #expect(try Self.merged([two, other]).table.sweep == nil)
    two.sweep = nil
    #expect(try !Self.merged([two, shards[1]]).table.complete)
  }

  @Test("of two profiles promise the rows of both")
  func profiles() throws {
    let other = try Self.table(1000, plusMinus: 10)
    var renamed = other
    renamed.profile = "other"
    renamed.rows[0].workload = try Workload(.add(channels: 7), height: 9, width: 9)
    let merged = try Self.merged([other, renamed]).table
    #expect(merged.profile == "quick, other" && merged.complete)
    #expect(merged.sweep == Sweep(merged.rows.map(\.workload)) && merged.rows.count == 2)
  }

  @Test("keep the narrowest interval of a row, and count the samples of all")
  func narrowest() throws {
    let tables = [
      try Self.table(1000, plusMinus: 50), try Self.table(1010, plusMinus: 10, samples: 7),
      try Self.table(1020, plusMinus: 30, samples: 100),
    ]
    let latency = try Self.latency(tables)
    #expect(latency.undisturbedNanoseconds == 1010 && latency.highNanoseconds == 1020)
    #expect(latency.samples == 117)
    #expect(try Self.merged(tables).disagreements.isEmpty)
  }

  @Test("name rows that contradict each other, in sentences that the table keeps")
  func disagreements() throws {
    let merged = try Self.merged([
      try Self.table(1000, plusMinus: 20), try Self.table(1250, plusMinus: 10),
    ])
    #expect(merged.disagreements.count == 1)
    let sentence = try #require(merged.disagreements.first)
    #expect(sentence.hasPrefix("'\(Self.name)' takes 25.0 % longer in 2.json than in 1.json"))
    #expect(sentence.contains("the row of 2.json is kept"))
    #expect(merged.table.warnings == exampleTable.warnings + [sentence])
  }

  @Test("keep the faster of two schedules if it is faster for sure, else the narrower row")
  func schedules() throws {
    let slow = try Self.table(1250, plusMinus: 1, schedule: "winograd")
    let fast = try Self.latency([try Self.table(1000, plusMinus: 100), slow])
    #expect(fast.undisturbedNanoseconds == 1000 && fast.samples == 10)
    let narrow = try Self.latency([try Self.table(1000, plusMinus: 300), slow])
    #expect(narrow.undisturbedNanoseconds == 1250 && narrow.samples == 10)
    #expect(try Self.merged([try Self.table(1000, plusMinus: 100), slow]).disagreements.isEmpty)
  }

  @Test("keep a measured row rather than a failed one")
  func failures() throws {
    let measured = try Self.table(1000, plusMinus: 50)
    var failed = measured
    failed.rows[0].result = exampleFailure
    #expect(try Self.latency([failed, measured, failed]).samples == 10)
    #expect(try Self.merged([failed, failed]).table.rows == failed.rows)
  }

  @Test("are what they were if one is a copy, or is merged a second time")
  func again() throws {
    let (a, b) = (try Self.table(1000, plusMinus: 10), try Self.table(1001, plusMinus: 30))
    #expect(try Self.latency([a, a]).samples == 10)
    #expect(try Self.merged([a, a]).table.speed == a.speed)
    let both = try Self.merged([a, b]).table
    #expect(try Self.latency([both, a]).samples == 20)
  }

  @Test("are refused unless they are of one model and method", arguments: 0..<14)
  func facts(_ index: Int) throws {
    var other = exampleTable
    switch index {
    case 0: other.fingerprint += "0"
    case 1: other.method.version += 1
    case 2: other.method.clock = .wallClock
    case 3: other.method.temperature = .hot
    case 4: other.method.ringSize = 1
    case 5: other.method.activationLayout = "N,H,W,C"
    case 6: other.method.quantile = 0.5
    case 7: other.compiler.srprof = "9"
    case 8: other.compiler.glslang = "9"
    case 9: other.compiler.spirvTools = "9"
    case 10: other.compiler.catalogue = "0"
    case 11: other.backend.channelBlock = 8
    case 12: other.backend.fusesSplitBlocks = false
    default: other.backend.skipsPruned = ["none"]
    }
    let conflict = #expect(throws: MergedTable.Conflict.self) {
      try Self.merged([exampleTable, exampleTable, other])
    }
    #expect(conflict?.description.hasPrefix("1.json and 3.json cannot be merged: the ") == true)
    #expect(conflict?.description.contains("\n") == false)
  }

  @Test("may differ in how long and in what order they were measured")
  func precision() throws {
    var other = exampleTable
    other.method.rowSeconds = 10
    other.method.targetHalfWidth = 0.01
    other.method.seed = 7
    let method = try Self.merged([exampleTable, other]).table.method
    #expect(method.rowSeconds == 10 && method.targetHalfWidth == 0.02)
  }

  @Test("have the best ceilings, and rows whose efficiency goes by them")
  func ceilings() throws {
    var (a, b) = (try Self.table(1e6, plusMinus: 10), try Self.table(1e6, plusMinus: 10))
    a.ceilings = Ceilings(emptyDispatchNanoseconds: 1000, copyGigabytesPerSecond: 20)
    b.ceilings = Ceilings(
      emptyDispatchNanoseconds: 900, fp32GigaflopsPerSecond: 1e5, copyGigabytesPerSecond: 10)
    let merged = try Self.merged([a, b]).table
    #expect(merged.ceilings == a.ceilings.raised(by: b.ceilings))
    let efficiency = try #require(merged.rows[0].measurement).efficiency
    #expect(
      efficiency
        == Measurement.Efficiency(
          workload: merged.rows[0].workload, nanoseconds: 1e6, ceilings: merged.ceilings,
          ringSize: 4))
    #expect(efficiency.bound == .memory)
  }

  @Test("keep the additivity of the table that has it, fitted on the most networks")
  func additivity() throws {
    func additivity(_ networks: Int) -> Additivity {
      Additivity(
        perDispatchNanoseconds: 1, perSubmissionNanoseconds: 2, relativeSpread: 0.01,
        networks: networks)
    }
    var (a, b) = (exampleTable, exampleTable)
    b.additivity = additivity(4)
    #expect(try Self.merged([a, b]).table.additivity == additivity(4))
    a.additivity = additivity(6)
    #expect(try Self.merged([b, a]).table.additivity == additivity(6))
  }

  @Test("say what only some of the shards warn of, and how fast each was")
  func speeds() throws {
    var shards = try Self.shards()
    shards[1].warnings.append("Hot.")
    shards[2].speed.arithmetic.referenceNanoseconds *= 1.25
    let merged = try Self.merged(shards)
    #expect(merged.table.warnings.prefix(2) == [exampleTable.warnings[0], "Shard 2/3: Hot."])
    #expect(merged.disagreements.count == 1)
    #expect(merged.disagreements[0].contains("25.0 % longer for 3.json than for"))
    let speed = merged.table.speed
    #expect(speed.readings == 360 && speed.arithmetic.referenceNanoseconds == 1.5e6)
    #expect(abs(speed.arithmetic.relativeSpeed - 2.8 / 3) < 1e-9)
  }

  @Test("know how fast memory was where all of them do")
  func memory() throws {
    var tables = [exampleTable, exampleTable]
    for index in tables.indices {
      tables[index].speed.memory = .init(
        referenceNanoseconds: index == 0 ? 2e6 : 2.5e6, medianOverUndisturbed: 1.1,
        relativeSpeed: 1)
    }
    let memory = try #require(try Self.merged(tables).table.speed.memory)
    #expect(memory.referenceNanoseconds == 2e6 && abs(memory.relativeSpeed - 0.9) < 1e-9)
    tables[1].speed.memory = nil
    #expect(try Self.merged(tables).table.speed.memory == nil)
  }

  @Test("may be of any schema version where they say the same of their back ends")
  func fixtures() throws {
    let tables = try (0...6).map {
      try LatencyTable(contentsOf: fixturePath("latency-table-1.\($0).0.json"))
    }
    #expect(try Self.merged([tables[1], tables[0]]).table.rows.count == 18)
    let later = try Self.merged(Array(tables[2...5])).table
    #expect(later.rows.count == 24 && later.complete && later.additivity != nil)
    #expect(throws: MergedTable.Conflict.self) { try Self.merged([tables[5], tables[6]]) }
  }
}
