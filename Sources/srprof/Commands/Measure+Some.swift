internal import Execution
internal import Measurement
internal import Report
internal import Store
internal import Tables
internal import Workloads

/// `srprof measure --adaptive`.
extension Measure {
  /// Measures rows until the others are predicted well enough, and writes their table.
  func measureSome(
    of plan: Plan, _ importance: [Workload: Double], on backend: any Backend, _ store: Store,
    _ output: OutputFile, _ view: ProgressView, saveCache: () -> Void
  ) throws {
    let campaign = AdaptiveCampaign(
      plan: plan, goal: choice.goal, importance: importance, backend: backend, store: store,
      racesElsewhere: { LatencyTable.shippedRaces(akinTo: backend.device) },
      shouldStop: { Interruption.status != nil }, report: view.show)
    let outcome: AdaptiveCampaign.Outcome
    do throws(Campaign.Stop) { outcome = try campaign.run() } catch { throw CommandFailure(error) }
    saveCache()
    view.finish()
    let table = outcome.table
    guard !table.rows.isEmpty else {
      if let end = outcome.end { throw CommandFailure(end) }
      if let interruption = CommandFailure.campaignInterruption { throw interruption }
      throw CommandFailure(
        .usage, "no row is done in this time: give more --time, or fewer --row-seconds")
    }
    try output.write(table)
    if let end = outcome.end { throw CommandFailure(end) }
    if !output.isStandard, !quiet {
      try Terminal.output(
        RowListing(table.rows).text + LeftOutListing(outcome.leftOut).text)
    }
    let known = outcome.expectedError.map {
      ", with an error of \(Format.percent($0)) in the mean as far as is known"
    }
    view.print(
      "\(table.rows.count) of \(plan.workloads.count) rows done, \(outcome.leftOut.count) predicted"
        + "\(known ?? ""); table: \(output.name)"
    )
    if !table.complete, let interruption = CommandFailure.campaignInterruption {
      throw interruption
    }
    try requireAll(table, output)
  }
}
