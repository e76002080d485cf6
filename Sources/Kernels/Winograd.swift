internal import Workloads

/// The transform of weights for Winograd's minimal filtering F(m, 3).
///
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016), with
/// interpolation at 0, 1, -1 (F(2, 3)) and also 2, -2 (F(4, 3)).
enum Winograd {
  /// How many times larger than a direct sum's rounding errors those of F(4, 3) may be. Lavin and Gray
  /// (2016), table 4, find about four times; where weights are pruned, they stay those of all inputs, and are
  /// compared with sums of what is kept. Up to 512 input channels one wrong term is still larger.
  static func errorGrowth(of workload: Workload) -> Double {
    guard case .convolution(let it) = workload.operation else { return 4 }
    return 4 / it.keptShare
  }

  /// `G g G^T` of a 3x3 kernel, `[m + 2, m + 2]`; `outputs` is `m`, 2 or 4.
  static func transformed(_ kernel: [Double], outputs m: Int) -> [Double] {
    let rows = m == 2 ? two : four
    let half = rows.map { row in
      (0..<3).map { x in (0..<3).reduce(0) { $0 + row[$1] * kernel[$1 * 3 + x] } }
    }
    return half.flatMap { line in
      rows.map { row in (0..<3).reduce(0) { $0 + row[$1] * line[$1] } }
    }
  }

  /// `G` of F(2, 3).
  private static let two: [[Double]] = [
    [1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1],
  ]

  /// `G` of F(4, 3).
  private static let four: [[Double]] = [
    [1.0 / 4, 0, 0], [-1.0 / 6, -1.0 / 6, -1.0 / 6], [-1.0 / 6, 1.0 / 6, -1.0 / 6],
    [1.0 / 24, 1.0 / 12, 1.0 / 6], [1.0 / 24, -1.0 / 12, 1.0 / 6], [0, 0, 1],
  ]
}
