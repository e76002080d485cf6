package import Networks
internal import Prediction
package import Search
internal import Statistics
internal import SyntheticTables
package import Tables
internal import Workloads

/// A table of what a space of WDSR needs, or every so many of them.
package func table(of space: WDSRSpace, share: Int = 1) throws -> LatencyTable {
  var workloads: Set<Workload> = []
  var random = SplitMix64(state: 11)
  for _ in 0..<60 {
    let rate = space.rates[random.below(space.rates.count)]
    let candidate = space.candidate(space.random(using: &random), rate: rate)
    guard let graph = try? candidate.graph() else { continue }
    workloads.formUnion(try LoweredNetwork(graph, fusingSplitBlocks: true).steps.map(\.workload))
  }
  let sorted = workloads.sorted()
  var table = SyntheticDevice(noise: 0.05).table(
    sorted.indices.filter { $0 % share == 0 }.map { sorted[$0] })
  table.additivity = Additivity(
    perDispatchNanoseconds: 2500, perSubmissionNanoseconds: 40_000, relativeSpread: 0.01,
    networks: 3)
  return table
}

package func smallSpace(
  channels: [Int] = [8, 16], cells: ClosedRange<Int> = 2...6,
  blocks: [Candidate.Block] = Candidate.Block.wdsr
) throws -> WDSRSpace {
  try WDSRSpace(
    scale: 2, output: ImageSize(width: 320, height: 180), channels: channels, cells: cells,
    blocks: blocks)
}

/// Searches of one small space, with evaluators that train nothing.
package struct SmallSearch {
  package let settings: SearchSettings
  package let space: any FeasibleSpace

  package init(seed: UInt64 = 1, target: Double = 4.5e6, strategy: Strategy = .small) throws {
    let wdsr = try smallSpace()
    let table = try table(of: wdsr)
    let limit = LatencyLimit(nanoseconds: target)
    space = try SearchSpace.wdsr(wdsr).limited(
      to: limit, table: table, predictor: LatencyPredictor(table: table))
    settings = SearchSettings(
      space: .wdsr(wdsr), table: table.fingerprint, limit: limit, seed: seed, strategy: strategy)
  }

  package func run(_ folder: String) throws -> SearchRun {
    try SearchRun(directory: folder, settings: settings, space: space)
  }

  package static func evaluator(
    _ mode: String = "good", workers: Int = 1, log: String = "", silence: Double = 2
  ) -> EvaluatorOptions {
    EvaluatorOptions(
      command: "python3 '\(stub)' \(mode) '\(log)'", workers: workers, readySeconds: 20,
      silenceSeconds: silence, deadlineSeconds: 4)
  }

  private static let stub =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/evaluator-stub.py"
}

extension WDSRSpace {
  /// Sixteen cells of 16, 24 or 32 channels, under four times the latency of the fastest.
  package static func large() throws -> any FeasibleSpace {
    let space = try WDSRSpace(
      scale: 2, output: ImageSize(width: 320, height: 180), cells: 16...16)
    let table = try table(of: space)
    let predictor = try LatencyPredictor(table: table)
    let all = try SearchSpace.wdsr(space).limited(
      to: LatencyLimit(nanoseconds: 1e12), table: table, predictor: predictor)
    return try SearchSpace.wdsr(space).limited(
      to: LatencyLimit(nanoseconds: 4 * all.fastest.nanoseconds), table: table,
      predictor: predictor)
  }
}

extension Strategy {
  package static let small = Strategy(first: 4, batch: 4, candidates: 20)
}
