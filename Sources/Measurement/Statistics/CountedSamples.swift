package import Store
package import Tables

/// Samples of a row or a network that was timed in visits: those that count, and whether they are enough.
package struct CountedSamples<Element> {
  /// Those taken at the campaign's speed; if these are too few, those of the speed that prevailed, or all.
  package let elements: [Element]
  /// Whether they were taken at the campaign's speed.
  package let atSpeed: Bool
  private let times: ChainTimes
  /// Times of all samples, those that do not count included.
  private let taken: ChainTimes
  /// Whether the device has been slow for so long that it will not come back by itself.
  private let hasSettledSlow: Bool

  /// - Parameters:
  ///   - sample: The sample in what is a sample and more.
  ///   - bound: The one thing that bounds what was timed; `nil` where that is several, or unknown.
  package init(
    _ all: [Element], _ sample: (Element) -> Sample, at speed: DeviceSpeed, boundBy bound: Bound?
  ) {
    (elements, atSpeed) = speed.counted(all, sample, boundBy: bound)
    times = ChainTimes(elements.map(sample))
    taken = ChainTimes(all.map(sample))
    hasSettledSlow = speed.hasSettledSlow(bound)
  }

  /// What they say about one dispatch; `nil` while they say nothing.
  package func estimate(quantile: Double, submission: Double, seed: UInt64) -> SlopeEstimate? {
    SlopeEstimate(times, quantile: quantile, submission: submission, seed: seed)
  }

  /// The shortest time of a dispatch in each visit, without the cost of its submission.
  package func shortestByVisit(submission: Double) -> [Double] {
    times.shortestByVisit(submission: submission)
  }

  /// Budgets that may be spent on samples at the campaign's speed, in place of those of a slow minute; a
  /// disturbed device would take for ever.
  private static var patience: Double { 1.5 }

  /// What a rule makes of them after `seconds` of timed submissions, where the figure's interval has this half
  /// width as a share, `nil` if there is none.
  package func verdict(
    by rule: StoppingRule, seconds: Double, relativeHalfWidth: Double?
  ) -> StoppingRule.Verdict {
    let verdict = rule.verdict(
      fewest: times.fewest, visits: times.visits, seconds: seconds,
      relativeHalfWidth: relativeHalfWidth)
    if seconds < Self.patience * rule.budgetSeconds, !hasSettledSlow {
      return atSpeed ? verdict : .more
    }
    guard verdict == .more else { return verdict }
    // Enough was taken, though little of it counts.
    return rule.verdict(
      fewest: taken.fewest, visits: taken.visits, seconds: seconds, relativeHalfWidth: nil)
  }
}
