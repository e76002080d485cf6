internal import Files
package import Search
package import Statistics

/// NAS-Bench-201 with the median latency on an FPGA as the limit.
package struct NASBench201: FeasibleSpace {
  /// Validation accuracies on CIFAR-100 in percent, by number.
  private let accuracies: [Double]
  private let latencies: [Double]
  private let limit: Double
  package let fastest: FeasiblePoint
  /// The best accuracy within the limit.
  package let bestAccuracy: Double

  package init() throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let bytes = try FileContents.read((folder + ["nas-bench-201.bin"]).joined(separator: "/"))
    var accuracies: [Double] = []
    var latencies: [Double] = []
    for start in stride(from: 0, to: bytes.count - 4, by: 5) {
      let row = bytes[start..<start + 5].map { Int($0) }
      accuracies.append(Double(row[0] + row[1] << 8) / 100)
      latencies.append(Double(row[2] + row[3] << 8 + row[4] << 16) / 10_000)
    }
    let limit = median(latencies) ?? 0
    self.accuracies = accuracies
    self.latencies = latencies
    self.limit = limit
    bestAccuracy = zip(accuracies, latencies).filter { $0.1 <= limit }.map(\.0).max() ?? 0
    let fastest = latencies.indices.min { latencies[$0] < latencies[$1] } ?? 0
    var digits = fastest
    let choices = (0..<6).map { _ in
      defer { digits /= 5 }
      return UInt8(digits % 5)
    }
    self.fastest = FeasiblePoint(
      point: Point(choices.reversed()), rate: 1, nanoseconds: latencies[fastest] * 1e6,
      highNanoseconds: latencies[fastest] * 1e6)
  }

  private func number(_ point: Point) -> Int { point.choices.reduce(0) { $0 * 5 + Int($1) } }

  package func accuracy(_ point: Point) -> Double { accuracies[number(point)] }

  package func random(using generator: inout SplitMix64) -> Point {
    Point((0..<6).map { _ in UInt8(generator.below(5)) })
  }

  package func mutated(_ point: Point, using generator: inout SplitMix64) -> Point {
    var result = point
    let place = generator.below(6)
    let other = UInt8(generator.below(4))
    result.choices[place] = other < point.choices[place] ? other : other + 1
    return result
  }

  package func feasible(_ point: Point) -> FeasiblePoint? {
    let latency = latencies[number(point)]
    guard latency <= limit else { return nil }
    return FeasiblePoint(
      point: point, rate: 1, nanoseconds: latency * 1e6, highNanoseconds: latency * 1e6)
  }

  /// The regret of the best of the first evaluations, for each number of evaluations.
  package func regrets(of strategy: Strategy, evaluations: Int, seed: UInt64) -> [Double] {
    var history: [Observation] = []
    var round = 0
    while history.count < evaluations {
      let proposal = strategy.proposal(
        round: round, seed: seed, history: history, in: self, count: evaluations - history.count)
      guard !proposal.chosen.isEmpty else { break }
      for index in proposal.chosen {
        let point = proposal.considered[index].point
        history.append(Observation(point: point, quality: accuracy(point)))
      }
      round += 1
    }
    var best = -Double.infinity
    return history.map { observation in
      best = max(best, observation.quality ?? best)
      return bestAccuracy - best
    }
  }
}
