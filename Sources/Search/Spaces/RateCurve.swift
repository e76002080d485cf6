/// Latency of a network over the rate at which it is pruned: the second question of a search, which
/// takes the smallest rate that meets a latency (Zhan et al., ICCV 2021).
///
/// It never rises with the rate: a pruned weight may be executed as a zero, so what a lower rate takes
/// is always within reach. That is what makes it invertible.
public struct RateCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    /// How many weights there are for each one that is kept.
    public let rate: Double
    public let nanoseconds: Double
  }

  /// By rising rate.
  public let points: [Point]

  /// Samples a network's latency at rates.
  ///
  /// - Parameters:
  ///   - rates: Rising, each at least 1.
  ///   - nanoseconds: Latency at a rate; infinite where a layer does not run, `nil` where layers cannot be
  ///     pruned so much, which ends the curve.
  public init<Failure: Error>(
    rates: [Double] = Self.rates, nanoseconds: (Double) throws(Failure) -> Double?
  ) throws(Failure) {
    var points: [Point] = []
    var least = Double.infinity
    for rate in rates {
      guard let here = try nanoseconds(rate) else { break }
      least = min(least, here)
      if least < .infinity { points.append(Point(rate: rate, nanoseconds: least)) }
    }
    self.points = points
  }

  /// The point of smallest rate that meets a latency; `nil` if none does.
  public func smallestRate(within nanoseconds: Double) -> Point? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].nanoseconds <= nanoseconds { high = middle } else { low = middle + 1 }
    }
    return low < points.count ? points[low] : nil
  }

  /// 1 to 32 in steps of 2 %, rounded to hundredths.
  public static let rates: [Double] = {
    var rates = [1.0]
    while let last = rates.last, last < 32 {
      rates.append(min(32, ((last * 102).rounded(.up) / 100)))
    }
    return rates
  }()
}
