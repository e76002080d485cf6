internal import Statistics

/// One piece of work for an evaluator.
public struct EvaluatorRequest: Sendable {
  public let id: String
  /// `evaluate`, `prepare`, `reweight` or `retrain`.
  let type: String
  /// Seed of the work: with the attempt it gives the seed of the evaluator.
  let seed: UInt64
  /// Attempts that ended before.
  let attempts: Int
  let members: [(String, JSON)]
  /// Where the evaluator keeps what it needs to go on after a kill; weights and logs are there too.
  public let checkpoint: String
  /// Whether the result has to have the figure that is searched by.
  let needsQuality: Bool

  private init(
    _ type: String, id: String, seed: UInt64, attempts: Int = 0, checkpoint: String,
    needsQuality: Bool = false, _ members: [(String, JSON)]
  ) {
    self.type = type
    self.id = id
    self.seed = seed
    self.attempts = attempts
    self.checkpoint = checkpoint
    self.needsQuality = needsQuality
    self.members = members
  }

  /// Stage 1: trains the supernet.
  public static func prepare(
    id: String = "supernet", seed: UInt64, steps: Int, checkpoint: String
  ) -> EvaluatorRequest {
    EvaluatorRequest(
      "prepare", id: id, seed: seed, checkpoint: checkpoint, [("steps", .whole(steps))])
  }

  /// Stage 2: trains and judges a network.
  ///
  /// - Parameters:
  ///   - fidelity: Training steps; `nil` is what the evaluator suggests.
  ///   - supernet: Weights that stage 1 ended with.
  public static func evaluate(
    id: String, seed: UInt64, attempts: Int = 0, network: SearchedNetwork, nanoseconds: Double,
    fidelity: Int?, checkpoint: String, supernet: String? = nil, weights: String? = nil
  ) -> EvaluatorRequest {
    EvaluatorRequest(
      "evaluate", id: id, seed: seed, attempts: attempts, checkpoint: checkpoint,
      needsQuality: true,
      [
        ("fidelity", fidelity.map(JSON.whole) ?? .null), ("candidate", .written(network.json)),
        ("latencyNanoseconds", .number(nanoseconds)),
        ("supernet", supernet.map(JSON.text) ?? .null),
        ("weights", weights.map(JSON.text) ?? .null),
      ])
  }

  /// Stage 3: trains a network under the reweighted penalty; `lambda` 0 is none.
  public static func reweight(
    id: String, seed: UInt64, steps: Int, lambda: Double, network: SearchedNetwork,
    weights: String?, checkpoint: String
  ) -> EvaluatorRequest {
    EvaluatorRequest(
      "reweight", id: id, seed: seed, checkpoint: checkpoint,
      [
        ("steps", .whole(steps)), ("lambda", .number(lambda)),
        ("candidate", .written(network.json)), ("weights", weights.map(JSON.text) ?? .null),
      ])
  }

  /// Trains a network on with masks that stay.
  public static func retrain(
    id: String, seed: UInt64, steps: Int, network: SearchedNetwork, masks: String,
    weights: String, checkpoint: String
  ) -> EvaluatorRequest {
    EvaluatorRequest(
      "retrain", id: id, seed: seed, checkpoint: checkpoint, needsQuality: true,
      [
        ("steps", .whole(steps)), ("candidate", .written(network.json)), ("masks", .text(masks)),
        ("weights", .text(weights)),
      ])
  }

  /// The work itself, without its attempt, on one line.
  var identity: String {
    JSON.object([("type", .text(type)), ("seed", .text("\(seed)"))] + members).text
  }

  /// The message, on one line.
  func message(
    attempt: Int, deadlineSeconds: Double? = nil, suggestedFidelity: Int? = nil
  ) -> String {
    let mixed = SplitMix64.mixed(seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(attempt))
    var all: [(String, JSON)] = [
      ("type", .text(type)), ("id", .text(id)), ("attempt", .whole(attempt)),
      // Half of the bits, which every language holds exactly.
      ("seed", .whole(Int(mixed >> 32))),
    ]
    for (name, value) in members {
      if name == "fidelity", case .null = value, let suggestedFidelity {
        all.append((name, .whole(suggestedFidelity)))
      } else {
        all.append((name, value))
      }
    }
    if let deadlineSeconds { all.append(("deadlineSeconds", .number(deadlineSeconds))) }
    all.append(("checkpoint", .text(checkpoint)))
    return JSON.object(all).text
  }
}
