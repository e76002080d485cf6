internal import Networks
internal import Workloads

/// A layer whose trained weights are to be pruned in groups: whole filters, kernels, positions of blocks, or single
/// weights, as its scheme says.
struct PrunableLayer: Sendable {
  let scheme: PruningScheme
  let outputs: Int
  let inputs: Int
  let kernel: Int
  /// `[outputs, inputs, kernel, kernel]`.
  let weights: [Float]

  /// Filters and channels of a block.
  private static let block = (filters: 8, channels: 4)

  private var taps: Int { kernel * kernel }

  /// Squared norms of the groups.
  var norms: [Double] {
    switch scheme {
    case .none: []
    case .unstructured: weights.map { Double($0) * Double($0) }
    case .filter: sums(of: inputs * taps)
    case .pattern: sums(of: taps)
    case .blockPunched: blockNorms
    }
  }

  /// Weights of each group; ragged blocks have fewer.
  var groupSizes: [Int] {
    switch scheme {
    case .none: []
    case .unstructured: [Int](repeating: 1, count: weights.count)
    case .filter: [Int](repeating: inputs * taps, count: outputs)
    case .pattern: [Int](repeating: taps, count: outputs * inputs)
    case .blockPunched:
      blocks.flatMap { block in
        [Int](repeating: block.filters.count * block.channels.count, count: taps)
      }
    }
  }

  /// The mask that keeps some groups: 1 where a weight stays.
  ///
  /// - Parameter kept: One for each group.
  func mask(keeping kept: [Bool]) -> [UInt8] {
    var mask = [UInt8](repeating: 0, count: weights.count)
    switch scheme {
    case .none: return [UInt8](repeating: 1, count: weights.count)
    case .unstructured:
      for index in kept.indices where kept[index] { mask[index] = 1 }
    case .filter:
      let size = inputs * taps
      for filter in kept.indices where kept[filter] {
        for index in filter * size..<(filter + 1) * size { mask[index] = 1 }
      }
    case .pattern:
      for place in kept.indices where kept[place] {
        let pattern = bestPattern(ofKernel: place)
        for tap in 0..<taps where pattern >> tap & 1 == 1 { mask[place * taps + tap] = 1 }
      }
    case .blockPunched:
      for (index, block) in blocks.enumerated() {
        for tap in 0..<taps where kept[index * taps + tap] {
          for filter in block.filters {
            for channel in block.channels { mask[(filter * inputs + channel) * taps + tap] = 1 }
          }
        }
      }
    }
    return mask
  }

  /// All weights over kept ones; kernels and filters over kept ones where a scheme counts these.
  func rate(keeping kept: [Bool]) -> Double {
    guard scheme == .blockPunched else {
      return Double(kept.count) / Double(max(1, kept.count(where: { $0 })))
    }
    let left = zip(kept, groupSizes).reduce(0) { $0 + ($1.0 ? $1.1 : 0) }
    return Double(weights.count) / Double(max(1, left))
  }

  private func sums(of size: Int) -> [Double] {
    stride(from: 0, to: weights.count, by: size).map { start in
      weights[start..<start + size].reduce(0) { $0 + Double($1) * Double($1) }
    }
  }

  private var blockNorms: [Double] {
    blocks.flatMap { block in
      (0..<taps).map { tap in
        var sum = 0.0
        for filter in block.filters {
          for channel in block.channels {
            let weight = Double(weights[(filter * inputs + channel) * taps + tap])
            sum += weight * weight
          }
        }
        return sum
      }
    }
  }

  /// Blocks, row by row of filters.
  private var blocks: [(filters: Range<Int>, channels: Range<Int>)] {
    stride(from: 0, to: outputs, by: Self.block.filters).flatMap { filter in
      stride(from: 0, to: inputs, by: Self.block.channels).map { channel in
        (
          filter..<min(filter + Self.block.filters, outputs),
          channel..<min(channel + Self.block.channels, inputs)
        )
      }
    }
  }

  /// The pattern that keeps most of a kernel.
  private func bestPattern(ofKernel place: Int) -> UInt16 {
    var best: (pattern: UInt16, energy: Double)?
    for pattern in PatternLibrary.default.patterns {
      let energy = (0..<taps).reduce(0.0) { sum, tap in
        let weight = Double(weights[place * taps + tap])
        return sum + (pattern >> tap & 1 == 1 ? weight * weight : 0)
      }
      if energy > best?.energy ?? -1 { best = (pattern, energy) }
    }
    return best?.pattern ?? 0
  }
}
