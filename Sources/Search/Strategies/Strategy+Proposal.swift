internal import Statistics

extension Strategy {
  /// The candidates of a round: a function of the seed, the number of the round and what the rounds before
  /// found, and of nothing else.
  ///
  /// - Parameters:
  ///   - round: From 0, whose candidates are random.
  ///   - count: Candidates that are wanted at most; by default all of a round.
  public func proposal(
    round: Int, seed: UInt64, history: [Observation], in space: any FeasibleSpace,
    count: Int? = nil
  ) -> RoundProposal {
    var draw = Draw(
      space: space, known: Set(history.map(\.point)),
      generator: SplitMix64(state: SplitMix64.mixed(seed) ^ SplitMix64.mixed(UInt64(round) + 1)))
    let count = min(count ?? .max, round == 0 ? first : batch)
    let succeeded = history.filter { $0.quality != nil }
    guard round > 0, method != .random, succeeded.count > 1 else {
      return draw.proposal((0..<count).compactMap { _ in draw.random() })
    }
    switch method {
    case .random: return RoundProposal()
    case .evolution: return evolution(succeeded, count, &draw)
    case .bo: return bayesian(succeeded, count, &draw)
    }
  }

  private func evolution(
    _ history: [Observation], _ count: Int, _ draw: inout Draw
  ) -> RoundProposal {
    let living = Array(history.suffix(population))
    let children = (0..<count).compactMap { _ in
      var parent = living[draw.generator.below(living.count)]
      for _ in 1..<competitors {
        let other = living[draw.generator.below(living.count)]
        if other.quality ?? -.infinity > parent.quality ?? -.infinity { parent = other }
      }
      return draw.mutant(of: parent.point) ?? draw.random()
    }
    return draw.proposal(children)
  }

  private func bayesian(
    _ history: [Observation], _ count: Int, _ draw: inout Draw
  ) -> RoundProposal {
    let order = history.indices.sorted {
      (history[$1].quality ?? 0, $0) < (history[$0].quality ?? 0, $1)
    }
    let parents = order.prefix(self.parents).map { history[$0].point }
    var pool: [FeasiblePoint] = []
    // Some that are no relatives of the best keep the search from one corner.
    while pool.count < candidates * 3 / 10, let one = draw.random() { pool.append(one) }
    var tries = 0
    while pool.count < candidates, tries < 100 * candidates {
      // Where mutants are known already, mutants of mutants are not.
      let steps = 1 + tries / (20 * candidates)
      if let one = draw.step(from: parents[tries % parents.count], steps: steps) {
        pool.append(one)
      }
      tries += 1
    }
    var result = draw.proposal(pool)
    let scale = QualityScale(history.compactMap(\.quality))
    let (means, deviations, chosen, acquisitions) = picked(
      from: pool.map(\.point), history.map(\.point), scale, count, &draw.generator)
    result.chosen = chosen
    result.predictions = pool.indices.map {
      let quality = scale.quality(mean: means[$0], deviation: deviations[$0])
      return QualityPrediction(
        mean: quality.mean, deviation: quality.deviation, acquisition: acquisitions[$0])
    }
    return result
  }

  private typealias Picked = (
    means: [Double], deviations: [Double], chosen: [Int], acquisitions: [Double]
  )

  /// Predicts the points of a pool and picks those of greatest acquisition; of equal ones the first.
  private func picked(
    from pool: [Point], _ points: [Point], _ scale: QualityScale, _ count: Int,
    _ generator: inout SplitMix64
  ) -> Picked {
    var best = scale.values.max() ?? 0
    func acquisitions(_ means: [Double], _ deviations: [Double]) -> [Double] {
      pool.indices.map {
        acquisition.value(
          mean: means[$0], deviation: deviations[$0], best: best, using: &generator)
      }
    }
    func order(_ values: [Double], without chosen: [Int] = []) -> [Int] {
      pool.indices.filter { !chosen.contains($0) }.sorted { (values[$1], $0) < (values[$0], $1) }
    }
    switch surrogate {
    case .ensemble:
      let ensemble = NeuralEnsemble(points, scale.values, using: &generator)
      let predictions = pool.map(ensemble.prediction)
      let (means, deviations) = (predictions.map(\.mean), predictions.map(\.deviation))
      let values = acquisitions(means, deviations)
      return (means, deviations, Array(order(values).prefix(count)), values)
    case .gp:
      var posterior = GaussianProcess(points, scale.values).posterior(pool)
      let means = posterior.means
      let deviations = posterior.variances.map { $0.squareRoot() }
      let first = acquisitions(means, deviations)
      // Draws of one round differ by themselves.
      guard acquisition != .thompson else {
        return (means, deviations, Array(order(first).prefix(count)), first)
      }
      var chosen: [Int] = []
      var values = first
      while chosen.count < count, let next = order(values, without: chosen).first {
        chosen.append(next)
        best = max(best, means[next])
        posterior.believe(next)
        values = acquisitions(means, posterior.variances.map { $0.squareRoot() })
      }
      return (means, deviations, chosen, first)
    }
  }
}

/// Draws candidates that meet the limit and are not known, each once.
private struct Draw {
  let space: any FeasibleSpace
  var known: Set<Point>
  var generator: SplitMix64

  /// A new random candidate; `nil` if there seems to be none left.
  mutating func random() -> FeasiblePoint? {
    for _ in 0..<200 {
      if let one = new(space.random(using: &generator)) { return one }
    }
    // Few networks meet the limit: a walk from the fastest finds those.
    for steps in 1...200 {
      if let one = step(from: space.fastest.point, steps: steps) { return one }
    }
    return new(space.fastest.point)
  }

  /// A new candidate one mutation away from a point; further where all those are known.
  mutating func mutant(of point: Point) -> FeasiblePoint? {
    for tries in 0..<400 {
      if let one = step(from: point, steps: 1 + tries / 100) { return one }
    }
    return nil
  }

  /// A new candidate so many mutations away, all of which meet the limit; `nil` where it is known.
  mutating func step(from point: Point, steps: Int) -> FeasiblePoint? {
    var point = point
    for step in 1...max(steps, 1) {
      let next = space.mutated(point, using: &generator)
      guard let feasible = space.feasible(next) else { continue }
      point = feasible.point
      if step >= steps, let one = new(point) { return one }
    }
    return nil
  }

  private mutating func new(_ point: Point) -> FeasiblePoint? {
    guard let one = space.feasible(point), known.insert(one.point).inserted else { return nil }
    return one
  }

  /// All of some candidates.
  func proposal(_ candidates: [FeasiblePoint]) -> RoundProposal {
    RoundProposal(considered: candidates, chosen: Array(candidates.indices))
  }
}
