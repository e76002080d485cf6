internal import Glibc
internal import Statistics

/// A Gaussian process over points with a kernel of their Hamming distance d in n choices,
/// `(1 - a) exp(-d / l) + a (1 - d / n)`: the first part knows neighbours, the second what each choice is worth
/// whatever the others are. Length, noise and `a` are those of a grid with the greatest marginal likelihood
/// (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, 2.3 and 5.4).
struct GaussianProcess {
  private let points: [Point]
  private let kernel: Kernel
  private let factor: Cholesky
  private let weights: [Double]
  private let noise: Double

  /// - Parameters:
  ///   - points: At least one.
  ///   - values: Of mean 0 and standard deviation 1.
  init(_ points: [Point], _ values: [Double]) {
    let count = points.count
    let choices = points.first?.choices.count ?? 1
    var distances = [Int](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<i { distances[i * count + j] = points[i].distance(to: points[j]) }
    }
    var best:
      (likelihood: Double, kernel: Kernel, noise: Double, factor: Cholesky, weights: [Double])?
    func consider(_ kernel: Kernel, noise: Double) {
      let matrix = distances.map { kernel.values[$0] }
      let factor = Cholesky(
        matrix, count: count, added: [Double](repeating: noise, count: count))
      let weights = factor.solve(values)
      let square = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let likelihood = -0.5 * (square + factor.logDeterminant)
      if likelihood > best?.likelihood ?? -.infinity {
        best = (likelihood, kernel, noise, factor, weights)
      }
    }
    for length in Self.lengths {
      for noise in Self.noises {
        consider(Kernel(length, additive: Self.additives[0], choices: choices), noise: noise)
      }
    }
    let (length, noise) = (best?.kernel.length ?? 1, best?.noise ?? 1)
    for additive in Self.additives.dropFirst() {
      consider(Kernel(length, additive: additive, choices: choices), noise: noise)
    }
    self.points = points
    kernel = best?.kernel ?? Kernel(1, additive: 0, choices: choices)
    self.noise = best?.noise ?? 1
    factor = best?.factor ?? Cholesky([], count: 0, added: [])
    weights = best?.weights ?? []
  }

  /// Over the number of choices.
  private static let lengths = [1.0 / 12, 1.0 / 6, 1.0 / 3, 1.0 / 2, 5.0 / 6, 4.0 / 3]
  private static let noises = [1e-3, 1e-2, 0.05, 0.2]
  private static let additives = [0.3, 0, 0.6, 0.9]

  /// Predictions for some points.
  func posterior(_ pool: [Point]) -> Posterior {
    let correlations = pool.map { point in
      points.map { kernel.values[$0.distance(to: point)] }
    }
    return Posterior(
      means: correlations.map { zip($0, weights).reduce(0) { $0 + $1.0 * $1.1 } },
      pool: pool, kernel: kernel, noise: noise,
      explained: correlations.map(factor.solveLower))
  }

  /// The kernel at every distance that there may be.
  struct Kernel {
    /// Over the number of choices.
    let length: Double
    let values: [Double]

    init(_ length: Double, additive: Double, choices: Int) {
      self.length = length
      let n = Double(max(choices, 1))
      values = (0...max(choices, 1)).map { distance in
        (1 - additive) * exp(-Double(distance) / (length * n))
          + additive * (1 - Double(distance) / n)
      }
    }
  }

  /// Means and variances of some points, where points may be taken as if they had turned out as predicted:
  /// a batch that is picked so is not a batch of equals (Ginsbourger, Le Riche and Carraro, 2010).
  struct Posterior {
    let means: [Double]
    private(set) var variances: [Double]
    private let pool: [Point]
    private let kernel: Kernel
    private let noise: Double
    /// For each point the solution of `L * v = k`, whose square is the variance that is explained.
    private var explained: [[Double]]

    init(
      means: [Double], pool: [Point], kernel: Kernel, noise: Double, explained: [[Double]]
    ) {
      self.means = means
      self.pool = pool
      self.kernel = kernel
      self.noise = noise
      self.explained = explained
      variances = explained.map { max(1e-12, 1 - $0.reduce(0) { $0 + $1 * $1 }) }
    }

    /// Takes a point as if it had turned out as predicted.
    mutating func believe(_ index: Int) {
      let known = explained[index]
      let deviation = (variances[index] + noise).squareRoot()
      for other in pool.indices {
        var covariance = kernel.values[pool[index].distance(to: pool[other])]
        for (one, two) in zip(known, explained[other]) { covariance -= one * two }
        let part = covariance / deviation
        explained[other].append(part)
        variances[other] = max(1e-12, variances[other] - part * part)
      }
    }
  }
}
