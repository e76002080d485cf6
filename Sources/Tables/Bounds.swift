/// Bounds of figures that were measured. They lie so far out that no device and no program
/// leaves them: a figure beyond is damage, and sums, ratios and squares of figures within stay numbers.
public enum Bounds {
  /// Of a timed chain, in nanoseconds: a picosecond, less than any clock tells, to a hundred days, long
  /// after every watchdog.
  static let chainNanoseconds = 1e-3...1e16
  /// Of figures computed from chains, in nanoseconds: a dispatch is a share of its chain, and an
  /// interval may be wider.
  public static let nanoseconds = 1e-6...1e18
  /// Of what a device can do at best, in 10^9 a second.
  static let rate = 1e-9...1e12
  /// Of rates, shares and errors computed from these.
  static let derived = 0...1e30
  /// Of things that are counted, such as samples and bytes.
  static let count = 0...1 << 50

  /// Dispatches of a timed chain.
  public static let chainLength = 1...4096
  /// Different lengths of the chains of a row: a plan has three.
  static let chainLengths = 16
  /// The number of a visit: each takes a hundredth of a second or more, so that this many take months.
  static let visit = 0...1 << 30
  /// Candidates of a race: more than the catalogue has schedules.
  static let candidates = 1 << 14
  /// Processes that ended in an attempt.
  static let attempts = 1...1 << 20
  /// Samples of a row that are read, the latest ones: more say nothing more about it, and take long to
  /// judge.
  static let samples = 1 << 16
  /// Bytes of a text in the store; a race of a thousand schedules has a hundredth of that.
  static let textBytes = 1 << 24
}
