/// How the candidates of a round are found.
public struct Strategy: Hashable, Sendable {
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// Random candidates.
    case random
    /// The oldest die, the best of a few that live has a child (Real et al., AAAI 2019).
    case evolution
    /// The best are mutated, and a surrogate picks from the mutants (Zhan et al., ICCV 2021).
    case bo
  }

  public enum Surrogate: String, Hashable, Sendable, CaseIterable {
    /// A Gaussian process with a Hamming kernel.
    case gp
    /// Five small networks.
    case ensemble
  }

  public var method: Method
  public var surrogate: Surrogate
  public var acquisition: Acquisition
  /// Candidates of the first round, which are random.
  public var first: Int
  /// Candidates of every other round: B of the paper.
  public var batch: Int
  /// Best candidates that are mutated: H of the paper.
  public var parents: Int
  /// Candidates that the surrogate picks from: C of the paper.
  public var candidates: Int
  /// Members that live, and how many of them compete to have a child, in `evolution`.
  public var population: Int
  public var competitors: Int

  /// Numbers below 1 are taken for 1.
  public init(
    _ method: Method = .bo, surrogate: Surrogate = .gp,
    acquisition: Acquisition = .expectedImprovement, first: Int = 10, batch: Int = 10,
    parents: Int = 10, candidates: Int = 300, population: Int = 30, competitors: Int = 10
  ) {
    self.method = method
    self.surrogate = surrogate
    self.acquisition = acquisition
    self.first = max(first, 1)
    self.batch = max(batch, 1)
    self.parents = max(parents, 1)
    self.candidates = max(candidates, self.batch)
    self.population = max(population, 1)
    self.competitors = max(competitors, 1)
  }

  /// The strategy's name and numbers: two searches by the same strategy, seed and history go on
  /// in the same way.
  public var description: String {
    let sizes = "first=\(first),batch=\(batch)"
    return switch method {
    case .random: "random:\(sizes)"
    case .evolution: "evolution:\(sizes),population=\(population),competitors=\(competitors)"
    case .bo:
      "bo:\(sizes),surrogate=\(surrogate.rawValue),acquisition=\(acquisition.rawValue),"
        + "parents=\(parents),candidates=\(candidates)"
    }
  }
}

/// A candidate that was evaluated, in the order of rounds and of candidates in a round.
public struct Observation: Hashable, Sendable {
  public var point: Point
  /// More is better; `nil` for one that failed, which is known but can never be best.
  public var quality: Double?

  public init(point: Point, quality: Double?) {
    self.point = point
    self.quality = quality
  }
}

/// A surrogate's figures of a candidate before it is evaluated.
public struct QualityPrediction: Hashable, Sendable {
  /// In the unit of the quality.
  public var mean: Double
  public var deviation: Double
  /// On a scale that only this round has.
  public var acquisition: Double

  public init(mean: Double, deviation: Double, acquisition: Double) {
    self.mean = mean
    self.deviation = deviation
    self.acquisition = acquisition
  }
}

/// The candidates of a round: all that were considered, and those that are to be evaluated.
public struct RoundProposal: Hashable, Sendable {
  public var considered: [FeasiblePoint] = []
  /// One for each of those considered, or none where no surrogate was asked.
  public var predictions: [QualityPrediction] = []
  /// Places in ``considered``, in the order in which they are evaluated and count. Empty when no candidate is
  /// left that is not known.
  public var chosen: [Int] = []
}
