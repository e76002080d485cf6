public import Tables

/// Times chains. A reading that is no time is dropped and taken again.
public struct Stopwatch: Sendable {
  /// How long chains may take.
  public let budget: ChainPlan.Budget
  /// Readings that were no times.
  public private(set) var dropped = 0

  /// Readings in a row that are no times, after which the chain's clock is not believed any more.
  private static let patience = 8

  /// A watch for chains of a budget, with no reading yet.
  public init(_ budget: ChainPlan.Budget) {
    self.budget = budget
  }

  /// Runs a chain until the clock gives a time for it. Each run is given up after the device's usual
  /// patience, or sooner where less is asked for.
  ///
  /// Throws ``Failure/Kind/implausibleTime`` after eight readings in a row that cannot be.
  public mutating func time(
    _ chain: any TimedChain, _ length: Int, patience: Double = .infinity
  ) throws(Failure) -> ChainTime {
    let watchdog = min(budget.watchdogNanoseconds, patience)
    var tries = 0
    while true {
      let time = try chain.run(length: length, watchdogNanoseconds: watchdog)
      do throws(Failure) { return try time.plausible() } catch {
        dropped += 1
        tries += 1
        if tries == Self.patience { throw error }
      }
    }
  }
}
