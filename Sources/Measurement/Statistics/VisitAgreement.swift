/// How many visits say the same as a figure: interference comes in bursts, so that a time which several visits reached,
/// each with memory and kernels laid out anew, is the device's own, while one that a single visit reached may be any.
public struct VisitAgreement: Hashable, Sendable {
  /// Visits that came near the figure.
  public let agreeing: Int
  /// All visits whose samples count.
  public let visits: Int

  /// How far the shortest time of a visit may lie above the figure, as a share.
  public static let tolerance = 0.03
  /// Visits that have to agree: two may do so by chance.
  public static let fewest = 3

  /// - Parameters:
  ///   - shortest: The shortest time of each visit.
  ///   - figure: What is said to be the undisturbed time.
  public init(shortest: [Double], figure: Double) {
    agreeing = shortest.count { $0 <= figure * (1 + Self.tolerance) }
    visits = shortest.count
  }

  /// Whether the figure rests on enough of them.
  public var isEnough: Bool { agreeing >= Self.fewest }
}
