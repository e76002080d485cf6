import Prediction
import SyntheticTables
import Tables
import Testing
import Workloads

/// Pruned 1x1 layers of few outputs on a device that is bound by fetching inputs.
@Suite struct `Inputs that no weight needs` {
  private static let rates = [1.5, 2, 3, 5, 10]

  private static func layers(_ scheme: Sparsity.Scheme) throws -> [Workload] {
    try [48, 64, 96, 128, 160, 192].flatMap { inputs in
      try rates.map { rate in
        let dense = Convolution(kernel: 1, inputs: inputs, outputs: 8)
        return try Workload(
          .convolution(try dense.pruned(scheme, rate: rate)), height: 90, width: 160)
      }
    }
  }

  /// 20 us, and 2 ns for each pixel of each four channels that are needed: all of them with single weights, with blocks
  /// of all outputs the share that is kept.
  private static func nanoseconds(_ workload: Workload) -> Double {
    guard case .convolution(let it) = workload.operation else { return 0 }
    let isBlocks = if case .blockPunched = it.sparsity?.scheme { true } else { false }
    let needed = isBlocks ? it.keptShare : 1 - pow(1 - it.keptShare, 32)
    return 2e4 + 2 * Double(it.inputs) / 4 * needed * 90 * 160
  }

  private static func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  @Test func `are not fetched, so that block-punched layers are fast where others are not`() throws
  {
    let device = SyntheticDevice()
    let (blocks, weights) = (try Self.layers(.blockPunched), try Self.layers(.unstructured))
    let hidden = blocks.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
    var table = device.table([])
    table.rows = (blocks + weights).filter { !hidden.contains($0) }.map {
      device.row($0, nanoseconds: Self.nanoseconds($0), schedule: "listed")
    }
    let predictor = try LatencyPredictor(table: table)
    for workload in hidden {
      let error = try predictor.latency(of: workload).nanoseconds / Self.nanoseconds(workload) - 1
      #expect(abs(error) < 0.12, "\(workload.name): \(error)")
    }
  }

  @Test func `make no difference to bounds of dense layers, where a pruned row ran dense`() throws {
    let device = SyntheticDevice()
    let dense = try [16, 32, 64].map { try convolution(3, $0, 32) }
    let pruned = try convolution(3, 32, 32, rate: 2)
    var table = device.table(dense)
    // A schedule that leaves nothing out, in a bad minute.
    table.rows.append(
      device.row(pruned, nanoseconds: 2 * device.nanoseconds(dense[1]), schedule: "direct"))
    let between = try convolution(3, 48, 32)
    let row = try LatencyPredictor(table: table).latency(of: between)
    #expect(row.nanoseconds < 1.5 * device.nanoseconds(between))
    #expect(row.nanoseconds < device.nanoseconds(dense[2]))
  }
}
