internal import Report
internal import Tables
internal import Workloads

/// The races of rows as aligned text.
struct CandidateListing {
  private let rows: [Row]

  init(_ rows: [Row]) {
    self.rows = rows
  }

  /// A block for each row: its candidates, the best first, then those that failed with their reasons.
  var text: TerminalText { rows.map(Self.block).joined(separator: "\n") }

  private static func block(_ row: Row) -> TerminalText {
    let title = TerminalText(escaping: row.workload.name).styled(.bold)
    guard !row.race.isEmpty else { return "\(title): \(without(row))\n" }
    let race = Race(workload: row.workload, effort: .quick, candidates: row.race)
    let best = race.winner?.nanoseconds
    var table = TextTable([
      ("schedule", .left), ("time", .right), ("of best", .right), ("rounds", .right),
      ("", .left),
    ])
    for candidate in race.ranking {
      table.add(cells(candidate, best, candidate == race.winner ? "winner" : ""))
    }
    for candidate in row.race {
      guard let failure = candidate.failure else { continue }
      table.add(cells(candidate, best, "failed, \(failure.kind.rawValue): \(failure.reason)"))
    }
    return "\(title): \(race.ranking.count) of \(row.race.count) schedules ran\n\(table.text)"
  }

  private static func without(_ row: Row) -> String {
    switch row.measurement?.schedule.tuning {
    case .fixed: "measured by the schedule it was given, without a race"
    case .off, nil: "no race"
    case .quick, .full: "no race, there is one schedule"
    }
  }

  private static func cells(_ it: Race.Candidate, _ best: Double?, _ note: String) -> [String] {
    let time = it.nanoseconds.map { Format.duration(nanoseconds: $0) } ?? ""
    var ratio = ""
    if let time = it.nanoseconds, let best { ratio = "\(Format.significant(time / best))x" }
    return [it.schedule, time, ratio, "\(it.rounds)", note]
  }
}
