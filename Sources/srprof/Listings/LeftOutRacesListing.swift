internal import Measurement
internal import Report
internal import Workloads

/// Races that were left out, as text.
extension LeftOutRaces {
  /// Candidates that are looked at.
  static let looks = 5

  /// How often the first looks hold a schedule that is near the best, and where they do so least.
  var text: TerminalText {
    let shares = (1...Self.looks).map { count in
      let share = Format.percent(share(within: Self.near, first: count))
      return count == 1 ? "the first look in \(share)" : "one of \(count) in \(share)"
    }
    return """
      \(outcomes.count) race\(outcomes.count == 1 ? "" : "s") (\(outcomes.count(where: \.isFull)) of all schedules), \
      each left out: within 10 % of the best is \(shares.joined(separator: ", "))
      never tried in the race itself, and not counted as near: \(untried(first: Self.counted)) of \
      the \(Self.counted) first looks of all

      \(table)
      """
  }

  /// The workloads that the first looks serve worst.
  private var table: TerminalText {
    var table = TextTable([
      ("worst", .left), ("over the best", .right), ("first looks", .left), ("best", .left),
    ])
    for outcome in worst(first: Self.counted).prefix(Self.worstRows) {
      let ratio = outcome.ratio(first: Self.counted)
      for (index, look) in outcome.looks.prefix(Self.counted).enumerated() {
        table.add([
          index == 0 ? outcome.workload.name : "",
          index == 0 ? ratio.map { "x \(Format.significant($0))" } ?? "not tried" : "",
          look.schedule, index == 0 ? outcome.winner : "",
        ])
      }
    }
    return table.text
  }

  /// How much slower than the best is near.
  private static let near = 0.1
  /// First looks that the worst are judged by.
  private static let counted = 3
  private static let worstRows = 8
}
