/// Non-negative coefficients whose sums of terms come near to targets, whatever a few wild targets do.
enum NonnegativeLeastSquares {
  /// Minimises the deviations of `terms * coefficients` from `targets` over coefficients that are at
  /// least 0: squares of small deviations, absolute values of those beyond `tolerance` (Huber, 1964),
  /// by reweighting and cyclic coordinate descent. Always the same answer for the same numbers.
  ///
  /// - Parameters:
  ///   - terms: One list of equal length for each target.
  ///   - targets: One for each list.
  static func fit(terms: [[Double]], targets: [Double], tolerance: Double) -> [Double] {
    guard let count = terms.first?.count else { return [] }
    // Terms are brought to one size, as their units differ by many orders of magnitude.
    let scales = (0..<count).map { index in
      let squares = terms.reduce(0) { $0 + $1[index] * $1[index] }
      return squares > 0 ? (squares / Double(terms.count)).squareRoot() : 1
    }
    let scaled = terms.map { list in zip(list, scales).map { $0 / $1 } }
    var coefficients = [Double](repeating: 0, count: count)
    var weights = [Double](repeating: 1, count: terms.count)
    for _ in 0..<reweightings {
      let system = NormalEquations(scaled, targets, weights)
      system.descend(&coefficients)
      for (row, list) in scaled.enumerated() {
        let deviation = abs(dot(list, coefficients) - targets[row])
        weights[row] = deviation > tolerance ? tolerance / deviation : 1
      }
    }
    return zip(coefficients, scales).map { $0 / $1 }
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  private static let reweightings = 8
}

/// Sums of products of terms with each other and with the targets.
private struct NormalEquations {
  private let count: Int
  private var products: [Double]
  private var targets: [Double]

  init(_ terms: [[Double]], _ values: [Double], _ weights: [Double]) {
    count = terms[0].count
    products = [Double](repeating: 0, count: count * count)
    targets = [Double](repeating: 0, count: count)
    for (row, list) in terms.enumerated() {
      for i in 0..<count where list[i] != 0 {
        let weighted = weights[row] * list[i]
        targets[i] += weighted * values[row]
        for j in 0..<count { products[i * count + j] += weighted * list[j] }
      }
    }
  }

  /// Moves each coefficient in turn to where the sum of squares is least.
  func descend(_ coefficients: inout [Double]) {
    for _ in 0..<Self.sweeps {
      var change = 0.0
      for i in 0..<count where products[i * count + i] > 0 {
        var rest = targets[i]
        for j in 0..<count { rest -= products[i * count + j] * coefficients[j] }
        let moved = max(0, coefficients[i] + rest / products[i * count + i])
        change = max(change, abs(moved - coefficients[i]))
        coefficients[i] = moved
      }
      if change < 1e-9 { return }
    }
  }

  private static let sweeps = 200
}
