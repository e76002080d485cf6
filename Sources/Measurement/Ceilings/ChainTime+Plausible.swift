public import Tables

extension ChainTime {
  /// The time, unless it cannot be: throws ``Failure/Kind/implausibleTime``.
  public func plausible() throws(Failure) -> ChainTime {
    // Clocks of device and host may differ by a little; the host sees submission and completion.
    guard nanoseconds.isFinite, nanoseconds > 0, nanoseconds <= wallNanoseconds * 1.05 else {
      throw Failure(
        .implausibleTime,
        "the clock gave \(nanoseconds) ns for a chain that took \(wallNanoseconds) ns")
    }
    return self
  }
}

extension ChainPlan.Budget {
  /// Runs a chain with the budget's patience, and refuses a time that cannot be.
  public func run(_ chain: any TimedChain, _ length: Int) throws(Failure) -> ChainTime {
    try chain.run(length: length, watchdogNanoseconds: watchdogNanoseconds).plausible()
  }
}
