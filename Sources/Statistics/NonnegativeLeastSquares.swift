/// Non-negative coefficients whose sums of terms come near to targets, whatever a few wild targets do.
public enum NonnegativeLeastSquares {
  /// Up to sixteen numbers side by side; those that are not needed are 0 everywhere.
  public typealias Terms = SIMD16<Double>
  public typealias Fit = (coefficients: Terms, loss: Double, meanSquares: Terms)

  /// Minimises the deviations of `terms * coefficients` from `targets` over coefficients that are at
  /// least 0: squares of small deviations, absolute values of those beyond `tolerance` (Huber, 1964),
  /// by reweighting and cyclic coordinate descent. Always the same answer for the same numbers.
  ///
  /// - Parameters:
  ///   - terms: Those of each target.
  ///   - targets: One for each of the terms.
  ///   - expected: Coefficients to stay near to, and how often the square of a deviation from each counts.
  /// - Returns: The coefficients, what is left of the deviations from targets, and the mean square of each term.
  public static func fit(
    terms: [Terms], targets: [Double], tolerance: Double,
    near expected: (coefficients: Terms, precisions: Terms)? = nil
  ) -> Fit {
    let meanSquares = terms.reduce(Terms.zero) { $0 + $1 * $1 } / Double(max(terms.count, 1))
    // Terms are brought to one size, as their units differ by many orders of magnitude.
    let scales = meanSquares.squareRoot().replacing(with: 1, where: meanSquares .== 0)
    let scaled = terms.map { $0 / scales }
    var coefficients = Terms.zero
    var weights = [Double](repeating: 1, count: terms.count)
    for _ in 0..<reweightings {
      var system = NormalEquations(scaled, targets, weights)
      if let expected {
        system.pull(
          towards: expected.coefficients * scales,
          precisions: expected.precisions / (scales * scales))
      }
      system.descend(&coefficients)
      for row in scaled.indices {
        let deviation = abs((scaled[row] * coefficients).sum() - targets[row])
        weights[row] = deviation > tolerance ? tolerance / deviation : 1
      }
    }
    let loss = scaled.indices.reduce(0.0) { sum, row in
      let deviation = abs((scaled[row] * coefficients).sum() - targets[row])
      let linear = max(0, deviation - tolerance)
      return sum + deviation * deviation - linear * linear
    }
    return (coefficients / scales, loss, meanSquares)
  }

  private static let reweightings = 8
}

/// Sums of products of terms with each other and with the targets.
private struct NormalEquations {
  private typealias Terms = NonnegativeLeastSquares.Terms

  private var products = [Terms](repeating: .zero, count: Terms.scalarCount)
  private var targets = Terms.zero

  init(_ terms: [NonnegativeLeastSquares.Terms], _ values: [Double], _ weights: [Double]) {
    for row in terms.indices {
      let list = terms[row]
      let weighted = weights[row] * list
      targets += weighted * values[row]
      for index in products.indices where list[index] != 0 {
        products[index] += weighted[index] * list
      }
    }
  }

  /// Adds the squares of the deviations from other coefficients, each times a precision.
  mutating func pull(
    towards others: NonnegativeLeastSquares.Terms, precisions: NonnegativeLeastSquares.Terms
  ) {
    for index in products.indices { products[index][index] += precisions[index] }
    targets += precisions * others
  }

  /// Moves each coefficient in turn to where the sum of squares is least.
  func descend(_ coefficients: inout NonnegativeLeastSquares.Terms) {
    for _ in 0..<Self.sweeps {
      var change = 0.0
      for index in products.indices where products[index][index] > 0 {
        let rest = targets[index] - (products[index] * coefficients).sum()
        let moved = max(0, coefficients[index] + rest / products[index][index])
        change = max(change, abs(moved - coefficients[index]))
        coefficients[index] = moved
      }
      if change < 1e-6 { return }
    }
  }

  private static let sweeps = 200
}
