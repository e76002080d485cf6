/// Bounds of figures that were measured. They lie so far out that no device and no program
/// leaves them: a figure beyond is damage, and sums, ratios and squares of figures within stay numbers.
public enum Bounds {
  /// Of figures computed from chains, in nanoseconds: a dispatch is a share of its chain, and an
  /// interval may be wider.
  public static let nanoseconds = 1e-6...1e18
  /// Of what a device can do at best, in 10^9 a second.
  static let rate = 1e-9...1e12
  /// Of rates, shares and errors computed from these.
  static let derived = 0...1e30
  /// Of things that are counted, such as samples and bytes.
  static let count = 0...1 << 50
  /// Candidates of a race: more than the catalogue has schedules.
  static let candidates = 1 << 14
}
