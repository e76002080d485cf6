public import Measurement
public import Prediction
public import Store
public import Tables
public import Workloads

/// Measures some rows of a plan, by which the others are predicted: batch after batch those that say most about what
/// is known least, until predictions are as good as asked for or the time is over.
public struct AdaptiveCampaign {
  /// When enough is measured.
  public struct Goal: Sendable {
    /// The mean error, as a share, that predictions of rows that are left out may be expected to have.
    public var error: Double
    /// Seconds until the last row is measured; infinite for as long as it takes.
    public var seconds: Double

    /// A goal of an error, in a time or without end.
    public init(error: Double, seconds: Double = .infinity) {
      self.error = error
      self.seconds = seconds
    }
  }

  /// The rows that were measured, and the others.
  public struct Outcome: Sendable {
    /// The table of the rows that were measured or failed.
    public var table: LatencyTable
    /// In the order of the plan.
    public var leftOut: [RowSelection.LeftOut]
    /// The mean error expected of those, as a share, each by how much it matters; `nil` where nothing was measured.
    public var expectedError: Double?
    /// The reason why it ended early.
    public var end: Campaign.Stop?
  }

  /// Events of an adaptive campaign.
  public enum Event: Sendable {
    /// A batch begins: rows done so far, rows in it, rows of the plan, and the error expected by now.
    case batch(done: Int, rows: Int, of: Int, expectedError: Double?)
    /// An event of the batch.
    case campaign(CampaignEvent)
  }

  private let plan: Plan
  private let goal: Goal
  private let importance: [Workload: Double]
  private let backend: any Backend
  private let store: Store
  private let racesElsewhere: () -> [Race]
  private let shouldStop: () -> Bool
  private let report: (Event) -> Void

  /// - Parameters:
  ///   - importance: How often each row runs in what the table is for; rows that it lacks do not matter. Empty where
  ///     all matter equally.
  ///   - racesElsewhere: See ``Campaign``.
  public init(
    plan: Plan, goal: Goal, importance: [Workload: Double] = [:], backend: any Backend,
    store: Store, racesElsewhere: @escaping () -> [Race] = { [] },
    shouldStop: @escaping () -> Bool = { false }, report: @escaping (Event) -> Void = { _ in }
  ) {
    self.plan = plan
    self.goal = goal
    self.importance = importance
    self.backend = backend
    self.store = store
    self.racesElsewhere = racesElsewhere
    self.shouldStop = shouldStop
    self.report = report
  }

  /// Measures. Rows that the store has count as measured, so that the same run carries on after an interruption.
  ///
  /// - Throws: Only that the store cannot be read at first.
  public func run() throws(Campaign.Stop) -> Outcome {
    let start = ContinuousClock.now
    let end = start + .seconds(min(goal.seconds, Self.endless))
    var known = KnownRows(
      try Campaign(plan: plan, backend: backend, store: store, shouldStop: { true }).run(),
      of: plan)
    var selection = RowSelection(
      plan.workloads, importance: importance, channelBlock: backend.traits.channelBlock)
    if !known.table.rows.isEmpty { selection.learn(from: known.table) }
    var stop: Campaign.Stop?
    // Races included; learned once rows are measured.
    var secondsOfRow =
      (plan.samplingSeconds + plan.raceSeconds) / Double(max(1, plan.workloads.count))
    while selection.expectedError.map({ $0 > goal.error }) ?? true, stop == nil, !shouldStop() {
      let left = (end - ContinuousClock.now) / .seconds(1)
      let most = min(left / max(secondsOfRow, Self.fewestSeconds), Double(plan.workloads.count))
      let batch = selection.nextBatch(most: Int(max(0, most)))
      if batch.isEmpty { break }
      report(
        .batch(
          done: known.table.rows.count, rows: batch.count, of: plan.workloads.count,
          expectedError: selection.expectedError))
      let begin = ContinuousClock.now
      stop = measure(batch, until: end, &known)
      secondsOfRow = (ContinuousClock.now - begin) / .seconds(1) / Double(batch.count)
      selection.learn(from: known.table)
    }
    var table = known.table
    if let error = selection.expectedError, !selection.leftOut.isEmpty {
      table.warnings.append(
        "\(selection.leftOut.count) of \(plan.workloads.count) rows of the profile were left out: they are predicted, "
          + "with an error of \(Int((error * 100).rounded())) % in the mean as far as is known.")
    }
    return Outcome(
      table: table, leftOut: selection.leftOut, expectedError: selection.expectedError, end: stop)
  }

  /// Measures a batch, beside rows that are done, some of which may need more samples.
  ///
  /// - Returns: The error that ended it early.
  private func measure(
    _ batch: [Workload], until end: ContinuousClock.Instant, _ known: inout KnownRows
  ) -> Campaign.Stop? {
    var part = plan
    part.workloads = known.measured + batch
    part.listens = known.batches == 0
    let before = Set(known.table.warnings)
    let campaign = Campaign(
      plan: part, backend: backend, store: store, racesElsewhere: racesElsewhere,
      shouldStop: { shouldStop() || ContinuousClock.now > end },
      report: { event in
        if case .warning(let text) = event, before.contains(text) { return }
        report(.campaign(event))
      })
    var stop: Campaign.Stop?
    do throws(Campaign.Stop) { _ = try campaign.run() } catch { stop = error }
    known.add(campaign.table)
    return stop
  }

  /// Seconds of a goal that has no end.
  private static let endless = 1e9
  /// Seconds that a row takes at least.
  private static let fewestSeconds = 1e-3
}

/// Rows of a plan that are done, in one table.
private struct KnownRows {
  private(set) var table: LatencyTable
  private(set) var batches = 0
  private let plan: Plan

  /// - Parameter table: Of the rows that the store has.
  init(_ table: LatencyTable, of plan: Plan) {
    self.table = table
    self.plan = plan
  }

  /// Rows that did not fail.
  var measured: [Workload] {
    table.rows.filter { $0.measurement != nil }.map(\.workload)
  }

  /// Takes the table of a batch and of the rows measured before; of one that ended early, the rows that it has.
  mutating func add(_ new: LatencyTable) {
    batches += 1
    let rows = Dictionary(
      (table.rows + new.rows).map { ($0.workload, $0) }, uniquingKeysWith: { $1 })
    let warnings = table.warnings
    let telemetry = table.telemetry
    table = new
    table.rows = plan.workloads.compactMap { rows[$0] }
    table.complete = table.rows.count == plan.workloads.count
    table.warnings = warnings.filter { !new.warnings.contains($0) } + new.warnings
    table.telemetry = new.telemetry ?? telemetry
  }
}
