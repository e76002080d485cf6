internal import Glibc
internal import Statistics

/// How much a candidate promises, by the mean and standard deviation that a surrogate predicts for it.
public enum Acquisition: String, Hashable, Sendable, CaseIterable {
  /// Expected improvement over the best (Mockus, 1975).
  case expectedImprovement = "ei"
  /// A draw from the predicted distribution (independent Thompson sampling; White et al., BANANAS, AAAI 2021).
  case thompson = "its"
  /// Mean and half a standard deviation (Srinivas et al., 2010).
  case upperConfidenceBound = "ucb"

  /// - Parameter best: Value of the best candidate so far.
  func value(
    mean: Double, deviation: Double, best: Double, using generator: inout SplitMix64
  ) -> Double {
    switch self {
    case .expectedImprovement:
      let deviation = max(deviation, 1e-9)
      let z = (mean - best) / deviation
      return (mean - best) * normalShare(below: z) + deviation * normalDensity(z)
    case .thompson: return mean + deviation * generator.normal()
    case .upperConfidenceBound: return mean + 0.5 * deviation
    }
  }
}

extension SplitMix64 {
  /// A number of [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number of the standard normal distribution (Box and Muller, 1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(max(unit(), 1e-300))).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}
