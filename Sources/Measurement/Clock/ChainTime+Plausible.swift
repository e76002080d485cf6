public import Tables

extension ChainTime {
  /// The time, unless it cannot be: throws ``Failure/Kind/implausibleTime``.
  public func plausible() throws(Failure) -> ChainTime {
    // Clocks of device and host may differ by a little; the host sees submission and completion. No
    // submission takes less than a nanosecond.
    guard nanoseconds.isFinite, nanoseconds >= 1, nanoseconds <= wallNanoseconds * 1.05 else {
      throw Failure(
        .implausibleTime,
        "the clock gave \(nanoseconds) ns for a chain that took \(wallNanoseconds) ns")
    }
    return self
  }

  /// Nanoseconds to plan longer chains by: never less than a quarter of the wall's, so that a clock that
  /// says too little cannot make chains endless.
  var planningNanoseconds: Double { max(nanoseconds, wallNanoseconds / 4) }
}
