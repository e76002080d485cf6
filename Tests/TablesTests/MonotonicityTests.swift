import Statistics
import TableExamples
import Tables
import Testing
import Workloads

@Suite("A table's monotonicity")
struct MonotonicityTests {
  private static let dense = Convolution(kernel: 3, inputs: 32, outputs: 32)

  private static func row(
    _ it: Convolution, _ nanoseconds: Double, plusMinus: Double = 1
  ) throws -> Row {
    let workload = try Workload(.convolution(it), height: 90, width: 160)
    guard case .measured(var measurement) = measured(workload) else {
      throw InvalidWorkload(part: .all, description: "not measured")
    }
    measurement.latency.undisturbedNanoseconds = nanoseconds
    measurement.latency.lowNanoseconds = nanoseconds - plusMinus
    measurement.latency.highNanoseconds = nanoseconds + plusMinus
    return Row(workload: workload, result: .measured(measurement))
  }

  private static func pruned(
    _ rate: Double, _ scheme: Sparsity.Scheme = .blockPunched, seed: UInt32 = 1
  ) throws -> Convolution {
    try dense.pruned(scheme, rate: rate, seed: seed)
  }

  private static func table(_ rows: [Row]) -> LatencyTable {
    var table = exampleTable
    table.rows = rows.sorted { $0.workload < $1.workload }
    return table
  }

  private static func smoothed(_ table: LatencyTable, _ it: Convolution) throws -> Double? {
    let workload = try Workload(.convolution(it), height: 90, width: 160)
    return table.rows.first { $0.workload == workload }
      .flatMap { table.monotonicity.smoothedNanoseconds(of: $0) }
  }

  @Test("of rows that fall is without violations, and leaves every figure")
  func falling() throws {
    let rows = [
      try Self.row(Self.dense, 100), try Self.row(try Self.pruned(2), 100),
      try Self.row(try Self.pruned(4), 40), try Self.row(try Self.pruned(8), 40),
    ]
    let table = Self.table(rows + exampleTable.rows)
    #expect(table.monotonicity.violations.isEmpty)
    #expect(table.monotonicity.warnings.isEmpty)
    for row in table.rows {
      #expect(
        table.monotonicity.smoothedNanoseconds(of: row)
          == row.measurement?.latency.undisturbedNanoseconds)
    }
  }

  @Test("tells noise, which it smooths, from more")
  func violations() throws {
    let rows = [
      try Self.row(Self.dense, 100), try Self.row(try Self.pruned(2), 60),
      try Self.row(try Self.pruned(4), 61.5), try Self.row(try Self.pruned(8), 72),
    ]
    let table = Self.table(rows)
    let monotonicity = table.monotonicity
    #expect(monotonicity.violations.count == 2)
    let noise = try #require(monotonicity.violations.first { $0.withinNoise })
    #expect(noise.workload == rows[2].workload)
    #expect(noise.denser == rows[1].workload)
    #expect(abs(noise.excess - 0.025) < 1e-9)
    let beyond = try #require(monotonicity.violations.first { !$0.withinNoise })
    #expect(beyond.workload == rows[3].workload)
    #expect(beyond.denser == rows[1].workload)
    #expect(abs(beyond.excess - 0.2) < 1e-9)
    #expect(
      monotonicity.warnings == [
        "1 pruned row is slower than a row of the same convolution that keeps more weights, beyond "
          + "the noise of both; the worst is 'conv3x3 32->32 90x160 blockpunched:1152/9216', 20.0 % "
          + "slower than 'conv3x3 32->32 90x160 blockpunched:4608/9216'. "
          + "A race of all schedules (--tune full) may find a better one.",
        "1 pruned row is slower than a row of the same convolution that keeps more weights, within "
          + "the noise of both; the worst is 'conv3x3 32->32 90x160 blockpunched:2304/9216', 2.5 % "
          + "slower than 'conv3x3 32->32 90x160 blockpunched:4608/9216'. "
          + "Predictors take smoothed figures.",
      ])
    for rate in [2.0, 4] {
      #expect(try Self.smoothed(table, try Self.pruned(rate)) == 60.75)
    }
    #expect(try Self.smoothed(table, try Self.pruned(8)) == 72)
    #expect(try Self.smoothed(table, Self.dense) == 100)
    #expect(table.rows == rows.sorted { $0.workload < $1.workload })
  }

  @Test("takes the dense row as the one that keeps most, of every scheme")
  func schemes() throws {
    let table = Self.table([
      try Self.row(Self.dense, 100, plusMinus: 5),
      try Self.row(try Self.pruned(2), 110, plusMinus: 5),
      try Self.row(try Self.pruned(2, .unstructured), 90),
      try Self.row(try Self.pruned(4, .unstructured), 93, plusMinus: 3),
    ])
    #expect(table.monotonicity.violations.count == 2)
    #expect(try Self.smoothed(table, Self.dense) == 105)
    #expect(try Self.smoothed(table, try Self.pruned(2)) == 105)
    // The narrower interval weighs nine times as much.
    #expect(abs((try Self.smoothed(table, try Self.pruned(4, .unstructured)) ?? 0) - 90.3) < 1e-9)
  }

  @Test("compares only the same convolution, scheme and seed")
  func apart() throws {
    var relu = try Self.pruned(4)
    relu.activation = .relu
    let mask = WeightMask(outputs: 32, inputs: 32, kernel: 3) { _, _, tap in tap == 4 }
    let table = Self.table([
      try Self.row(try Self.pruned(2), 10), try Self.row(relu, 20),
      try Self.row(try Self.pruned(4, seed: 2), 30),
      try Self.row(try Self.pruned(4, .unstructured), 40),
      try Self.row(try Self.pruned(4, .blockPunched(filters: 4, channels: 4)), 50),
      try Self.row(try Self.dense.pruned(by: mask), 60),
    ])
    #expect(table.monotonicity.violations.isEmpty)
    #expect(try Self.smoothed(table, relu) == 20)
    #expect(try Self.smoothed(table, try Self.dense.pruned(by: mask)) == 60)
    #expect(try Self.smoothed(table, Self.dense) == nil)
  }

  @Test("leaves failed rows out")
  func failed() throws {
    let workload = try Workload(.convolution(Self.dense), height: 90, width: 160)
    let table = Self.table([
      Row(workload: workload, result: exampleFailure), try Self.row(try Self.pruned(2), 10),
    ])
    let failed = try #require(table.rows.first { $0.workload == workload })
    #expect(table.monotonicity.smoothedNanoseconds(of: failed) == nil)
    #expect(table.monotonicity.violations.isEmpty)
  }

  @Test("smooths any figures within the noise to the nearest that never rise", arguments: 0..<40)
  func properties(_ seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    func figure() -> Double { 50 + Double(random.below(1000)) / 10 }
    func width() -> Double { 0.5 + Double(random.below(400)) / 10 }
    let rates = [1.5, 2, 3, 4, 8, 16]
    let schemes: [Sparsity.Scheme] = [.blockPunched, .unstructured, .pattern(.default)]
    var chains: [[Row]] = []
    for scheme in schemes {
      chains.append(
        try rates.map {
          try Self.row(try Self.pruned($0, scheme), figure(), plusMinus: width())
        })
    }
    let dense = try Self.row(Self.dense, figure(), plusMinus: width())
    let rows = chains.flatMap { $0 } + [dense]
    let monotonicity = Self.table(rows.shuffled(using: &random)).monotonicity
    var values: [Workload: Double] = [:]
    for row in rows {
      values[row.workload] = monotonicity.smoothedNanoseconds(of: row)
    }
    // What is slower beyond the noise keeps its figure; all the rest is for the others.
    let slower = Set(monotonicity.violations.filter { !$0.withinNoise }.map(\.workload))
    for row in rows where slower.contains(row.workload) {
      #expect(values[row.workload] == row.measurement?.latency.undisturbedNanoseconds)
    }
    let tooSlow = Set(monotonicity.violations.map(\.workload))
    func latency(_ row: Row) throws -> Latency { try #require(row.measurement).latency }
    // A row is in no violation exactly if no row that keeps more is faster.
    for chain in chains {
      for (index, row) in chain.enumerated() {
        let before = try ([dense] + chain[..<index]).map { try latency($0).undisturbedNanoseconds }
        let isTooSlow = try latency(row).undisturbedNanoseconds > (before.min() ?? .infinity)
        #expect(tooSlow.contains(row.workload) == isTooSlow)
      }
    }
    chains = chains.map { $0.filter { !slower.contains($0.workload) } }
    let smoothed = chains.flatMap { $0 } + [dense]
    func value(_ row: Row) throws -> Double { try #require(values[row.workload]) }
    func weight(_ row: Row) throws -> Double {
      let latency = try latency(row)
      let width = (latency.highNanoseconds - latency.lowNanoseconds) / 2
      return 1 / (width * width)
    }
    // Never rising, within rounding.
    for chain in chains {
      for (more, fewer) in zip([dense] + chain, chain) {
        #expect(try value(fewer) <= value(more) + 1e-9)
      }
    }
    // The weighted mean stays, and so does the range.
    let measured = try smoothed.reduce(0) {
      try $0 + weight($1) * latency($1).undisturbedNanoseconds
    }
    let smooth = try smoothed.reduce(0) { try $0 + weight($1) * value($1) }
    #expect(abs(measured - smooth) < 1e-9 * measured)
    let all = try rows.map { try latency($0).undisturbedNanoseconds }
    #expect(
      values.values.allSatisfy { (all.min() ?? 0) - 1e-9 <= $0 && $0 <= (all.max() ?? 0) + 1e-9 })
    // Nearest: the squares are convex, so it is enough that no step towards any other order-keeping
    // figures makes them smaller.
    for _ in 0..<50 {
      let top = figure()
      var slope =
        try weight(dense) * (value(dense) - latency(dense).undisturbedNanoseconds)
        * (top - value(dense))
      for chain in chains {
        let other = chain.map { _ in min(top, figure()) }.sorted(by: >)
        for (row, figure) in zip(chain, other) {
          slope +=
            try weight(row) * (value(row) - latency(row).undisturbedNanoseconds)
            * (figure - value(row))
        }
      }
      #expect(slope >= -1e-6)
    }
  }
}
