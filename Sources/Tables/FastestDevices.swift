public import Workloads

/// For each workload, which of several tables has it fastest: what a scheduler that has several devices
/// to choose from wants to know.
public struct FastestDevices: Hashable, Sendable {
  /// One workload that at least one table has measured.
  public struct Choice: Hashable, Sendable {
    public let workload: Workload
    /// Undisturbed nanoseconds in each table; `nil` where a table has not measured it.
    public let nanoseconds: [Double?]
    /// The table with the shortest time, counted from 0.
    public let best: Int
    /// How many times as long the second best takes; `nil` if only one table has it.
    public let margin: Double?
    /// Whether the intervals of the best two are apart.
    public let isClear: Bool
  }

  /// In the order of workloads.
  public let choices: [Choice]

  /// Compares tables of any number.
  public init(
    _ tables: [LatencyTable], where isIncluded: (Workload) -> Bool = { _ in true }
  ) {
    var latencies: [Workload: [Latency?]] = [:]
    for (index, table) in tables.enumerated() {
      for row in table.rows where isIncluded(row.workload) {
        guard let latency = row.measurement?.latency else { continue }
        latencies[row.workload, default: Array(repeating: nil, count: tables.count)][index] =
          latency
      }
    }
    choices = latencies.compactMap { Choice($0, $1) }.sorted { $0.workload < $1.workload }
  }
}

extension FastestDevices.Choice {
  fileprivate init?(_ workload: Workload, _ latencies: [Latency?]) {
    let ranking = latencies.enumerated()
      .compactMap { index, latency in latency.map { (index: index, latency: $0) } }
      .sorted { $0.latency.undisturbedNanoseconds < $1.latency.undisturbedNanoseconds }
    guard let first = ranking.first else { return nil }
    let second = ranking.dropFirst().first
    self.workload = workload
    nanoseconds = latencies.map { $0?.undisturbedNanoseconds }
    best = first.index
    margin = second.map {
      $0.latency.undisturbedNanoseconds / first.latency.undisturbedNanoseconds
    }
    isClear = second.map { $0.latency.lowNanoseconds > first.latency.highNanoseconds } ?? true
  }
}
