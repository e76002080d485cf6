public import Networks

/// The third stage of a search: its beginning, the lengths of its trainings, the ways that it compares.
public struct PruningPlan: Hashable, Sendable {
  /// Its schemes say what is pruned together; its rates are not looked at.
  public var candidate: Candidate
  /// Path of trained weights of the dense candidate; `nil` trains them first.
  public var weights: String?
  /// The latency to meet, as `latency` of ``PruningRun`` tells it.
  public var nanoseconds: Double
  /// Training steps of the dense candidate, of each reweighted run, and with the masks.
  public var denseSteps: Int
  public var steps: Int
  public var retrainSteps: Int
  /// Weights of the reweighted penalty that are tried.
  public var lambdas: [Double]
  public var seed: UInt64

  public init(
    candidate: Candidate, weights: String? = nil, nanoseconds: Double, denseSteps: Int = 4000,
    steps: Int = 3000, retrainSteps: Int = 2000, lambdas: [Double] = [1e-6, 1e-5, 1e-4],
    seed: UInt64 = 1
  ) {
    self.candidate = candidate
    self.weights = weights
    self.nanoseconds = nanoseconds
    self.denseSteps = denseSteps
    self.steps = steps
    self.retrainSteps = retrainSteps
    self.lambdas = lambdas
    self.seed = seed
  }

  /// The candidate without pruning.
  var dense: Candidate {
    var dense = candidate
    for cell in dense.cells.indices {
      for layer in dense.cells[cell].layers.indices {
        dense.cells[cell].layers[layer] = Candidate.Layer(.none)
      }
    }
    return dense
  }
}

/// A way to choose what is pruned.
public enum PruningMethod: Hashable, Sendable, CustomStringConvertible {
  /// One threshold on the norms of weights trained under the reweighted penalty.
  case reweighted(lambda: Double)
  /// The same threshold on the norms of weights trained as long without it.
  case oneShot
  /// One rate for all layers, by the same norms.
  case uniform

  public var description: String {
    switch self {
    case .reweighted(let lambda): "reweighted \(lambda)"
    case .oneShot: "one-shot"
    case .uniform: "uniform"
    }
  }

  /// The run whose weights it chooses from.
  var lambda: Double {
    if case .reweighted(let lambda) = self { lambda } else { 0 }
  }
}

/// A network that a method of pruning ended with.
public struct PruningOutcome: Sendable {
  public let method: PruningMethod
  public let candidate: Candidate
  /// Of each layer that has a scheme.
  public let shares: [PrunedNetwork.Share]
  /// Predicted latency.
  public let nanoseconds: Double
  /// The share of groups whose norm is within a factor of ten of the threshold; `nil` without a threshold.
  public let undecided: Double?
  /// After training with the masks, by name.
  public let quality: [String: Double]
  /// Paths of the trained weights and of the masks.
  public let weights: String?
  public let masks: String
}

/// The findings of the third stage.
public struct PruningReport: Sendable {
  /// The member of the qualities that is searched by.
  public let metric: String
  public let maximizes: Bool
  /// Quality of the dense candidate, and after as many steps more as the reweighted runs take.
  public let dense: [String: Double]
  public let denseLonger: [String: Double]
  /// Predicted latency of the dense candidate.
  public let denseNanoseconds: Double
  /// The best first.
  public let outcomes: [PruningOutcome]
}
