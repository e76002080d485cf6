internal import ArgumentParser
internal import Search

/// How candidates are found.
struct StrategyOptions: ParsableArguments {
  @Option(
    help: """
      random; evolution: the oldest die, the best have children; bo: the best are mutated, and a surrogate picks.
      """)
  var strategy = Method.bo

  @Option(
    help: "What predicts quality in bo: gp, a Gaussian process, or ensemble, five small networks.")
  var surrogate = Surrogate.gp

  @Option(
    help: """
      What is picked by in bo: ei, the expected improvement; its, a draw from the prediction; ucb, its upper end.
      """)
  var acquisition = Pick.ei

  @Option(help: "Candidates of the first round, which are random.")
  var first = 10

  @Option(help: "Candidates of every other round.")
  var batch = 10

  @Option(help: "Best candidates that are mutated.")
  var parents = 10

  @Option(help: "Mutants that the surrogate picks from.")
  var mutants = 300

  @Option(help: "Selects the draws: the same seed finds the same.")
  var seed: UInt64 = 1

  func validate() throws {
    for (name, value) in [
      ("first", first), ("batch", batch), ("parents", parents), ("mutants", mutants),
    ] where !(1...100_000 ~= value) {
      throw ValidationError("--\(name) is 1 to 100000.")
    }
    guard mutants >= batch else { throw ValidationError("--mutants is at least --batch.") }
  }

  /// The strategy that is meant.
  var value: Strategy {
    Strategy(
      strategy.value, surrogate: surrogate.value, acquisition: acquisition.value, first: first,
      batch: batch, parents: parents, candidates: mutants)
  }

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case random, evolution, bo

    var value: Strategy.Method {
      switch self {
      case .random: .random
      case .evolution: .evolution
      case .bo: .bo
      }
    }
  }

  enum Surrogate: String, ExpressibleByArgument, CaseIterable {
    case gp, ensemble

    var value: Strategy.Surrogate {
      switch self {
      case .gp: .gp
      case .ensemble: .ensemble
      }
    }
  }

  enum Pick: String, ExpressibleByArgument, CaseIterable {
    case ei, its, ucb

    var value: Acquisition {
      switch self {
      case .ei: .expectedImprovement
      case .its: .thompson
      case .ucb: .upperConfidenceBound
      }
    }
  }
}
