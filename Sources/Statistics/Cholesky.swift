#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

/// The lower triangle L of a symmetric positive definite matrix L * L^T.
public struct Cholesky: Sendable {
  private let count: Int
  private var lower: [Double]

  /// - Parameters:
  ///   - matrix: Row by row; only the lower triangle is read.
  ///   - count: Rows of the matrix.
  ///   - added: Numbers added to the diagonal.
  public init(_ matrix: [Double], count: Int, added: [Double]) {
    self.count = count
    lower = matrix
    for i in 0..<count {
      for j in 0...i {
        var sum = lower[i * count + j] + (i == j ? added[i] : 0)
        for k in 0..<j { sum -= lower[i * count + k] * lower[j * count + k] }
        lower[i * count + j] =
          i == j ? max(sum, 1e-12).squareRoot() : sum / lower[j * count + j]
      }
    }
  }

  /// Logarithm of the determinant of `L * L^T`.
  public var logDeterminant: Double {
    (0..<count).reduce(0) { $0 + 2 * log(lower[$1 * count + $1]) }
  }

  /// The `x` of `L * x = right`.
  public func solveLower(_ right: [Double]) -> [Double] {
    var x = right
    for i in 0..<count {
      var sum = x[i]
      for k in 0..<i { sum -= lower[i * count + k] * x[k] }
      x[i] = sum / lower[i * count + i]
    }
    return x
  }

  /// The `x` of `L * L^T * x = right`.
  public func solve(_ right: [Double]) -> [Double] {
    var x = solveLower(right)
    for i in (0..<count).reversed() {
      for k in (i + 1)..<count { x[i] -= lower[k * count + i] * x[k] }
      x[i] /= lower[i * count + i]
    }
    return x
  }
}
