public import Tables

/// Bounds of raw samples, and of what else only a store has.
extension Bounds {
  /// Of a timed chain, in nanoseconds: a picosecond, less than any clock tells, to a hundred days, long
  /// after every watchdog.
  static let chainNanoseconds = 1e-3...1e16
  /// Dispatches of a timed chain.
  public static let chainLength = 1...4096
  /// Different lengths of the chains of a row: a plan has three.
  static let chainLengths = 16
  /// The number of a visit: each takes a hundredth of a second or more, so that this many take months.
  static let visit = 0...1 << 30
  /// Processes that ended in an attempt.
  static let attempts = 1...1 << 20
  /// Samples of a row that are read, the latest ones: more say nothing more about it, and take long to
  /// judge.
  static let samples = 1 << 16
  /// Bytes of a text; a race of a thousand schedules has a hundredth of that.
  static let textBytes = 1 << 24
}
