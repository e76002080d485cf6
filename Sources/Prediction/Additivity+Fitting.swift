internal import Statistics
public import Tables

extension Additivity {
  /// A network that was executed, beside what the table says.
  public struct Observation: Hashable, Sendable {
    /// Row of each dispatch, in nanoseconds.
    public var rows: [Double]
    /// Undisturbed latency of the whole network, in nanoseconds; above zero.
    public var measured: Double

    public init(rows: [Double], measured: Double) {
      self.rows = rows
      self.measured = measured
    }
  }

  /// Networks that three constants and their spread are fitted to at least.
  public static let fewestNetworks = 4

  /// The most that a dispatch can save against its row, as a share of it.
  public static let mostSaved = 0.1

  /// How much of a deviation a change by the constants counts as (a lasso: Tibshirani, 1996).
  private static let shrinkage = 0.2

  /// What a dispatch adds to its row.
  public func added(toRow nanoseconds: Double) -> Double {
    max(perDispatchNanoseconds, -Self.mostSaved * nanoseconds) - (savedShare ?? 0) * nanoseconds
  }

  /// Fits the constants so that the rows, what each dispatch saves and adds and one submission come near to what
  /// was measured: the sum of the absolute relative deviations is least, so that a wild network changes
  /// little. A dispatch saves at most ``mostSaved``; it adds no more than an empty one takes, nor does a
  /// submission, since rows have a launch already: what is beyond that is another speed of the device while the
  /// networks ran, and no constant. What the constants change counts too, by a fifth: those that make up for
  /// each other explain nothing.
  ///
  /// The spread is that of the deviations' middle (1.4826 times their median absolute value, which is
  /// the standard deviation of normal ones). The three smallest do not count: three constants can be fitted so
  /// that three networks do not deviate at all.
  ///
  /// - Parameter ceilings: What an empty dispatch and a submission take; constants are not bounded by what is
  ///   not there.
  /// - Returns: `nil` for fewer than ``fewestNetworks``, for networks that all have as many dispatches, which
  ///   do not tell the constants apart, or a latency that is not above zero.
  public init?(fitting observations: [Observation], ceilings: Ceilings = Ceilings()) {
    guard observations.count >= Self.fewestNetworks, Set(observations.map(\.rows.count)).count > 1,
      observations.allSatisfy({ $0.measured > 0 && $0.measured.isFinite && !$0.rows.isEmpty })
    else { return nil }
    // Relative to what was measured, so that each network counts as much.
    let terms = observations.map { it in
      let rows = it.rows.reduce(0, +) / it.measured
      return Deviation(
        weights: SIMD3(-rows, Double(it.rows.count) / it.measured, 1 / it.measured), value: 1 - rows
      )
    }
    let most = SIMD3(
      Self.mostSaved, ceilings.emptyDispatchNanoseconds ?? .infinity,
      ceilings.submissionNanoseconds ?? .infinity)
    func cost(_ constants: SIMD3<Double>) -> Double {
      terms.reduce(0) {
        $0 + abs($1.left(by: constants)) + Self.shrinkage * ($1.magnitudes * constants).sum()
      }
    }
    let best =
      Deviation.corners(of: terms, most: most).map { ($0, cost($0)) }
      .min { $0.1 < $1.1 }?.0 ?? .zero
    let deviations = terms.map { abs($0.left(by: best)) }.sorted()
    self.init(
      savedShare: best.x, perDispatchNanoseconds: best.y, perSubmissionNanoseconds: best.z,
      relativeSpread: 1.4826 * (median(deviations.dropFirst(3)) ?? 0),
      networks: observations.count)
  }
}

/// A plane in the space of the three constants (share saved, nanoseconds a dispatch, nanoseconds a submission):
/// where they explain a network, or where one of them is at a bound.
private struct Deviation {
  var weights: SIMD3<Double>
  var value: Double

  /// What the constants leave.
  func left(by constants: SIMD3<Double>) -> Double { value - (weights * constants).sum() }

  /// What each constant changes, whichever way.
  var magnitudes: SIMD3<Double> { SIMD3(-weights.x, weights.y, weights.z) }

  /// Where three planes meet within the bounds: a sum of absolute deviations, which bends nowhere else, is
  /// least in one of these corners.
  static func corners(of networks: [Deviation], most: SIMD3<Double>) -> [SIMD3<Double>] {
    var planes = networks
    for index in 0..<3 {
      var axis = SIMD3<Double>.zero
      axis[index] = 1
      planes.append(Deviation(weights: axis, value: 0))
      if most[index] < .infinity { planes.append(Deviation(weights: axis, value: most[index])) }
    }
    var corners: [SIMD3<Double>] = []
    for (first, one) in planes.enumerated() {
      for (second, two) in planes.enumerated().dropFirst(first + 1) {
        let line = cross(one.weights, two.weights)
        for three in planes.dropFirst(second + 1) {
          let volume = (line * three.weights).sum()
          let corner =
            (cross(two.weights, three.weights) * one.value
              + cross(three.weights, one.weights) * two.value + line * three.value) / volume
          // Bounds are met but for rounding.
          let kept = pointwiseMin(pointwiseMax(corner, .zero), most)
          let slack = (corner - kept) * (corner - kept)
          guard slack.sum() <= 1e-18 * (corner * corner).sum() else { continue }
          corners.append(kept)
        }
      }
    }
    return corners
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
