internal import Tables
internal import Workloads

/// Latency of the candidates of a search space, prepared once: a candidate costs one look-up for each
/// layer, a mutation one for each layer it touches. A value that never changes, for any thread.
///
/// Entries are whole nanoseconds, so sums are the same in any order, and a mutation taken back gives
/// the very latency there was before.
public struct LatencyModel: Sendable {
  /// Head, tail, skip, and what the calibration adds once.
  public let fixedNanoseconds: Double
  /// By cell, block, layer and option, each padded to the longest list of its kind.
  private let nanoseconds: [Double]
  private let cells: Int
  private let layers: Int
  private let cellStride: Int
  private let blockStride: Int
  private let layerStride: Int

  /// Predicts every option of a space. Options of one layer that keep fewer weights of the same
  /// convolution by the same scheme are never slower than those that keep more.
  ///
  /// - Throws: ``PredictionError/failedRow(_:_:)`` for a workload that cannot run.
  public init(
    _ space: SearchSpace, predictor: LatencyPredictor
  ) throws(PredictionError) {
    cells = space.cells.count
    layers = space.layersPerCell
    layerStride = space.cells.joined().flatMap(\.layers).map(\.options.count).max() ?? 0
    blockStride = layers * layerStride
    cellStride = blockStride * (space.cells.map(\.count).max() ?? 0)
    var rows: [Workload: Double] = [:]
    func row(_ workload: Workload) throws(PredictionError) -> Double {
      if let known = rows[workload] { return known }
      let row = try predictor.latency(of: workload).nanoseconds
      let nanoseconds = row + (predictor.additivity?.added(toRow: row) ?? 0)
      rows[workload] = nanoseconds
      return nanoseconds
    }
    var fixed = predictor.additivity?.perSubmissionNanoseconds ?? 0
    for workload in space.fixed { fixed += try row(workload) }
    fixedNanoseconds = fixed.rounded()
    // Cells often have the same layers: each is predicted once.
    var known: [SearchSpace.Layer: [Double]] = [:]
    var table = [Double](repeating: 0, count: cells * cellStride)
    for (cell, blocks) in space.cells.enumerated() {
      for (block, it) in blocks.enumerated() {
        for (layer, it) in it.layers.enumerated() {
          let start = cell * cellStride + block * blockStride + layer * layerStride
          if known[it] == nil {
            var sums: [Double] = []
            for option in it.options {
              var sum = 0.0
              for workload in option.workloads { sum += try row(workload) }
              sums.append(sum)
            }
            known[it] = it.monotone(sums).map { $0.rounded() }
          }
          table.replaceSubrange(start..<start + it.options.count, with: known[it] ?? [])
        }
      }
    }
    nanoseconds = table
  }

  /// Nanoseconds of a candidate of the space.
  public func latency(_ candidate: EncodedCandidate) -> Double {
    precondition(candidate.choices.count == cells * (layers + 1), "a candidate of another space")
    var sum = fixedNanoseconds
    var choice = 0
    for cell in 0..<cells {
      var entry = cell * cellStride + Int(candidate.choices[choice]) * blockStride
      choice += 1
      for _ in 0..<layers {
        sum += nanoseconds[entry + Int(candidate.choices[choice])]
        entry += layerStride
        choice += 1
      }
    }
    return sum
  }

  /// Nanoseconds of a candidate after a mutation, which is not applied.
  ///
  /// - Parameter current: What ``latency(_:)`` says of the candidate before.
  public func latency(
    after mutation: Mutation, of candidate: EncodedCandidate, current: Double
  ) -> Double {
    switch mutation {
    case .layer(let cell, let layer, let option):
      let start =
        cell * cellStride + candidate.block(ofCell: cell) * blockStride + layer * layerStride
      return current - nanoseconds[start + candidate.option(ofCell: cell, layer: layer)]
        + nanoseconds[start + option]
    case .cell(let cell, let block, let options):
      let before = cell * cellStride + candidate.block(ofCell: cell) * blockStride
      let after = cell * cellStride + block * blockStride
      var sum = current
      for layer in 0..<layers {
        let option = layer < options.count ? options[layer] : 0
        sum -=
          nanoseconds[
            before + layer * layerStride + candidate.option(ofCell: cell, layer: layer)]
        sum += nanoseconds[after + layer * layerStride + option]
      }
      return sum
    }
  }
}

extension SearchSpace.Layer {
  /// Latencies of the options, none above that of an option that keeps more weights: pruned weights
  /// may be executed as zeros, so a denser option's time is always within reach.
  fileprivate func monotone(_ nanoseconds: [Double]) -> [Double] {
    options.indices.map { index in
      guard let one = options[index].pruning else { return nanoseconds[index] }
      var least = nanoseconds[index]
      for (other, it) in options.enumerated() {
        guard let denser = it.pruning, denser.dense == one.dense, denser.kept >= one.kept,
          denser.scheme == one.scheme || denser.scheme == nil
        else { continue }
        least = min(least, nanoseconds[other])
      }
      return least
    }
  }
}

extension SearchSpace.Option {
  fileprivate typealias Pruned = (dense: Workload, scheme: Sparsity.Scheme?, kept: Int)

  /// What is pruned, if the option is one convolution.
  fileprivate var pruning: Pruned? {
    guard workloads.count == 1, case .convolution(let it) = workloads[0].operation else {
      return nil
    }
    return (workloads[0].dense, it.sparsity?.scheme, it.keptWeights)
  }
}
