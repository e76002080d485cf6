import Prediction
import SyntheticTables
import Tables
import Testing
import Workloads

/// Pruned layers that a table lacks, on devices that skip pruned weights, or do not.
@Suite struct PrunedLayerTests {
  private let device = SyntheticDevice()

  /// A table of dense rows, and of pruned ones as they would be measured.
  ///
  /// - Parameters:
  ///   - skipping: What a kept weight takes where others are skipped, over what it takes dense; `nil` if the
  ///     device cannot.
  ///   - mayRunDense: Whether pruned layers run dense where that is faster.
  private func table(skipping: Double?, mayRunDense: Bool = true) throws -> LatencyTable {
    var table = device.table(try convolutions(kernels: [3]))
    for channels in [16, 24, 32, 48, 64] {
      for rate in [2, 4, 8] as [Double] {
        table.rows.append(
          row(
            try convolution(3, channels, channels, rate: rate), skipping: skipping,
            mayRunDense: mayRunDense))
      }
    }
    return table
  }

  private func row(_ pruned: Workload, skipping: Double?, mayRunDense: Bool) -> Row {
    let dense = ("direct/4x1x16", device.nanoseconds(pruned.dense))
    let ways = [
      mayRunDense ? dense : nil, skipping.map { ("listed/4x2x8", skippingTime(pruned, $0)) },
    ].compactMap(\.self)
    let best = ways.min { $0.1 < $1.1 } ?? dense
    var row = device.row(pruned, nanoseconds: best.1, schedule: best.0)
    row.race = ways.map { Race.Candidate(schedule: $0.0, nanoseconds: $0.1, rounds: 2) }
    return row
  }

  private func skippingTime(_ pruned: Workload, _ skipping: Double) -> Double {
    let kept = Double(pruned.macs) / Double(pruned.denseMacs)
    return device.nanoseconds(pruned.dense) * kept * skipping
  }

  private func ratio(
    _ table: LatencyTable, kernel: Int = 3, rate: Double, to nanoseconds: (Workload) -> Double
  ) throws -> Double {
    let layer = try convolution(kernel, 40, 40, rate: rate)
    return try LatencyPredictor(table: table).latency(of: layer).nanoseconds / nanoseconds(layer)
  }

  @Test(arguments: [2, 3, 8] as [Double])
  func takeWhatDenseOnesDoWhereNothingIsSkipped(rate: Double) throws {
    let ratio = try ratio(try table(skipping: nil), rate: rate) { device.nanoseconds($0.dense) }
    #expect((0.95...1.05).contains(ratio), "\(ratio)")
  }

  @Test(arguments: [2, 8] as [Double])
  func takeTheFasterWay(rate: Double) throws {
    // Skipping pays from a third on.
    let ratio = try ratio(try table(skipping: 3), rate: rate) {
      min(device.nanoseconds($0.dense), skippingTime($0, 3))
    }
    #expect((0.85...1.15).contains(ratio), "\(ratio)")
  }

  @Test func areNotTakenToRunDenseByADeviceThatNeverDoes() throws {
    let ratio = try ratio(try table(skipping: 3, mayRunDense: false), rate: 2) {
      skippingTime($0, 3)
    }
    #expect((0.85...1.15).contains(ratio), "\(ratio)")
  }

  @Test func areNoSlowerThanDenseOnesWhereNoPrunedOneIsKnown() throws {
    let table = device.table(try convolutions(kernels: [3]))
    let ratio = try ratio(table, rate: 4) { device.nanoseconds($0.dense) }
    #expect(ratio > 0.1 && ratio < 1.05, "\(ratio)")
  }

  @Test func takeWhatDenseOnesDoWhereNoKernelSkips() throws {
    var table = try table(skipping: nil)
    table.rows += device.table(try convolutions(kernels: [1])).rows
    let ratio = try ratio(table, kernel: 1, rate: 4) { device.nanoseconds($0.dense) }
    #expect((0.95...1.05).contains(ratio), "\(ratio)")
  }
}
