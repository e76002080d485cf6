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

    public init(error: Double, seconds: Double = .infinity) {
      self.error = error
      self.seconds = seconds
    }
  }

  /// The table of the rows that were measured, and what is expected of the others.
  public struct Outcome: Sendable {
    public var table: LatencyTable
    /// In the order of the plan.
    public var leftOut: [RowSelection.LeftOut]
    /// The mean error expected of those, as a share, each by how much it matters; `nil` where nothing was measured.
    public var expectedError: Double?
    /// The reason why it ended early.
    public var end: Campaign.Stop?
  }

  /// What happens, beside the events of campaigns.
  public enum Event: Sendable {
    /// A batch begins: rows measured so far, rows in it, rows of the plan, and the error expected by now.
    case batch(measured: Int, rows: Int, of: Int, expectedError: Double?)
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

  /// Measures. A run that was stopped carries on from the store: the same rows are chosen again.
  ///
  /// - Throws: Only that the store cannot be read.
  public func run() throws(Campaign.Stop) -> Outcome {
    let start = ContinuousClock.now
    let end = start + .seconds(min(goal.seconds, Self.endless))
    var selection = RowSelection(
      plan.workloads, importance: importance, channelBlock: backend.traits.channelBlock)
    var rows: [Workload: Row] = [:]
    var stop: Campaign.Stop?
    // Races included; learned once rows are measured.
    var secondsOfRow =
      (plan.samplingSeconds + plan.raceSeconds) / Double(max(1, plan.workloads.count))
    while selection.expectedError.map({ $0 > goal.error }) ?? true, !shouldStop() {
      let left = (end - ContinuousClock.now) / .seconds(1)
      let batch = selection.nextBatch(most: Int(left / secondsOfRow))
      if batch.isEmpty { break }
      report(
        .batch(
          measured: rows.count, rows: batch.count, of: plan.workloads.count,
          expectedError: selection.expectedError))
      let begin = ContinuousClock.now
      let measured: [Row]
      (measured, stop) = measure(batch, isFirst: rows.isEmpty, until: end)
      for row in measured { rows[row.workload] = row }
      // A batch of which all was in the store says nothing of the next.
      secondsOfRow = max(
        (ContinuousClock.now - begin) / .seconds(1) / Double(batch.count), secondsOfRow / 4)
      selection.learn(from: try table(of: rows))
      if stop != nil { break }
    }
    var table = try table(of: rows)
    if let error = selection.expectedError, !selection.leftOut.isEmpty {
      table.warnings.append(
        "\(selection.leftOut.count) of \(plan.workloads.count) rows of the profile were left out: they are predicted, "
          + "with an error of \(Int((error * 100).rounded())) % in the mean as far as is known.")
    }
    return Outcome(
      table: table, leftOut: selection.leftOut, expectedError: selection.expectedError, end: stop)
  }

  /// Seconds of a goal that has no end.
  private static let endless = 1e9
}

extension AdaptiveCampaign {
  /// The rows of a batch that are done, failed ones too, and what ended it early.
  private func measure(
    _ batch: [Workload], isFirst: Bool, until end: ContinuousClock.Instant
  ) -> (rows: [Row], end: Campaign.Stop?) {
    var part = plan
    part.workloads = batch
    part.listens = isFirst
    let campaign = Campaign(
      plan: part, backend: backend, store: store, racesElsewhere: racesElsewhere,
      shouldStop: { shouldStop() || ContinuousClock.now > end }, report: { report(.campaign($0)) })
    do throws(Campaign.Stop) { return (try campaign.run().rows, nil) } catch {
      return (campaign.table.rows, error)
    }
  }

  /// The table of rows that are measured, or failed.
  private func table(of rows: [Workload: Row]) throws(Campaign.Stop) -> LatencyTable {
    var known = plan
    known.workloads = plan.workloads.filter { rows[$0] != nil }
    // All that is measured is in the store; failed rows would be tried again.
    let campaign = Campaign(plan: known, backend: backend, store: store, shouldStop: { true })
    var table = try campaign.run()
    table.rows = known.workloads.compactMap { rows[$0] }
    table.complete = known.workloads.count == plan.workloads.count
    return table
  }
}
