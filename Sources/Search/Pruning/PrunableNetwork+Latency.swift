public import Networks

/// A pruned candidate that meets a latency.
public struct MetNetwork: Sendable {
  public let network: PrunedNetwork
  public let choice: PrunableNetwork.Choice
  /// Predicted latency, as it was held against the one to meet.
  public let nanoseconds: Double
}

/// The fastest that a choice can make a network does not meet a latency.
public struct UnreachablePruning: Error, Hashable {
  public let reachableNanoseconds: Double
}

extension PrunableNetwork {
  /// The network of the smallest threshold, one for all layers, that meets a latency.
  ///
  /// Bisects on the order of all groups: latency is taken to fall as more is pruned.
  ///
  /// - Parameter latency: Predicted latency of a candidate in nanoseconds.
  /// - Throws: ``UnreachablePruning``, or what `latency` throws.
  public func least(
    within nanoseconds: Double, latency: (Candidate) throws -> Double
  ) throws -> MetNetwork {
    var thresholds = [0.0]
    for share in shares where share > thresholds[thresholds.count - 1] {
      thresholds.append(share)
    }
    return try least(of: thresholds.count, within: nanoseconds, latency) {
      .threshold(thresholds[$0])
    }
  }

  /// The network of the smallest rate, one for all layers, that meets a latency.
  public func leastUniform(
    within nanoseconds: Double, latency: (Candidate) throws -> Double
  ) throws -> MetNetwork {
    // In steps of a half per cent.
    let step = 1.005
    var rates = [1.0]
    while let last = rates.last, last < Self.largestRate {
      rates.append(min(Self.largestRate, last * step))
    }
    return try least(of: rates.count, within: nanoseconds, latency) { .rate(rates[$0]) }
  }

  /// The first of choices, each pruning more than the one before, that meets a latency.
  private func least(
    of count: Int, within nanoseconds: Double, _ latency: (Candidate) throws -> Double,
    _ choice: (Int) -> Choice
  ) throws -> MetNetwork {
    func met(_ index: Int) throws -> MetNetwork {
      let choice = choice(index)
      let network = try pruned(by: choice)
      return MetNetwork(
        network: network, choice: choice, nanoseconds: try latency(network.candidate))
    }
    var best = try met(count - 1)
    guard best.nanoseconds <= nanoseconds else {
      throw UnreachablePruning(reachableNanoseconds: best.nanoseconds)
    }
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      let here = try met(middle)
      if here.nanoseconds <= nanoseconds {
        (best, high) = (here, middle)
      } else {
        low = middle + 1
      }
    }
    return best
  }

  /// The share of groups whose norm is within a factor of ten of a threshold: few where training has told the two
  /// kinds apart.
  public func undecidedShare(at threshold: Double) -> Double {
    let shares = shares
    let root = 10.0.squareRoot()
    let near = shares.count { threshold / root < $0 && $0 < threshold * root }
    return Double(near) / Double(max(1, shares.count))
  }
}
