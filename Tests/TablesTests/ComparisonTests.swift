import TableExamples
import Tables
import Testing
import Workloads

@Suite("A comparison of tables")
struct ComparisonTests {
  private static func row(
    _ operation: Operation, _ nanoseconds: Double, plusMinus share: Double = 0.02
  ) throws -> Row {
    let workload = try Workload(operation, height: 90, width: 160)
    guard case .measured(var measurement) = measured(workload) else {
      throw InvalidWorkload(part: .all, description: "not measured")
    }
    measurement.latency.undisturbedNanoseconds = nanoseconds
    measurement.latency.lowNanoseconds = nanoseconds * (1 - share)
    measurement.latency.highNanoseconds = nanoseconds * (1 + share)
    return Row(workload: workload, result: .measured(measurement))
  }

  private static func convolution(_ outputs: Int) -> Operation {
    .convolution(Convolution(kernel: 3, inputs: 16, outputs: outputs))
  }

  private static func table(_ rows: [Row]) -> LatencyTable {
    var table = exampleTable
    table.rows = rows.sorted { $0.workload < $1.workload }
    return table
  }

  @Test("with itself is the same in every row, however uncertain")
  func itself() throws {
    let table = Self.table(
      try (1...9).map { try Self.row(Self.convolution($0), 1000, plusMinus: Double($0) / 10) })
    let comparison = Comparison(table, table)
    #expect(comparison.pairs.count == 9)
    #expect(comparison.pairs.allSatisfy { $0.verdict == .same && $0.ratio == 1 })
    #expect(comparison.ratio == 1)
  }

  @Test(
    "tells what is faster and slower from what nobody knows",
    arguments: [
      (1100.0, 0.02, Comparison.Verdict.slower), (900, 0.02, .faster), (1020, 0.02, .same),
      (1050, 0.1, .unclear), (1020, 0.5, .same), (1015, 0.001, .slower),
    ])
  func verdicts(nanoseconds: Double, share: Double, verdict: Comparison.Verdict) throws {
    let pair = try #require(
      Comparison(
        Self.table([try Self.row(Self.convolution(8), 1000, plusMinus: share)]),
        Self.table([try Self.row(Self.convolution(8), nanoseconds, plusMinus: share)])
      ).pairs.first)
    #expect(pair.verdict == verdict)
    #expect(pair.ratio == nanoseconds / 1000)
    #expect(pair.low < pair.ratio && pair.ratio < pair.high)
  }

  @Test("adds the errors of both rows as independent ones")
  func interval() throws {
    // One row is exact: what is left is the interval of the other.
    let exact = Self.table([try Self.row(Self.convolution(8), 1000, plusMinus: 0)])
    let rough = Self.table([try Self.row(Self.convolution(8), 2000, plusMinus: 0.1)])
    let pair = try #require(Comparison(exact, rough).pairs.first)
    #expect(abs(pair.low - 1.8) < 1e-9 && abs(pair.high - 2.2) < 1e-9)
    let other = try #require(Comparison(rough, exact).pairs.first)
    #expect(abs(other.low - 1 / 2.2) < 1e-9 && abs(other.high - 1 / 1.8) < 1e-9)
    // Of two equal errors, the square root of two, in logarithms.
    let both = try #require(Comparison(rough, rough).pairs.first)
    #expect(both.high > 1.14 && both.high < 1.17)
  }

  @Test("names rows of one table, and failed ones, and means over operators")
  func joining() throws {
    let failed = Row(
      workload: try Workload(.add(channels: 8), height: 90, width: 160),
      result: .failed(Failure(.unsupported, "no")))
    let first = Self.table([
      try Self.row(Self.convolution(8), 1000), try Self.row(Self.convolution(16), 1000),
      try Self.row(.add(channels: 4), 1000), try Self.row(.add(channels: 8), 1000),
      try Self.row(.add(channels: 12), 500),
    ])
    let second = Self.table([
      try Self.row(Self.convolution(8), 2000), try Self.row(Self.convolution(16), 8000),
      try Self.row(.add(channels: 4), 500), failed, try Self.row(.add(channels: 16), 500),
    ])
    let comparison = Comparison(first, second)
    #expect(comparison.onlyFirst.map(\.name) == ["add 12 90x160"])
    #expect(comparison.onlySecond.map(\.name) == ["add 16 90x160"])
    #expect(comparison.failed.map(\.name) == ["add 8 90x160"])
    #expect(comparison.families.map(\.name) == ["add", "conv3x3"])
    #expect(comparison.families.map(\.pairs) == [1, 2])
    #expect(abs(comparison.families[1].ratio - 4) < 1e-12)
    #expect(abs(try #require(comparison.ratio) - 2) < 1e-12)
    let chosen = Comparison(first, second) { $0.name.hasPrefix("conv") }
    #expect(chosen.pairs.count == 2 && chosen.onlyFirst.isEmpty && chosen.failed.isEmpty)
  }

  @Test("of several says who wins each row, by how much, and whether that is sure")
  func fastest() throws {
    let tables = [
      Self.table([
        try Self.row(Self.convolution(8), 1000), try Self.row(.add(channels: 4), 1000),
      ]),
      Self.table([try Self.row(Self.convolution(8), 3000)]),
      Self.table([
        try Self.row(Self.convolution(8), 1010), try Self.row(.add(channels: 8), 5),
      ]),
    ]
    let choices = FastestDevices(tables).choices
    #expect(choices.map(\.best) == [0, 2, 0])
    #expect(choices.map(\.margin) == [nil, nil, 1.01])
    #expect(choices.map(\.isClear) == [true, true, false])
    #expect(choices[2].nanoseconds == [1000, 3000, 1010])
  }
}
