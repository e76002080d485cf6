/// How many cells fit a latency: the first question of a search (Zhan et al., ICCV 2021), answered
/// before anything is trained. What does not depend on the number of cells (head, tail, global skip,
/// pixel shuffle, submission) is fixed; each cell adds the same.
public struct DepthBudget: Hashable, Sendable {
  public let fixedNanoseconds: Double
  /// Above zero.
  public let nanosecondsPerCell: Double

  /// Tells the parts apart by two networks that differ by one cell; `nil` if the cell costs nothing.
  ///
  /// - Parameters:
  ///   - one: Latency with one cell.
  ///   - two: Latency with two.
  public init?(oneCell one: Double, twoCells two: Double) {
    guard two > one, two.isFinite else { return nil }
    nanosecondsPerCell = two - one
    fixedNanoseconds = one - nanosecondsPerCell
  }

  /// Latency with some cells.
  public func nanoseconds(cells: Int) -> Double {
    fixedNanoseconds + Double(cells) * nanosecondsPerCell
  }

  /// The most cells that a latency allows: 0 if not one fits.
  public func cells(within nanoseconds: Double) -> Int {
    let count = ((nanoseconds - fixedNanoseconds) / nanosecondsPerCell).rounded(.down)
    return count >= 1 ? Int(min(count, 1e9)) : 0
  }
}
