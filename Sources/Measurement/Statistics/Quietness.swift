internal import Statistics
internal import Store
internal import Tables

/// How quiet a device is before a campaign, by chains of the reference kernel, and what that promises for rows.
public struct Quietness: Hashable, Sendable {
  /// Chains that were timed.
  public let chains: Int
  /// How much longer than the undisturbed chain the middle one took, as a share.
  public let medianExcess: Double

  /// Times over the undisturbed one, in the order in which they were taken: bursts stay together.
  private let ratios: [Double]

  /// Devices on which half of all chains take no more than this longer, as a share, are quiet.
  public static let quiet = 0.05
  /// The low quantile of chains that counts as undisturbed.
  private static let undisturbed = 0.02
  private static let fewestChains = 20

  /// - Parameter nanoseconds: Times of equal chains, in the order in which they were taken. `nil` if there are too few.
  public init?(_ nanoseconds: [Double]) {
    let sorted = nanoseconds.sorted()
    guard sorted.count >= Self.fewestChains,
      let low = quantile(Self.undisturbed, ofSorted: sorted), low > 0,
      let middle = quantile(0.5, ofSorted: sorted)
    else { return nil }
    chains = sorted.count
    medianExcess = max(middle / low - 1, 0)
    ratios = nanoseconds.map { max($0 / low, 1) }
  }

  /// The half width of the interval, as a share, that a row is likely to have after a number of visits: the median of
  /// rows whose chains are disturbed as these were. Each visit's samples follow one another in time.
  ///
  /// - Parameter passes: Samples of each chain length in a visit.
  func halfWidth(visits: Int, passes: Int, quantile low: Double, seed: UInt64) -> Double {
    let lengths = [1, 2, 4]
    let dispatch = 1e6
    var random = SplitMix64(state: seed)
    let widths = (0..<Self.rows).compactMap { row -> Double? in
      var samples: [Sample] = []
      for visit in 0..<visits {
        let start = random.below(ratios.count)
        for place in 0..<passes * lengths.count {
          let length = lengths[place % lengths.count]
          let time = dispatch * Double(length) * ratios[(start + place) % ratios.count]
          samples.append(
            Sample(
              visit: visit, chainLength: length, nanoseconds: time, wallNanoseconds: time))
        }
      }
      return SlopeEstimate(
        ChainTimes(samples), quantile: low, submission: 0, seed: seed &+ UInt64(row))?
        .relativeHalfWidth
    }
    let half = median(widths) ?? 1
    return (half * half + Latency.repeatability * Latency.repeatability).squareRoot()
  }

  private static let rows = 9
}

/// The intervals that a plan's rows are likely to have on a device.
public struct Forecast: Hashable, Sendable {
  public let quietness: Quietness
  /// The half width of a row's interval, as a share, in the time the plan has, and how long that is.
  public let halfWidth, seconds: Double
  /// The same with a larger budget for each row.
  public let longerHalfWidth, longerSeconds: Double
  /// Seconds of timed submissions for each row with that.
  public let longerRowSeconds: Double

  /// How many times as large the larger budget is.
  private static let longer = 4.0

  /// - Parameters:
  ///   - rows: Rows that are not done yet.
  ///   - races: Those of them that are raced before.
  init(_ quietness: Quietness, of plan: Plan, rows: Int, races: Int, budget: ChainPlan.Budget) {
    self.quietness = quietness
    // Chains of a quarter, half and all of the target.
    let pass = budget.targetNanoseconds * 1.75 / 1e9
    func expectation(_ plan: Plan) -> (halfWidth: Double, seconds: Double) {
      let passes = min(max(Int((plan.visitSeconds / pass).rounded(.up)), 1), Self.mostPasses)
      return (
        quietness.halfWidth(
          visits: Self.visits, passes: passes, quantile: plan.quantile, seed: plan.seed),
        plan.seconds(rows: rows, races: races)
      )
    }
    (halfWidth, seconds) = expectation(plan)
    var longer = plan
    longer.rule.budgetSeconds *= Self.longer
    longerRowSeconds = longer.rule.budgetSeconds
    (longerHalfWidth, longerSeconds) = expectation(longer)
  }

  /// Visits that make a budget.
  private static let visits = 12
  /// More change nothing.
  private static let mostPasses = 100
}
